"""What a clinician's page does with signals and strains: seen, not right, marked, changed, paused."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.forms import carried_out, posted, refused_page, require_safe_or_post
from clients.client_pages import client_form_page, editable_client, editable_session, looked_at
from clients.models import Episode, TherapySession
from ratings.models import Rupture, Signal
from ratings.models.signal import Outcome
from ratings.strains import actions
from ratings.strains.forms import MarkRuptureForm, PauseSignalsForm, RuptureStateForm

OUTCOMES = {
    Outcome.STRAIN: "Noted: there was a strain. It is counted, so that the rule can be judged.",
    Outcome.NONE: "Noted: there was none. It is counted, so that the rule can be judged.",
    "": "Taken back. Nothing is said of it.",
}


def carry_out(
    request: SignedInRequest, client_id: UUID, words: str, action: Callable[..., Any], *about: Any
) -> HttpResponse:
    """Carry out an action that needs nothing typed, and go back to the client's page."""
    try:
        action(*about, by=request.user)
    except ValidationError as refusal:
        return refused_page(request, refusal.messages)
    messages.success(request, words)
    return redirect("client", client_id)


def editable_signal(request: SignedInRequest, pk: UUID) -> Signal:
    signals = Signal.objects.editable_by(request.user).select_related("episode", "rupture__episode")
    return get_object_or_404(signals, pk=pk)


@require_POST
def see_signal(request: SignedInRequest, pk: UUID) -> HttpResponse:
    signal = editable_signal(request, pk)
    words = "Noted that you have seen it. It does not replace talking with the client."
    return carry_out(request, signal.episode.client_id, words, actions.see_signal, signal)


@require_POST
def reject_signal(request: SignedInRequest, pk: UUID) -> HttpResponse:
    signal = editable_signal(request, pk)
    words = "Noted as not right. It is counted, so that the rule can be judged."
    return carry_out(request, signal.episode.client_id, words, actions.reject_signal, signal)


@require_safe_or_post
def change_rupture(request: SignedInRequest, pk: UUID) -> HttpResponse:
    rupture = get_object_or_404(Rupture.objects.editable_by(request.user).select_related("episode__client"), pk=pk)
    client = looked_at(request, rupture.episode.client)
    form = RuptureStateForm(posted(request), rupture=rupture)
    if carried_out(form, actions.change_rupture, rupture=rupture, by=request.user):
        return redirect("client", client.pk)
    return client_form_page(request, "ratings/strains/change_rupture.html", form, client, rupture=rupture)


@require_POST
def say_outcome(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Say of a closed strain whether there was one, or take that back: one click each."""
    rupture = get_object_or_404(Rupture.objects.editable_by(request.user).select_related("episode"), pk=pk)
    outcome = request.POST.get("outcome")
    if outcome not in OUTCOMES:
        return HttpResponseBadRequest("Unknown outcome.")
    action = partial(actions.say_outcome, outcome=outcome)
    return carry_out(request, rupture.episode.client_id, OUTCOMES[outcome], action, rupture)


@require_safe_or_post
def mark_rupture(request: SignedInRequest, pk: UUID) -> HttpResponse:
    session: TherapySession = editable_session(request, pk)
    client = looked_at(request, session.episode.client)
    form = MarkRuptureForm(posted(request))
    if carried_out(form, actions.mark_rupture, session=session, by=request.user):
        return redirect("client", client.pk)
    return client_form_page(request, "ratings/strains/mark_rupture.html", form, client, session=session)


def newest_episode(request: SignedInRequest, pk: UUID) -> Episode:
    return get_object_or_404(Episode.objects.editable_by(request.user).latest_of_each_client(), client=pk)


@require_safe_or_post
def pause_signals(request: SignedInRequest, pk: UUID) -> HttpResponse:
    client = editable_client(request, pk)
    form = PauseSignalsForm(posted(request))
    if carried_out(form, actions.pause_signals, episode=newest_episode(request, pk), by=request.user):
        return redirect("client", pk)
    return client_form_page(request, "ratings/strains/pause_signals.html", form, client)


@require_POST
def resume_signals(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return carry_out(request, pk, "Signals show in lists again.", actions.resume_signals, newest_episode(request, pk))
