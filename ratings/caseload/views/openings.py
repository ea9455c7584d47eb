from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance_tracker.accounts.access import for_roles
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from ratings.caseload.openings import OpeningsPage


@for_roles("clinician")
@require_safe
def openings(request: SignedInRequest) -> HttpResponse:
    record("caseload.viewed", by=request.user)
    shown = OpeningsPage(request.user, request.GET.get("client", ""), request.GET.get("page"))
    context = {"shown": shown, "page": shown.page, "today": timezone.localdate(), "nav": "client_list"}
    return TemplateResponse(request, "ratings/caseload/openings.html", context)
