"""Sign-in, sign-out and passwords: django-allauth's pages, as far as this service uses them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as allauth
from allauth.mfa.base.views import AuthenticateView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from alliance_tracker.accounts.allauth_internals import (
    Login,
    begin_authentication,
    clear_login,
    get_next_redirect_url,
    perform_passwordless_login,
    ratelimit,
)
from alliance_tracker.accounts.forms import ChangePasswordForm, NewPasswordForm, ResetForm, SignInForm
from alliance_tracker.accounts.second_factor_forms import (
    NOT_A_PASSKEY,
    PasskeySignInForm,
    PasskeyStepForm,
    SecondStepForm,
)
from alliance_tracker.forms import require_safe_or_post

View = Callable[..., HttpResponseBase]


def page(view: View) -> View:
    """Let a page of allauth's answer reading and sending only, and a refused form with 422."""

    @wraps(view)
    def shown(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        response = view(request, **kwargs)
        context = getattr(response, "context_data", None) or {}
        forms = [form for form in (context.get("form"), context.get("webauthn_form")) if form is not None]
        if response.status_code == 200 and any(form.errors for form in forms):
            response.status_code = 422
        return response

    return require_safe_or_post(shown)


sign_in_by_password = page(allauth.LoginView.as_view(form_class=SignInForm))
second_step = page(AuthenticateView.as_view(form_class=SecondStepForm, webauthn_form_class=PasskeyStepForm))
change_password = page(allauth.PasswordChangeView.as_view(form_class=ChangePasswordForm))
set_new_password = page(allauth.PasswordResetFromKeyView.as_view(form_class=NewPasswordForm))
new_password_set = page(allauth.password_reset_from_key_done)
reset_by_mail = page(allauth.PasswordResetView.as_view(form_class=ResetForm))
reset_mail_sent = page(allauth.password_reset_done)


@login_not_required
@require_safe_or_post
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Begin anew: a second step that was not taken is forgotten, so that its page can lead back to here."""
    if not request.user.is_authenticated:
        clear_login(request)
    return sign_in_by_password(request)


@login_not_required
@require_safe_or_post
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out, of a locked session too, and let the browser forget what it kept of it."""
    response = allauth.logout(request)
    if request.method == "POST":
        request.session.flush()
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@login_not_required
@require_safe_or_post
def sign_in_by_passkey(request: HttpRequest) -> HttpResponse:
    """Tell a script what to ask the browser for; sign in whoever the browser's answer belongs to."""
    if refused := ratelimit.consume_or_429(request, app="allauth.mfa", action="webauthn_login", limit_get=True):
        return refused
    if request.user.is_authenticated:
        return redirect("today")
    if request.method != "POST":
        return JsonResponse(begin_authentication())
    form = PasskeySignInForm(request.POST, user=None)
    if form.is_valid():
        authenticator = form.cleaned_data["credential"]
        login = Login(user=authenticator.user, redirect_url=get_next_redirect_url(request))
        return perform_passwordless_login(request, authenticator, login)
    messages.error(request, NOT_A_PASSKEY)
    return redirect("account_login")


@login_not_required
@require_safe
def sign_up(request: HttpRequest) -> HttpResponse:
    """Say that accounts are made by invitation only."""
    return TemplateResponse(request, "account/signup_closed.html")


@login_not_required
@require_safe_or_post
def reset_password(request: HttpRequest) -> HttpResponseBase:
    """Offer a reset link by e-mail; without a mail server, say that an admin makes one."""
    if settings.EMAIL_HOST:
        return reset_by_mail(request)
    return TemplateResponse(request, "account/password_reset_by_admin.html")
