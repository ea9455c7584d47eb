"""The supervisor's page: coverage by clinician, who needs attention, clients by element."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance_tracker.accounts.access import for_roles
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from clients import notices
from ratings.elements import NOT_VALIDATED
from ratings.models import Rater
from ratings.supervision.coverage import coverage_by_clinician
from ratings.supervision.heat_table import FIRST_ROWS, HEAT_STEPS, heat_cells
from ratings.supervision.supervision_page import SupervisionPage


@for_roles("supervisor")
@require_safe
def supervision(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    record("caseload.viewed", by=request.user)
    page = SupervisionPage(request.user, now, request.GET)
    context = {
        "now": now,
        "today": timezone.localdate(now),
        "page": page,
        "attention": page.attention,
        "to_review": notices.to_review(request.user, now),
        "coverage": coverage_by_clinician(page),
        "clients": len(page.rows),
        "waiting": sum(bool(row.unrated) for row in page.rows),
        "not_validated": NOT_VALIDATED,
        **heat_table(request, page),
    }
    return TemplateResponse(request, "ratings/supervision/supervision.html", context)


def heat_table(request: SignedInRequest, page: SupervisionPage) -> dict[str, Any]:
    """Return the rows and cells that the filters of the address leave."""
    rater = Rater.CLIENT if request.GET.get("rater") == Rater.CLIENT else Rater.CLINICIAN
    unrated = request.GET.get("unrated") == "1"
    shown = [row for row in page.rows if page.filters.keep_row(row) and (not unrated or row.unrated)]
    listed = shown if request.GET.get("all") == "1" else shown[:FIRST_ROWS]
    return {
        "heat": [(row, heat_cells(row, rater)) for row in listed],
        "matching": len(shown),
        "rater": rater,
        "unrated": unrated,
        "steps": HEAT_STEPS,
    }
