from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance_tracker.accounts.access import for_roles
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from ratings.elements import NOT_VALIDATED
from ratings.reports.mirror import Mirror


@for_roles("clinician")
@require_safe
def mirror(request: SignedInRequest) -> HttpResponse:
    """Show clinicians themselves. The address takes nobody else's name."""
    record("mirror.viewed", by=request.user)
    context = {"mirror": Mirror(request.user, timezone.now()), "not_validated": NOT_VALIDATED}
    return TemplateResponse(request, "ratings/reports/mirror.html", context)
