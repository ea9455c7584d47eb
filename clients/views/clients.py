from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from alliance_tracker.accounts.access import for_roles
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.forms import carried_out, form_page, posted, require_safe_or_post
from clients import actions
from clients.client_pages import client_form_page, editable_client, open_episode
from clients.forms.clients import (
    ClientForm,
    FirstSessionForm,
    NewClientForm,
    PatternForm,
    SessionForm,
    initial_of_client,
    initial_of_pattern,
)


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
