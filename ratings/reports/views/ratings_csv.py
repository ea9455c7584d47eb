from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance_tracker.accounts.access import recently_signed_in
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from clients.models import Client
from ratings.reports import exports


@require_safe
@recently_signed_in
def ratings_csv(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Send every rating of the client that this person may see, as one CSV file."""
    person = get_object_or_404(Client.objects.responsible_for(request.user), pk=pk)
    record("ratings.exported", by=request.user, target=person, client_id=pk)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="ratings.csv"'
    exports.write_ratings(response, person, request.user, timezone.now())
    return response
