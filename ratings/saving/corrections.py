"""Correct a rating after the time for free changes, or move it to another session: with a reason, no version lost.

Each is one transaction: lock the episodes, write, recompute their standing, record the audit event.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.actions import record
from clients.actions import lock_episode
from clients.models import Attendance, Episode, TherapySession
from ratings.models import Rater, Rating, RatingDraft
from ratings.saving.actions import (
    AlreadySavedError,
    check_may_be_rated,
    content_hash,
    keep_version,
    saved_before,
    set_answers,
    settle_session,
)
from ratings.saving.blind import open_pair
from ratings.standing.refresh import refresh_standing

MOVES_WITHIN = timedelta(days=60)


def own_rating(rating: Rating, by: User, now: datetime) -> Rating:
    """Read the rating again under the episode's lock. Raises ValidationError when it is no longer theirs to correct."""
    current = Rating.objects.correctable_by(by, now).filter(pk=rating.pk, session=rating.session_id).first()
    if current is None:
        raise ValidationError("This rating is no longer yours to correct. Reload the page.")
    return current


@transaction.atomic
def correct_rating(
    rating: Rating, answers: dict[str, Any], *, reason: str, by: User, version: int, key: UUID | None = None
) -> Rating:
    """Change one's own rating at any later time, with a reason.

    Sent again with the same key and content, it changes nothing more. Raises AlreadySavedError when another version
    stands meanwhile, ValidationError where the answers cannot be saved.
    """
    episode, now = lock_episode(rating.session.episode), timezone.now()
    digest = content_hash(rating.session, answers)
    if done := saved_before(rating.session, rating.rater, by, key, digest):
        return done
    rating = own_rating(rating, by, now)
    check_may_be_rated(rating.session, answers, now)
    if version != rating.version:
        raise AlreadySavedError(rating)
    set_answers(rating, answers, key=key, digest=digest)
    rating.corrected_at = now
    keep_version(rating, by=by, now=now, reason=reason)
    refresh_standing(episode, now)
    record("rating.corrected", by=by, target=rating, client_id=episode.client_id)
    return rating


def sessions_to_move_to(rating: Rating, user: User, now: datetime) -> QuerySet[TherapySession]:
    """Return the sessions of one's other clients that wait for a rating, at most 60 days before or after this one's."""
    start = rating.session.starts_at
    near = (
        TherapySession.objects.waiting()
        .filter(starts_at__lte=now)
        .editable_by(user, now)
        .numbered()
        .filter(starts_at__range=(start - MOVES_WITHIN, start + MOVES_WITHIN))
    )
    others = near.exclude(episode__client=rating.session.episode.client_id)
    return others.select_related("episode__client").order_by("-starts_at", "pk")


@transaction.atomic
def move_rating(rating: Rating, *, to: TherapySession, reason: str, by: User) -> Rating:
    """Give one's rating to the session of another client that it was meant for.

    The standing of both clients is recomputed, and signals that only this rating caused are withdrawn. A client's own
    rating that opened because of it stays open: it has been seen.
    """
    now, was = timezone.now(), rating.session
    episodes = {episode.pk: episode for episode in lock_both(was.episode, to.episode)}
    rating = own_rating(rating, by, now)
    target = sessions_to_move_to(rating, by, now).filter(pk=to.pk).first()
    if target is None:
        raise ValidationError("That session cannot take the rating any more. Choose another one.")
    rating.session, rating.corrected_at = target, now
    rating.idempotency_key, rating.content_hash = None, content_hash(target, vars(rating))
    keep_version(rating, by=by, now=now, reason=reason, moved_from=was)
    open_pair(rating, now)
    settle_session(rating)
    if rating.rater == Rater.CLINICIAN:
        was.rated = False
    if not was.ratings.exists():
        was.attendance = Attendance.PLANNED
    was.save(update_fields=["attendance", "rated"])
    RatingDraft.objects.filter(session=target, user=by).delete()
    for episode in episodes.values():
        refresh_standing(episode, now)
        record("rating.moved", by=by, target=rating, client_id=episode.client_id)
    return rating


def lock_both(one: Episode, other: Episode) -> list[Episode]:
    """Lock both episodes, always in the same order, so that two moves never wait for each other."""
    return [lock_episode(episode) for episode in sorted((one, other), key=lambda episode: episode.pk)]
