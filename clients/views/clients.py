from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alliance_tracker.accounts.access import for_roles
from alliance_tracker.forms import carried_out, form_page, posted
from clients import actions
from clients.access import client_form_page, editable_client, open_episode
from clients.forms.clients import (
    ClientForm,
    FirstSessionForm,
    NewClientForm,
    PatternForm,
    SessionForm,
    initial_of_client,
    initial_of_pattern,
)

READ_AND_SEND = ["GET", "HEAD", "POST"]


@for_roles("clinician")
@require_http_methods(READ_AND_SEND)
def new_client(request: HttpRequest) -> HttpResponse:
    form = NewClientForm(posted(request), initial={"day": timezone.localdate()})
    if carried_out(form, actions.create_client, clinician=request.user, by=request.user):
        return redirect("client", form.result.pk)
    return form_page(request, "clients/new_client.html", form)


@require_http_methods(READ_AND_SEND)
def edit_client(request: HttpRequest, pk: UUID) -> HttpResponse:
    client = editable_client(request, pk)
    form = ClientForm(posted(request), initial=initial_of_client(client))
    if carried_out(form, actions.update_client, client=client, by=request.user):
        return redirect("client", pk)
    return client_form_page(request, "clients/edit_client.html", form, client)


@require_http_methods(READ_AND_SEND)
def edit_pattern(request: HttpRequest, pk: UUID) -> HttpResponse:
    client = editable_client(request, pk)
    episode = open_episode(request, client)
    form = PatternForm(posted(request), initial=initial_of_pattern(episode))
    if carried_out(form, actions.set_pattern, episode=episode, by=request.user):
        messages.success(request, "Saved. Sessions still to come follow the new pattern.")
        return redirect("client", pk)
    return client_form_page(request, "clients/edit_pattern.html", form, client)


@require_http_methods(READ_AND_SEND)
def new_episode(request: HttpRequest, pk: UUID) -> HttpResponse:
    client = editable_client(request, pk)
    form = FirstSessionForm(posted(request), initial={"day": timezone.localdate()})
    if carried_out(form, actions.start_episode, client=client, clinician=request.user, by=request.user):
        return redirect("client", pk)
    return client_form_page(request, "clients/new_episode.html", form, client)


@require_http_methods(READ_AND_SEND)
def new_session(request: HttpRequest, pk: UUID) -> HttpResponse:
    client = editable_client(request, pk)
    episode = open_episode(request, client)
    form = SessionForm(posted(request), initial={"day": timezone.localdate(), "modality": episode.modality})
    if carried_out(form, actions.add_session, episode=episode, by=request.user):
        due = form.result.is_due(timezone.now())
        return redirect("rate", form.result.pk) if due else redirect("client", pk)
    return client_form_page(request, "clients/new_session.html", form, client)
