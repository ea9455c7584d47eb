"""What a page about a client starts with: fetch what this person may change, or answer 404, and record the look."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from alliance_tracker.forms import form_page
from clients.models import Client, Episode, TherapySession


def record_look(request: SignedInRequest, target: Client | TherapySession) -> None:
    """Record that this person saw a page about the client, or about one of the client's sessions."""
    client_id = target.pk if isinstance(target, Client) else target.episode.client_id
    record("client.viewed", by=request.user, target=target, client_id=client_id)


def looked_at(request: SignedInRequest, client: Client) -> Client:
    """Record a look at a client whom this person was let see; a form that is sent records what it does."""
    if request.method != "POST":
        record_look(request, client)
    return client


def editable_client(request: SignedInRequest, pk: UUID) -> Client:
    return looked_at(request, get_object_or_404(Client.objects.editable_by(request.user), pk=pk))


def editable_session(request: SignedInRequest, pk: UUID) -> TherapySession:
    sessions = TherapySession.objects.editable_by(request.user).numbered()
    return get_object_or_404(sessions.select_related("episode__client"), pk=pk, voided_at=None)


def open_episode(request: SignedInRequest, client: Client) -> Episode:
    return get_object_or_404(Episode.objects.editable_by(request.user).open(), client=client)


def client_form_page(
    request: SignedInRequest, template: str, form: Any, client: Client, **context: Any
) -> TemplateResponse:
    """Show a form about a client. The first look was recorded with the fetch; a refused form is one more."""
    if request.method == "POST":
        record_look(request, client)
    return form_page(request, template, form, client=client, **context)
