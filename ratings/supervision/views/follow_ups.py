"""Follow-ups of one client: add one, mark it done, take that back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alliance_tracker.accounts.models import User
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.forms import back, carried_out, posted, require_safe_or_post
from clients.actions import current_clinician
from clients.client_pages import client_form_page, looked_at
from clients.models import Episode
from ratings.models import FollowUp
from ratings.supervision import follow_ups
from ratings.supervision.forms import FollowUpForm


def follow_up_form(request: SignedInRequest, episode: Episode) -> FollowUpForm:
    clinician = current_clinician(episode)
    supervisors = list(User.objects.supervising(clinician, timezone.now()))
    # Several forms may stand in one list of clients, so each has ids of its own.
    ids = f"id_{episode.pk.hex[-8:]}_%s"
    return FollowUpForm(posted(request), auto_id=ids, clinician=clinician, supervisors=supervisors, user=request.user)


@require_safe_or_post
def new_follow_up(request: SignedInRequest, pk: UUID) -> HttpResponse:
    episodes = Episode.objects.responsible_for(request.user).latest_of_each_client().select_related("client")
    episode = get_object_or_404(episodes, client=pk)
    client = looked_at(request, episode.client)
    form = follow_up_form(request, episode)
    if carried_out(form, follow_ups.add_follow_up, episode=episode, by=request.user):
        messages.success(request, "The follow-up is on the list.")
        return redirect("client", client.pk)
    return client_form_page(request, "ratings/supervision/new_follow_up.html", form, client)


@require_POST
def finish_follow_up(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return mark_and_return(request, pk, follow_ups.finish_follow_up)


@require_POST
def reopen_follow_up(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return mark_and_return(request, pk, follow_ups.reopen_follow_up)


def mark_and_return(request: SignedInRequest, pk: UUID, action: Callable[..., Any]) -> HttpResponse:
    """Mark a follow-up and go back; where only its row is asked for, answer with that."""
    found = FollowUp.objects.responsible_for(request.user).with_people(timezone.now())
    action(get_object_or_404(found, pk=pk), by=request.user)
    if not request.htmx:
        return redirect(back(request))
    shown = {"item": get_object_or_404(found, pk=pk), "back": back(request)}
    return TemplateResponse(request, "ratings/caseload/parts/follow_up.html", shown)
