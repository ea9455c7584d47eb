"""What people do to follow-ups: add one, change it, mark it done, take that back.

Each action is one transaction with its audit event.
"""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.actions import record
from clients.actions import lock_episode
from clients.models import Episode
from ratings.models import FollowUp, Signal
from ratings.strains.actions import review_signals

FURTHEST_DUE = timedelta(days=366)


def check_due(due_on: date) -> None:
    today = timezone.localdate()
    if not today <= due_on <= today + FURTHEST_DUE:
        raise ValidationError({"due_on": "Choose a day from today on, within a year."})


def check_owner(episode: Episode, owner: User | None) -> None:
    """Refuse an owner who does not supervise the client's clinician now. Without one, it is the clinician's to do."""
    if owner and not Episode.objects.supervised_by(owner).filter(pk=episode.pk).exists():
        raise ValidationError({"owner": f"{owner.name} does not supervise this client's clinician. Choose again."})


@transaction.atomic
def add_follow_up(episode: Episode, *, what: str, owner: User | None, due_on: date, by: User) -> FollowUp:
    """Give a supervisor something to do for a client; without an `owner`, the clinician who holds the client."""
    episode = lock_episode(episode)
    check_due(due_on)
    check_owner(episode, owner)
    follow_up = FollowUp.objects.create(episode=episode, what=what, owner=owner, due_on=due_on, made_by=by)
    record("follow_up.added", by=by, target=follow_up, client_id=episode.client_id)
    return follow_up


@transaction.atomic
def assign_follow_up(
    episode: Episode, *, signals: list[Signal], what: str, owner: User | None, due_on: date, by: User
) -> FollowUp:
    """Add a follow-up for these signals of a client, and record that the person who gives it has seen them."""
    follow_up = add_follow_up(episode, what=what, owner=owner, due_on=due_on, by=by)
    if signals:
        review_signals(signals, by=by)
    return follow_up


@transaction.atomic
def change_follow_up(follow_up: FollowUp, *, what: str, owner: User | None, due_on: date, by: User) -> FollowUp:
    """Change a follow-up that is still open."""
    episode = lock_episode(follow_up.episode)
    follow_up = FollowUp.objects.get(pk=follow_up.pk)
    if (follow_up.what, follow_up.owner, follow_up.due_on) == (what, owner, due_on):
        return follow_up
    if not follow_up.is_open:
        raise ValidationError("The action is done, so it stays as it is.")
    if due_on != follow_up.due_on:
        check_due(due_on)
    check_owner(episode, owner)
    follow_up.what, follow_up.owner, follow_up.due_on = what, owner, due_on
    follow_up.save(update_fields=["what", "owner", "due_on"])
    record("follow_up.changed", by=by, target=follow_up, client_id=episode.client_id)
    return follow_up


@transaction.atomic
def finish_follow_up(follow_up: FollowUp, *, by: User) -> None:
    """Mark it done. Who marked it first is kept."""
    mark_done(follow_up, "follow_up.done", done=True, by=by)


@transaction.atomic
def reopen_follow_up(follow_up: FollowUp, *, by: User) -> None:
    mark_done(follow_up, "follow_up.reopened", done=False, by=by)


def mark_done(follow_up: FollowUp, action: str, *, done: bool, by: User) -> None:
    """Mark it done or not done. Where it is marked so already, nothing changes."""
    episode = lock_episode(follow_up.episode)
    state = {"done_at": timezone.now(), "done_by": by} if done else {"done_at": None, "done_by": None}
    if FollowUp.objects.filter(pk=follow_up.pk, done_at__isnull=done).update(**state):
        record(action, by=by, target=follow_up, client_id=episode.client_id)
