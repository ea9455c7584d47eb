"""A person's own passkeys, code app and recovery codes."""

from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from alliance_tracker.accounts import second_factors
from alliance_tracker.accounts.access import recently_signed_in
from alliance_tracker.accounts.allauth_internals import RecoveryCodes, begin_registration, generate_totp_secret
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.accounts.second_factor_forms import CodeAppForm, PasskeyForm
from alliance_tracker.accounts.second_factors import factors_of
from alliance_tracker.accounts.views.buttons import told_when_refused
from alliance_tracker.encryption import decrypt, encrypt
from alliance_tracker.forms import carried_out, form_page, posted, require_safe_or_post
from alliance_tracker.qr import qr_code

SECRET = "code_app_secret"  # noqa: S105 - where it is kept


@require_safe
def second_factor(request: SignedInRequest) -> HttpResponse:
    context = {"factors": factors_of(request.user), "is_required": request.service.require_second_factor}
    return TemplateResponse(request, "accounts/second_factor.html", context)


def redirect_after_adding(request: SignedInRequest) -> HttpResponse:
    """Lead to new recovery codes if there are any, which are shown once."""
    codes = factors_of(request.user).recovery_codes
    return redirect("recovery_codes" if codes and not RecoveryCodes(codes).did_view else "second_factor")


@require_safe_or_post
@recently_signed_in
def add_passkey(request: SignedInRequest) -> HttpResponse:
    form = PasskeyForm(posted(request))
    if carried_out(form, second_factors.add_passkey, person=request.user):
        messages.success(request, "The passkey is added. You can sign in with it alone.")
        return redirect_after_adding(request)
    options = begin_registration(request.user, passwordless=True)
    return form_page(request, "accounts/add_passkey.html", form, options=options)


@require_safe_or_post
@recently_signed_in
def add_code_app(request: SignedInRequest) -> HttpResponse:
    """Show a secret for the app; it is kept, encrypted, until the app has shown that it has it."""
    if SECRET not in request.session:
        request.session[SECRET] = encrypt(generate_totp_secret())
    secret = decrypt(request.session[SECRET])
    form = CodeAppForm(posted(request), person=request.user, secret=secret)
    if carried_out(form, second_factors.add_code_app, person=request.user):
        del request.session[SECRET]
        messages.success(request, "The code app is added.")
        return redirect_after_adding(request)
    qr = qr_code(get_adapter().build_totp_url(request.user, secret))
    return form_page(request, "accounts/add_code_app.html", form, qr=qr, secret=secret)


@require_POST
@recently_signed_in
def remove_passkey(request: SignedInRequest, pk: int) -> HttpResponse:
    with told_when_refused(request):
        second_factors.remove_factor(request.user, pk=pk)
        messages.success(request, "The passkey is removed here. Remove it on your device too.")
    return redirect("second_factor")


@require_POST
@recently_signed_in
def remove_code_app(request: SignedInRequest) -> HttpResponse:
    with told_when_refused(request):
        second_factors.remove_factor(request.user, pk=None)
        messages.success(request, "The code app is removed. Delete its entry in the app too.")
    return redirect("second_factor")


@require_safe
@recently_signed_in
def recovery_codes(request: SignedInRequest) -> HttpResponse:
    codes = second_factors.show_recovery_codes(request.user) if request.method == "GET" else []
    return TemplateResponse(request, "accounts/recovery_codes.html", {"codes": codes})


@require_POST
@recently_signed_in
def renew_recovery_codes(request: SignedInRequest) -> HttpResponse:
    with told_when_refused(request):
        second_factors.renew_recovery_codes(request.user)
        return redirect("recovery_codes")
    return redirect("second_factor")
