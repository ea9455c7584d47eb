from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance_tracker.accounts.access import for_roles
from alliance_tracker.audit.actions import record
from clients import notices
from ratings import caseload
from ratings.caseload import Row
from ratings.elements import NOT_VALIDATED
from ratings.models import Rater
from ratings.supervision import HEAT_STEPS, attention, cells, coverage


@for_roles("supervisor")
@require_safe
def supervision(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    record("caseload.viewed", by=request.user)
    everyone = caseload.rows(caseload.supervised(request.user, now), now)
    urgent = attention(everyone, now)
    context = {
        "now": now,
        "today": timezone.localdate(now),
        "attention": urgent,
        "to_review": notices.to_review(request.user, now),
        "clients_calm": len(everyone) - len(urgent),
        "coverage": coverage(request.user, everyone, now),
        "clients": len(everyone),
        "waiting": sum(bool(row.unrated) for row in everyone),
        "not_validated": NOT_VALIDATED,
        **heat_table(request, everyone),
    }
    return TemplateResponse(request, "ratings/supervision.html", context)


def heat_table(request: HttpRequest, everyone: list[Row]) -> dict[str, Any]:
    """Return the rows and cells that the filters of the address leave."""
    rater = Rater.CLIENT if request.GET.get("rater") == Rater.CLIENT else Rater.CLINICIAN
    clinician, unrated = request.GET.get("clinician", ""), request.GET.get("unrated") == "1"
    shown = [
        row
        for row in everyone
        if (not clinician or str(row.clinician.pk) == clinician) and (not unrated or row.unrated)
    ]
    return {
        "heat": [(row, cells(row, rater)) for row in shown],
        "rater": rater,
        "clinician": clinician,
        "unrated": unrated,
        "steps": HEAT_STEPS,
    }
