"""The audit trail, as administrators read it."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance_tracker.accounts.access import for_roles
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from alliance_tracker.audit.seals import last_seal
from alliance_tracker.forms import form_page
from clients import notices, trail
from clients.forms.audit import TrailForm


@for_roles("admin")
@require_safe
def audit_trail(request: SignedInRequest) -> HttpResponse:
    record("audit_trail.viewed", by=request.user)
    form = TrailForm(request.GET)
    given = form.cleaned_data if form.is_valid() else None
    context = {
        "page": trail.page_of(trail.found(given["person"], given["kind"], given["day"]), given["before"])
        if given
        else None,
        "seal": last_seal(),
        "emergency": notices.counts(timezone.now()),
    }
    return form_page(request, "clients/audit_trail.html", form, **context)
