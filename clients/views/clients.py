from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from alliance_tracker.accounts.access import for_roles
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from alliance_tracker.forms import carried_out, form_page, posted, require_safe_or_post
from clients import actions
from clients.forms.clients import (
    ClientForm,
    FirstSessionForm,
    NewClientForm,
    PatternForm,
    SessionForm,
    initial_of_client,
    initial_of_pattern,
)
from clients.models import Client, Episode


def editable_client(request: SignedInRequest, pk: UUID) -> Client:
    return looked_at(request, get_object_or_404(Client.objects.editable_by(request.user), pk=pk))


def looked_at(request: SignedInRequest, client: Client) -> Client:
    """Record a look at a client whom this person was let see; a form that is sent records what it does."""
    if request.method != "POST":
        record("client.viewed", by=request.user, target=client, client_id=client.pk)
    return client


def client_form_page(
    request: SignedInRequest, template: str, form: Any, client: Client, **context: Any
) -> TemplateResponse:
    """Show a form about a client. The first look was recorded with the fetch; a refused form is one more."""
    if request.method == "POST":
        record("client.viewed", by=request.user, target=client, client_id=client.pk)
    return form_page(request, template, form, client=client, **context)


def open_episode(request: SignedInRequest, client: Client) -> Episode:
    return get_object_or_404(Episode.objects.editable_by(request.user).open(), client=client)


@for_roles("clinician")
@require_safe_or_post
def new_client(request: SignedInRequest) -> HttpResponse:
    form = NewClientForm(posted(request), initial={"day": timezone.localdate()})
    if done := carried_out(form, actions.create_client, clinician=request.user, by=request.user):
        return redirect("client", done.result.pk)
    return form_page(request, "clients/new_client.html", form)


@require_safe_or_post
def edit_client(request: SignedInRequest, pk: UUID) -> HttpResponse:
    client = editable_client(request, pk)
    form = ClientForm(posted(request), initial=initial_of_client(client))
    if carried_out(form, actions.update_client, client=client, by=request.user):
        return redirect("client", pk)
    return client_form_page(request, "clients/edit_client.html", form, client)


@require_safe_or_post
def edit_pattern(request: SignedInRequest, pk: UUID) -> HttpResponse:
    client = editable_client(request, pk)
    episode = open_episode(request, client)
    form = PatternForm(posted(request), initial=initial_of_pattern(episode))
    if carried_out(form, actions.set_pattern, episode=episode, by=request.user):
        messages.success(request, "Saved. Sessions still to come follow the new pattern.")
        return redirect("client", pk)
    return client_form_page(request, "clients/edit_pattern.html", form, client)


@require_safe_or_post
def new_episode(request: SignedInRequest, pk: UUID) -> HttpResponse:
    client = editable_client(request, pk)
    form = FirstSessionForm(posted(request), initial={"day": timezone.localdate()})
    if carried_out(form, actions.start_episode, client=client, clinician=request.user, by=request.user):
        return redirect("client", pk)
    return client_form_page(request, "clients/new_episode.html", form, client)


@require_safe_or_post
def new_session(request: SignedInRequest, pk: UUID) -> HttpResponse:
    client = editable_client(request, pk)
    episode = open_episode(request, client)
    form = SessionForm(posted(request), initial={"day": timezone.localdate(), "modality": episode.modality})
    if done := carried_out(form, actions.add_session, episode=episode, by=request.user):
        due = done.result.is_due(timezone.now())
        return redirect("rate", done.result.pk) if due else redirect("client", pk)
    return client_form_page(request, "clients/new_session.html", form, client)
