"""Show again who you are, and go on from where that was asked."""

from allauth.account.utils import get_next_redirect_url
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from alliance_tracker.accounts.parked import parked
from alliance_tracker.accounts.second_factor_forms import ConfirmForm
from alliance_tracker.accounts.second_factors import factors_of
from alliance_tracker.audit.actions import record
from alliance_tracker.forms import form_page, posted


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead back to the page that asked, and only where a form asked, to that form: nobody else's may slip in."""
    form = ConfirmForm(posted(request), request=request)
    back = get_next_redirect_url(request)
    if form.is_valid():
        request.session.confirm(timezone.now())
        record("user.sign_in_confirmed", by=request.user, target=request.user)
        return redirect(back or ("resume" if parked(request, timezone.now()) else "today"))
    factors = factors_of(request.user)
    options = begin_authentication(request.user) if factors.passkeys else None
    return form_page(request, "accounts/confirm_sign_in.html", form, factors=factors, options=options, back=back)


@require_safe
def resume(request: HttpRequest) -> HttpResponse:
    """Send again what met a locked session. A script does it at once, else there is a button."""
    waiting = parked(request, timezone.now())
    if waiting is None:
        return redirect("today")
    return TemplateResponse(request, "accounts/resume.html", {"waiting": waiting})
