"""End a therapy, and reopen it."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.actions import record
from clients.actions import lock_episode, lock_therapies
from clients.models import Ending, Episode
from ratings.asking.invitations import stop_asking
from ratings.models import RatingDraft
from ratings.standing.refresh import refresh_standing
from ratings.strains.actions import end_ruptures


@transaction.atomic
def end_episode(episode: Episode, *, ended_on: date, ending: str, by: User) -> None:
    """End the therapy. Planned sessions after that day are dropped; the record stays readable."""
    episode = lock_episode(episode)
    last = timezone.make_aware(datetime.combine(ended_on, datetime.max.time()))
    later = episode.sessions.filter(starts_at__gt=last)
    if not episode.is_open:
        raise ValidationError("This therapy has ended already.")
    if ended_on < episode.started_on or ended_on > timezone.localdate():
        raise ValidationError(f"Choose a day from {episode.started_on:%-d %B %Y} to today.")
    asked = later.counting().filter(client_links__isnull=False)
    if later.held(timezone.now()).exists() or asked.exists():
        raise ValidationError("There is a session after that day. Choose a later day, or mark it as not held.")
    RatingDraft.objects.filter(session__in=later).delete()
    later.plans(after=timezone.now()).delete()
    episode.ended_on, episode.ending, episode.weekday, episode.weekly_at = ended_on, ending, None, None
    episode.save(update_fields=["ended_on", "ending", "weekday", "weekly_at"])
    end_ruptures(episode, by=by)
    if ending == Ending.DIED:
        stop_asking(episode, by=by)
    refresh_standing(episode, timezone.now())
    record("episode.ended", by=by, target=episode, client_id=episode.client_id)


@transaction.atomic
def reopen_episode(episode: Episode, *, by: User) -> None:
    if any(each.is_open for each in lock_therapies(episode.client)):
        raise ValidationError("This client has an open therapy already.")
    episode.ended_on, episode.ending = None, ""
    episode.save(update_fields=["ended_on", "ending"])
    refresh_standing(episode, timezone.now())
    record("episode.reopened", by=by, target=episode, client_id=episode.client_id)
