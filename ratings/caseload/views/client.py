from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from clients import notices
from clients.models import Client
from ratings.caseload.client_page.page import ClientPage
from ratings.saving.saved_message import saved_message
from ratings.standing.refresh import refresh_if_due


@require_safe
def client(request: SignedInRequest, pk: UUID) -> HttpResponse:
    person = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
    now = timezone.now()
    page = ClientPage(person, request.user, now, request.GET)
    why = "" if page.is_responsible else "Emergency access"
    record("client.viewed", by=request.user, target=person, client_id=pk, reason=why)
    refresh_if_due(page.episode, now)
    saved = saved_message(request.user, request.GET.get("saved", ""), now)
    emergency = notices.of_client(person, request.user, now, responsible=page.is_responsible)
    context = {"page": page, "client": person, "saved": saved, "now": now, "emergency": emergency}
    return TemplateResponse(request, "ratings/caseload/client.html", context)
