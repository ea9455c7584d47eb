"""What a supervisor does with a meeting: prepare it, choose its cases, record what is decided, close it.

Each action is one transaction with its audit event. A meeting belongs to its supervisor, and a case is a client whom
they review.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.actions import record
from clients.actions import lock_episode
from clients.models import Episode
from ratings.analysis.proposed_cases import CASES, propose
from ratings.models import AgendaItem, FollowUp, Meeting
from ratings.supervision.candidates import candidates
from ratings.supervision.follow_ups import FURTHEST_DUE, add_follow_up, change_follow_up

BY_HAND = "Added by hand."


def lock_meeting(meeting: Meeting) -> Meeting:
    """Lock a meeting, and refuse one that is closed."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not meeting.is_open:
        raise ValidationError("This meeting is closed, so it stays as it is.")
    return meeting


@transaction.atomic
def prepare_meeting(*, held_on: date, by: User) -> Meeting:
    """Make a meeting with up to five proposed cases."""
    today = timezone.localdate()
    if not today <= held_on <= today + FURTHEST_DUE:
        raise ValidationError({"held_on": "Choose a day from today on, within a year."})
    meeting = Meeting.objects.create(supervisor=by, held_on=held_on)
    add_proposed_cases(meeting)
    record("meeting.prepared", by=by, target=meeting)
    return meeting


def add_proposed_cases(meeting: Meeting) -> None:
    """Add proposed cases until there are five. A case that was dropped is not proposed again."""
    there = dict(meeting.items.values_list("episode", "dropped"))
    room = CASES - sum(not dropped for dropped in there.values())
    start = (meeting.items.aggregate(last=Max("place"))["last"] or 0) + 1
    proposed = propose(candidates(meeting, timezone.now()), room, list(there)) if room > 0 else []
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, episode_id=episode, place=start + number, reason=reason)
        for number, (episode, reason) in enumerate(proposed)
    )


@transaction.atomic
def propose_again(meeting: Meeting, *, by: User) -> None:
    """Propose other cases in place of those that nobody has pinned, dropped or decided about."""
    meeting = lock_meeting(meeting)
    meeting.items.filter(pinned=False, dropped=False, decision="", minutes="", action=None).delete()
    add_proposed_cases(meeting)
    record("meeting.proposed_again", by=by, target=meeting)


@transaction.atomic
def add_case(meeting: Meeting, *, client: Any, by: User) -> AgendaItem:
    """Add the client of this row by hand, pinned; a case that was dropped comes back."""
    meeting = lock_meeting(meeting)
    last = meeting.items.aggregate(last=Max("place"))["last"] or 0
    item, is_new = AgendaItem.objects.get_or_create(
        meeting=meeting, episode=client.episode, defaults={"place": last + 1, "reason": BY_HAND, "pinned": True}
    )
    if not is_new:
        item.pinned, item.dropped = True, False
        item.save(update_fields=["pinned", "dropped"])
    record("case.added", by=by, target=item, client_id=client.episode.client_id)
    return item


@transaction.atomic
def mark_case(item: AgendaItem, *, mark: str, by: User) -> None:
    """Pin or drop a case, or take that back: a key of MARKS."""
    lock_meeting(item.meeting)
    item = AgendaItem.objects.get(pk=item.pk)
    if mark == "drop" and item.decision:
        raise ValidationError("Something was decided about this case, so it stays.")
    item.pinned, item.dropped = MARKS[mark]
    item.save(update_fields=["pinned", "dropped"])
    record("case.marked", by=by, target=item, client_id=item.episode.client_id)


MARKS = {"pin": (True, False), "unpin": (False, False), "drop": (False, True), "take_back": (False, False)}


@transaction.atomic
def record_decision(
    item: AgendaItem,
    *,
    decision: str,
    review_on: date | None,
    what: str,
    owner: User | None,
    due_on: date | None,
    minutes: str,
    by: User,
) -> AgendaItem:
    """Record what is decided about a case, its one action and the minutes, until the meeting is closed."""
    lock_meeting(item.meeting)
    episode = lock_episode(item.episode)
    item = AgendaItem.objects.select_related("action").get(pk=item.pk)
    changed = (item.decision, item.review_on) != (decision, review_on)
    item.minutes, item.decision, item.review_on = minutes, decision, review_on
    if changed:
        item.decided_at = timezone.now() if decision else None
    item.action = settle_action(item, episode, by, what=what, owner=owner, due_on=due_on)
    item.save(update_fields=["minutes", "decision", "review_on", "decided_at", "action"])
    record("case.decided", by=by, target=item, client_id=episode.client_id)
    return item


def settle_action(item: AgendaItem, episode: Episode, by: User, **given: Any) -> FollowUp | None:
    """Add the one action of a case, or change it while it is open."""
    if item.action and not given["what"]:
        raise ValidationError({"what": "This action has been given. Mark it done, or change it."})
    if not given["what"]:
        return None
    return change_follow_up(item.action, by=by, **given) if item.action else add_follow_up(episode, by=by, **given)


@transaction.atomic
def close_meeting(meeting: Meeting, *, by: User) -> None:
    """Close a meeting for good. Its open actions stand on the page of the next one."""
    meeting = lock_meeting(meeting)
    meeting.closed_at = timezone.now()
    meeting.save(update_fields=["closed_at"])
    record("meeting.closed", by=by, target=meeting)
