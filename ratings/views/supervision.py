from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance_tracker.accounts.access import for_roles
from alliance_tracker.audit.actions import record
from ratings import caseload
from ratings.elements import NOT_VALIDATED
from ratings.models import Rater
from ratings.supervision import HEAT_STEPS, cells, coverage


@for_roles("supervisor")
@require_safe
def supervision(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    record("caseload.viewed", by=request.user)
    everyone = caseload.rows(caseload.supervised(request.user, now), now)
    rater = Rater.CLIENT if request.GET.get("rater") == Rater.CLIENT else Rater.CLINICIAN
    clinician, unrated = request.GET.get("clinician", ""), request.GET.get("unrated") == "1"
    shown = [
        row
        for row in everyone
        if (not clinician or str(row.clinician.pk) == clinician) and (not unrated or row.unrated)
    ]
    context = {
        "now": now,
        "coverage": coverage(request.user, everyone, now),
        "clients": len(everyone),
        "heat": [(row, cells(row, rater)) for row in shown],
        "rater": rater,
        "clinician": clinician,
        "unrated": unrated,
        "steps": HEAT_STEPS,
        "not_validated": NOT_VALIDATED,
        "waiting": sum(bool(row.unrated) for row in everyone),
    }
    return TemplateResponse(request, "ratings/supervision.html", context)
