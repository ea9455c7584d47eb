"""What is held about one client, in tables for the client to read.

What the staff may not see yet, the client's own answers that are still closed, is named with its day and left out: the
file that is made of this passes through their hands. People on the staff are named where the client knows them, as
clinicians; whoever else did something is named by role.
"""

import json
from collections.abc import Callable

from ratings.elements import ITEM_KEYS
from ratings.models import ClientLink, Rating, RatingVersion, Rupture, RuptureEvent, Signal
from ratings.privacy.client_copy.record_staff import (
    disagreements,
    emergency_access,
    follow_ups,
    holds,
    look_ups,
    reviews,
    supervision,
)
from ratings.privacy.client_copy.subject import Held, Row, moment, roles
from ratings.reports.exports import HEADER, lines


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
    "signals_seen_by_supervisors": reviews,
    "follow_ups": follow_ups,
    "supervision": supervision,
    "disagreements": disagreements,
    "emergency_access": emergency_access,
    "holds": holds,
    "look_ups": look_ups,
}
