"""What is held about one client, in tables for the client to read.

What the staff may not see yet, the client's own answers that are still closed, is named with its day and left out: the
file that is made of this passes through their hands. People on the staff are named where the client knows them, as
clinicians; whoever looked at the record is named by role.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.models import AuditEvent
from clients.models import Client, Episode, TherapySession
from ratings.elements import ITEM_KEYS
from ratings.exports import HEADER, lines
from ratings.models import ClientLink, Rating, RatingVersion, Rupture, RuptureEvent, Signal

PURPOSES = {
    "viewed": "To read it, for therapy, supervision or its administration",
    "exported": "To make a file of it",
    "copied": "To make this file for the client",
}
TO_KEEP_IT = "To keep the record"
THE_CLIENT_OR_NOBODY = "The client, or the service by itself"
Row = dict[str, Any]


def moment(at: datetime | None) -> str | None:
    return timezone.localtime(at).isoformat(timespec="minutes") if at else None


@dataclass(frozen=True)
class Held:
    """What is held about a client, as the person who makes the file may see it now."""

    client: Client
    user: User
    now: datetime

    @cached_property
    def episodes(self) -> list[Episode]:
        return list(self.client.episodes.order_by("started_on", "pk"))

    @cached_property
    def sessions(self) -> QuerySet[TherapySession]:
        return TherapySession.objects.filter(episode__client=self.client).order_by("starts_at", "pk")

    @property
    def ratings(self) -> QuerySet[Rating]:
        """The ratings that have opened."""
        return Rating.objects.opened(self.now).filter(session__in=self.sessions)

    @cached_property
    def therapy(self) -> dict[Any, int]:
        """The number of each therapy by its id."""
        return {episode.pk: number for number, episode in enumerate(self.episodes, start=1)}

    @cached_property
    def day(self) -> dict[Any, date]:
        """The day of each session by its id."""
        return {session.pk: session.day for session in self.sessions}


def the_client(held: Held) -> list[Row]:
    client = held.client
    stopped = moment(client.invitations_stopped_at)
    about = {"code": client.code, "name": client.name, "email": client.email, "added": moment(client.created_at)}
    return [about | {"key_in_another_system": client.external_key, "stopped_invitations": stopped}]


def therapies(held: Held) -> list[Row]:
    return [
        {
            "therapy": held.therapy[episode.pk],
            "began": episode.started_on,
            "ended": episode.ended_on,
            "ending": episode.get_ending_display(),
            "weekly_on": episode.get_weekday_display(),
            "weekly_at": episode.weekly_at,
            "in": episode.get_modality_display(),
            "asked_every": episode.ask_every,
        }
        for episode in held.episodes
    ]


def clinicians(held: Held) -> list[Row]:
    return [
        {
            "therapy": held.therapy[each.episode_id],
            "clinician": each.clinician.name,
            "from": moment(each.starts_at),
            "to": moment(each.ends_at),
        }
        for episode in held.episodes
        for each in episode.assignments.select_related("clinician").order_by("starts_at", "pk")
    ]


def sessions(held: Held) -> list[Row]:
    return [
        {
            "therapy": held.therapy[session.episode_id],
            "starts_at": moment(session.starts_at),
            "clinician": session.clinician.name,
            "attendance": session.get_attendance_display(),
            "in": session.get_modality_display(),
            "not_rated": session.get_not_rated_reason_display(),
            "taken_out": moment(session.voided_at),
            "taken_out_because": session.voided_reason,
        }
        for session in held.sessions.select_related("clinician")
    ]


def ratings(held: Held) -> list[Row]:
    return [dict(zip(HEADER, line, strict=True)) for line in lines(held.client, held.user, held.now)]


def saved_states(held: Held) -> list[Row]:
    """Return each rating as it was saved, each time."""
    states = RatingVersion.objects.filter(rating__in=held.ratings).select_related("rating")
    return [
        {
            "date": held.day[state.rating.session_id],
            "rater": state.rating.rater,
            "version": state.version,
            "saved_at": moment(state.saved_at),
            "changed_because": state.reason,
            **{key: getattr(state, key) for key in ITEM_KEYS},
            "strain": state.strain,
            "talked_about": state.strain_discussed,
            "discussed": state.discussed,
            "note": state.note,
        }
        for state in states.order_by("rating__session__starts_at", "rating_id", "version")
    ]


def not_yet_open(held: Held) -> list[Row]:
    """Return the client's own answers that the staff may not see yet, without anything of them."""
    closed = Rating.objects.hidden(held.now).filter(session__in=held.sessions).order_by("opens_at", "pk")
    return [{"date": held.day[each.session_id], "opens_at_the_latest": moment(each.opens_at)} for each in closed]


def questions(held: Held) -> list[Row]:
    moments = ("created_at", "expires_at", "mailed_at", "reminded_at", "used_at", "declined_at", "withdrawn_at")
    links = ClientLink.objects.filter(session__in=held.sessions).order_by("created_at", "pk")
    return [
        {"date": held.day[link.session_id], "by": link.get_kind_display()}
        | {name.removesuffix("_at"): moment(getattr(link, name)) for name in moments}
        for link in links
    ]


def signals(held: Held) -> list[Row]:
    return [
        {
            "therapy": held.therapy[signal.episode_id],
            "date": held.day[signal.session_id],
            "signal": signal.rule,
            "finding": signal.finding["sentence"],
            "numbers": json.dumps(signal.finding, default=str, sort_keys=True),
            "opened": moment(signal.opened_at),
            "seen": moment(signal.seen_at),
            "said_not_to_be_right": moment(signal.not_right_at),
            "closed": moment(signal.closed_at),
            "withdrawn": moment(signal.withdrawn_at),
            "withdrawn_because": signal.withdrawn_because,
        }
        for signal in Signal.objects.filter(episode__in=held.episodes).order_by("opened_at", "pk")
    ]


def strains(held: Held) -> list[Row]:
    return [
        {
            "therapy": held.therapy[rupture.episode_id],
            "date": held.day[rupture.session_id],
            "seen_in": rupture.form,
            "kind": rupture.get_kind_display(),
            "state": rupture.get_state_display(),
            "opened": moment(rupture.opened_at),
            "closed": moment(rupture.closed_at),
        }
        for rupture in Rupture.objects.filter(episode__in=held.episodes).order_by("opened_at", "pk")
    ]


def words_about_strains(held: Held) -> list[Row]:
    events = RuptureEvent.objects.filter(rupture__episode__in=held.episodes).select_related("rupture", "by")
    return [
        {
            "date_of_strain": held.day[event.rupture.session_id],
            "at": moment(event.at),
            "by": roles(event.by),
            "state": event.get_state_display(),
            "note": event.note,
        }
        for event in events.order_by("at", "pk")
    ]


def pauses(held: Held) -> list[Row]:
    return [
        {
            "therapy": held.therapy[episode.pk],
            "from": moment(pause.paused_at),
            "to": moment(pause.resumed_at),
            "reason": pause.reason,
        }
        for episode in held.episodes
        for pause in episode.pauses.order_by("paused_at", "pk")
    ]


def disagreements(held: Held) -> list[Row]:
    noted = held.client.rectifications.order_by("added_at", "pk")
    return [{"added": moment(each.added_at), "text": each.text} for each in noted]


def holds(held: Held) -> list[Row]:
    """Return that the record was held, without the reason: it is the service's, and may be about others."""
    return [
        {"from": moment(each.held_at), "until": each.until, "lifted": moment(each.lifted_at)}
        for each in held.client.legal_holds.order_by("held_at", "pk")
    ]


def roles(person: User | None) -> str:
    return ", ".join(person.role_names) or "Staff" if person else THE_CLIENT_OR_NOBODY


def purpose(action: str) -> str:
    return PURPOSES.get(action.rpartition(".")[2], TO_KEEP_IT)


def look_ups(held: Held) -> list[Row]:
    """Return who looked at the record or changed it, by role, when and what for."""
    events = list(AuditEvent.objects.filter(client_id=held.client.pk).order_by("at", "pk"))
    people = User.objects.in_bulk({event.actor_id for event in events if event.actor_id})
    return [
        {
            "at": moment(event.at),
            "by": roles(people[event.actor_id]) if event.actor_id in people else THE_CLIENT_OR_NOBODY,
            "what": event.action.replace(".", " ").replace("_", " "),
            "purpose": purpose(event.action),
        }
        for event in events
    ]


SECTIONS: dict[str, Callable[[Held], list[Row]]] = {
    "client": the_client,
    "therapies": therapies,
    "clinicians": clinicians,
    "sessions": sessions,
    "ratings": ratings,
    "ratings_as_saved": saved_states,
    "answers_not_yet_open": not_yet_open,
    "questions": questions,
    "signals": signals,
    "strains": strains,
    "words_about_strains": words_about_strains,
    "paused_signals": pauses,
    "disagreements": disagreements,
    "holds": holds,
    "look_ups": look_ups,
}
