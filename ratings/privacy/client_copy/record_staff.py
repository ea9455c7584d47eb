"""What is held about one client because of what the staff did: supervision, emergency access, holds, look-ups.

Whoever did it is named by role. Why a record was opened in an emergency, or put on hold, may be about others: that it
was is here, the reason is not.
"""

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.models import AuditEvent
from ratings.models import AgendaItem, FollowUp, SignalReview
from ratings.privacy.client_copy.subject import THE_CLIENT_OR_NOBODY, Held, Row, moment, roles

PURPOSES = {
    "viewed": "To read it, for therapy, supervision or its administration",
    "exported": "To make a file of it",
    "copied": "To make this file for the client",
    "previewed": "To see what an erasure would take",
}
TO_KEEP_IT = "To keep the record"
IN_AN_EMERGENCY = "Emergency access: to read it without being responsible for the client, for a reason that was noted"


def reviews(held: Held) -> list[Row]:
    """Return which signals a supervisor has seen."""
    seen = SignalReview.objects.filter(signal__episode__in=held.episodes).select_related("signal", "by")
    return [
        {
            "therapy": held.therapy[review.signal.episode_id],
            "date": held.day[review.signal.session_id],
            "signal": review.signal.rule,
            "seen": moment(review.at),
            "by": roles(review.by),
        }
        for review in seen.order_by("at", "pk")
    ]


def follow_ups(held: Held) -> list[Row]:
    """Return what someone was to do for the client; without an owner it is the clinician's."""
    found = FollowUp.objects.filter(episode__in=held.episodes).select_related("owner", "made_by", "done_by")
    return [
        {
            "therapy": held.therapy[follow_up.episode_id],
            "what": follow_up.what,
            "for": roles(follow_up.owner) if follow_up.owner else "Clinician",
            "due": follow_up.due_on,
            "added": moment(follow_up.made_at),
            "added_by": roles(follow_up.made_by),
            "done": moment(follow_up.done_at),
            "done_by": roles(follow_up.done_by) if follow_up.done_by else None,
        }
        for follow_up in found.order_by("made_at", "pk")
    ]


def supervision(held: Held) -> list[Row]:
    """Return where the client was a case of a meeting: why, what was decided, the action and the minutes."""
    items = AgendaItem.objects.filter(episode__in=held.episodes).select_related("meeting__supervisor", "action")
    return [
        {
            "therapy": held.therapy[item.episode_id],
            "meeting": item.meeting.held_on,
            "of": roles(item.meeting.supervisor),
            "proposed_because": item.reason,
            "left_out": "yes" if item.dropped else "no",
            "decided": moment(item.decided_at),
            "decision": item.decided,
            "action": item.action.what if item.action else None,
            "minutes": item.minutes,
        }
        for item in items.order_by("meeting__held_on", "pk")
    ]


def emergency_access(held: Held) -> list[Row]:
    """Return who read the record by emergency access, and whether a supervisor found it justified."""
    opened = held.client.emergency_accesses.select_related("user", "reviewed_by").order_by("opened_at", "pk")
    return [
        {
            "from": moment(access.opened_at),
            "to": moment(access.expires_at),
            "by": roles(access.user),
            "reviewed": moment(access.reviewed_at),
            "reviewed_by": roles(access.reviewed_by) if access.reviewed_by else None,
            "found": access.get_verdict_display(),
        }
        for access in opened
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


def purpose(action: str) -> str:
    if action == "emergency_access.opened":
        return IN_AN_EMERGENCY
    return PURPOSES.get(action.rpartition(".")[2], TO_KEEP_IT)


def look_ups(held: Held) -> list[Row]:
    """Return who looked at the record or changed it, by role, when and what for."""
    events = list(AuditEvent.objects.of_client(held.client.pk).reverse())
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
