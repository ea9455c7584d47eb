"""The tables of the copy for a client about what staff did: supervision, emergency access, holds, look-ups.

Each person stands with a role. That a record was opened in an emergency or put on hold is here; the reason is not, as
it may be about other people.
"""

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.models import AuditEvent
from ratings.models import AgendaItem, FollowUp, SignalReview
from ratings.privacy.client_copy.copied_client import THE_CLIENT_OR_NOBODY, CopiedClient, CopyRow, moment, roles

PURPOSES = {
    "viewed": "To read it, for therapy, supervision or its administration",
    "exported": "To make a file of it",
    "copied": "To make this file for the client",
    "previewed": "To see what an erasure would take",
}
TO_KEEP_IT = "To keep the record"
IN_AN_EMERGENCY = "Emergency access: to read it without being responsible for the client, for a reason that was noted"


def reviews(copied: CopiedClient) -> list[CopyRow]:
    """Return which signals a supervisor has seen."""
    seen = SignalReview.objects.filter(signal__episode__in=copied.episodes).select_related("signal", "by")
    return [
        {
            "therapy": copied.therapy[review.signal.episode_id],
            "date": copied.day[review.signal.session_id],
            "signal": review.signal.rule,
            "seen": moment(review.at),
            "by": roles(review.by),
        }
        for review in seen.order_by("at", "pk")
    ]


def follow_ups(copied: CopiedClient) -> list[CopyRow]:
    """Return what someone was to do for the client. Without an owner, it was for the clinician."""
    found = FollowUp.objects.filter(episode__in=copied.episodes).select_related("owner", "made_by", "done_by")
    return [
        {
            "therapy": copied.therapy[follow_up.episode_id],
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


def supervision(copied: CopiedClient) -> list[CopyRow]:
    """Return the meetings that the client was a case of: why, what was decided, the action and the minutes."""
    items = AgendaItem.objects.filter(episode__in=copied.episodes).select_related("meeting__supervisor", "action")
    return [
        {
            "therapy": copied.therapy[item.episode_id],
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


def emergency_access(copied: CopiedClient) -> list[CopyRow]:
    """Return who read the record by emergency access, and whether a supervisor found it justified."""
    opened = copied.client.emergency_accesses.select_related("user", "reviewed_by").order_by("opened_at", "pk")
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


def disagreements(copied: CopiedClient) -> list[CopyRow]:
    noted = copied.client.rectifications.order_by("added_at", "pk")
    return [{"added": moment(each.added_at), "text": each.text} for each in noted]


def holds(copied: CopiedClient) -> list[CopyRow]:
    """Return when the record was on hold. The reason is left out, as it may be about other people."""
    return [
        {"from": moment(each.held_at), "until": each.until, "lifted": moment(each.lifted_at)}
        for each in copied.client.legal_holds.order_by("held_at", "pk")
    ]


def purpose(action: str) -> str:
    if action == "emergency_access.opened":
        return IN_AN_EMERGENCY
    return PURPOSES.get(action.rpartition(".")[2], TO_KEEP_IT)


def look_ups(copied: CopiedClient) -> list[CopyRow]:
    """Return who looked at the record or changed it, by role, when and what for."""
    events = list(AuditEvent.objects.of_client(copied.client.pk).reverse())
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
