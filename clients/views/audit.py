"""The audit trail: for admins all of it, for clinicians who looked at their clients."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance_tracker.accounts.access import for_roles
from alliance_tracker.audit.actions import record
from alliance_tracker.audit.seals import last_seal
from alliance_tracker.forms import form_page
from clients import notices, trail
from clients.forms.audit import LooksForm, TrailForm


@for_roles("admin")
@require_safe
def audit_trail(request: HttpRequest) -> HttpResponse:
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


@for_roles("clinician")
@require_safe
def client_looks(request: HttpRequest) -> HttpResponse:
    """Show a clinician who else looked at the records of their clients."""
    record("caseload.viewed", by=request.user)
    form = LooksForm(request.GET)
    before = form.cleaned_data["before"] if form.is_valid() else None
    page = trail.page_of(trail.looks_of_others(request.user), before)
    return TemplateResponse(request, "clients/client_looks.html", {"page": page, "nav": "client_list"})
