"""Show again who you are, and go on from where that was asked."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from alliance_tracker.accounts.allauth_internals import begin_authentication, get_next_redirect_url
from alliance_tracker.accounts.parked import parked
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.accounts.second_factor_forms import ConfirmForm
from alliance_tracker.accounts.second_factors import factors_of
from alliance_tracker.audit.actions import record
from alliance_tracker.forms import form_page, posted, require_safe_or_post


@sensitive_post_parameters()
@require_safe_or_post
def confirm_sign_in(request: SignedInRequest) -> HttpResponse:
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
def resume(request: SignedInRequest) -> HttpResponse:
    """Send again what met a locked session. A script does it at once, else there is a button."""
    waiting = parked(request, timezone.now())
    if waiting is None:
        return redirect("today")
    return TemplateResponse(request, "accounts/resume.html", {"waiting": waiting})
