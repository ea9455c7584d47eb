from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance_tracker.accounts.access import recently_signed_in
from alliance_tracker.audit.actions import record
from clients import notices
from clients.models import Client
from ratings import exports
from ratings.client_page import ClientPage
from ratings.saved import just_saved
from ratings.standing import absorb_opened


@require_safe
def client(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
    now = timezone.now()
    page = ClientPage(person, request.user, now, request.GET)
    why = "" if page.is_responsible else "Emergency access"
    record("client.viewed", by=request.user, target=person, client_id=pk, reason=why)
    absorb_opened(page.episode, now)
    saved = just_saved(request.user, request.GET.get("saved", ""), now)
    emergency = notices.of_client(person, request.user, now, responsible=page.is_responsible)
    context = {"page": page, "client": person, "saved": saved, "now": now, "emergency": emergency}
    return TemplateResponse(request, "ratings/client.html", context)


@require_safe
@recently_signed_in
def ratings_csv(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send every rating of the client that this person may see, as one CSV file."""
    person = get_object_or_404(Client.objects.responsible_for(request.user), pk=pk)
    record("ratings.exported", by=request.user, target=person, client_id=pk)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="ratings.csv"'
    exports.write_ratings(response, person, request.user, timezone.now())
    return response
