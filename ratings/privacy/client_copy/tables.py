"""The tables of the copy for a client, and what each says of the therapies, the sessions, the ratings and the strains.

The client's own answers that have not opened yet are left out, and only their day is named: the file passes through
the hands of staff, who may not see them. Clinicians stand with their names, as the client knows them; everyone else
stands with a role. What staff did beside therapy is in `staff_tables.py`.
"""

import json
from collections.abc import Callable

from ratings.elements import ITEM_KEYS
from ratings.models import ClientLink, Rating, RatingVersion, Rupture, RuptureEvent, Signal
from ratings.privacy.client_copy.copied_client import CopiedClient, CopyRow, moment, roles
from ratings.privacy.client_copy.staff_tables import (
    disagreements,
    emergency_access,
    follow_ups,
    holds,
    look_ups,
    reviews,
    supervision,
)
from ratings.reports.exports import HEADER, lines


def the_client(copied: CopiedClient) -> list[CopyRow]:
    client = copied.client
    stopped = moment(client.invitations_stopped_at)
    about = {"code": client.code, "name": client.name, "email": client.email, "added": moment(client.created_at)}
    return [about | {"key_in_another_system": client.external_key, "stopped_invitations": stopped}]


def therapies(copied: CopiedClient) -> list[CopyRow]:
    return [
        {
            "therapy": copied.therapy[episode.pk],
            "began": episode.started_on,
            "ended": episode.ended_on,
            "ending": episode.get_ending_display(),
            "weekly_on": episode.get_weekday_display(),
            "weekly_at": episode.weekly_at,
            "in": episode.get_modality_display(),
            "asked_every": episode.ask_every,
        }
        for episode in copied.episodes
    ]


def clinicians(copied: CopiedClient) -> list[CopyRow]:
    return [
        {
            "therapy": copied.therapy[each.episode_id],
            "clinician": each.clinician.name,
            "from": moment(each.starts_at),
            "to": moment(each.ends_at),
        }
        for episode in copied.episodes
        for each in episode.assignments.select_related("clinician").order_by("starts_at", "pk")
    ]


def sessions(copied: CopiedClient) -> list[CopyRow]:
    return [
        {
            "therapy": copied.therapy[session.episode_id],
            "starts_at": moment(session.starts_at),
            "clinician": session.clinician.name,
            "attendance": session.get_attendance_display(),
            "in": session.get_modality_display(),
            "not_rated": session.get_not_rated_reason_display(),
            "taken_out": moment(session.voided_at),
            "taken_out_because": session.voided_reason,
        }
        for session in copied.sessions.select_related("clinician")
    ]


def ratings(copied: CopiedClient) -> list[CopyRow]:
    return [dict(zip(HEADER, line, strict=True)) for line in lines(copied.client, copied.user, copied.now)]


def saved_states(copied: CopiedClient) -> list[CopyRow]:
    """Return each rating as it was saved, each time."""
    states = RatingVersion.objects.filter(rating__in=copied.ratings).select_related("rating")
    return [
        {
            "date": copied.day[state.rating.session_id],
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


def not_yet_open(copied: CopiedClient) -> list[CopyRow]:
    """Return the client's own answers that the staff may not see yet, without anything of them."""
    closed = Rating.objects.hidden(copied.now).filter(session__in=copied.sessions).order_by("opens_at", "pk")
    return [{"date": copied.day[each.session_id], "opens_at_the_latest": moment(each.opens_at)} for each in closed]


def questions(copied: CopiedClient) -> list[CopyRow]:
    moments = ("created_at", "expires_at", "mailed_at", "reminded_at", "used_at", "declined_at", "withdrawn_at")
    links = ClientLink.objects.filter(session__in=copied.sessions).order_by("created_at", "pk")
    return [
        {"date": copied.day[link.session_id], "by": link.get_kind_display()}
        | {name.removesuffix("_at"): moment(getattr(link, name)) for name in moments}
        for link in links
    ]


def signals(copied: CopiedClient) -> list[CopyRow]:
    return [
        {
            "therapy": copied.therapy[signal.episode_id],
            "date": copied.day[signal.session_id],
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
        for signal in Signal.objects.filter(episode__in=copied.episodes).order_by("opened_at", "pk")
    ]


def strains(copied: CopiedClient) -> list[CopyRow]:
    return [
        {
            "therapy": copied.therapy[rupture.episode_id],
            "date": copied.day[rupture.session_id],
            "seen_in": rupture.form,
            "kind": rupture.get_kind_display(),
            "state": rupture.get_state_display(),
            "opened": moment(rupture.opened_at),
            "closed": moment(rupture.closed_at),
            "said_afterwards": rupture.get_outcome_display(),
            "said_by": roles(rupture.outcome_by) if rupture.outcome else "",
            "said_at": moment(rupture.outcome_at),
        }
        for rupture in Rupture.objects.filter(episode__in=copied.episodes)
        .select_related("outcome_by")
        .order_by("opened_at", "pk")
    ]


def words_about_strains(copied: CopiedClient) -> list[CopyRow]:
    events = RuptureEvent.objects.filter(rupture__episode__in=copied.episodes).select_related("rupture", "by")
    return [
        {
            "date_of_strain": copied.day[event.rupture.session_id],
            "at": moment(event.at),
            "by": roles(event.by),
            "state": event.get_state_display(),
            "note": event.note,
        }
        for event in events.order_by("at", "pk")
    ]


def pauses(copied: CopiedClient) -> list[CopyRow]:
    return [
        {
            "therapy": copied.therapy[episode.pk],
            "from": moment(pause.paused_at),
            "to": moment(pause.resumed_at),
            "reason": pause.reason,
        }
        for episode in copied.episodes
        for pause in episode.pauses.order_by("paused_at", "pk")
    ]


TABLES: dict[str, Callable[[CopiedClient], list[CopyRow]]] = {
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
    "signals_seen_by_supervisors": reviews,
    "follow_ups": follow_ups,
    "supervision": supervision,
    "disagreements": disagreements,
    "emergency_access": emergency_access,
    "holds": holds,
    "look_ups": look_ups,
}
