"""Save one rating with its version, and bring up to date what depends on it.

It is one transaction: lock the episode, write, recompute the standing, record the audit event.
"""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.actions import record
from clients.actions import lock_episode, plan_sessions
from clients.models import Attendance, TherapySession
from ratings.elements import ITEM_KEYS
from ratings.models import FREE_EDIT, Channel, Rater, Rating, RatingDraft, RatingVersion
from ratings.saving.blind import open_pair, opens_at
from ratings.standing.refresh import refresh_standing

ANSWERS = (*ITEM_KEYS, "strain", "strain_discussed", "discussed", "note")


class AlreadySavedError(Exception):
    """There is a rating that the person had not seen when they filled in the form; nothing was changed.

    `rating` is the same rater's rating of this session, None when the form's key was used for another session.
    """

    def __init__(self, rating: Rating | None) -> None:
        super().__init__("this session has been rated already")
        self.rating = rating


class ClosedForChangesError(Exception):
    """The time to change the rating freely has passed; nothing was changed."""

    def __init__(self, rating: Rating) -> None:
        super().__init__("this rating can no longer be changed freely")
        self.rating = rating


def content_hash(session: TherapySession, answers: dict[str, Any]) -> str:
    content = json.dumps([str(session.pk), {key: answers.get(key) for key in ANSWERS}], sort_keys=True)
    return salted_hmac("ratings.content", content, algorithm="sha256").hexdigest()


def form_opened_at(key: UUID | None, now: datetime) -> datetime | None:
    """Return when the form was opened, read from its time-ordered key; None where the key gives no likely time."""
    if key is None or key.version != 7:
        return None
    opened = datetime.fromtimestamp((key.int >> 80) / 1000, tz=now.tzinfo)
    return opened if timedelta(0) <= now - opened <= timedelta(days=14) else None


def saved_before(session: TherapySession, rater: str, by: User | None, key: UUID | None, digest: str) -> Rating | None:
    """Return the rating that this same form saved before.

    Raises AlreadySavedError where the form's key was used with other answers.
    """
    if key is None or by is None:
        return None
    earlier = RatingVersion.objects.filter(saved_by=by, idempotency_key=key).select_related("rating__session").first()
    if earlier is None:
        return None
    if earlier.content_hash != digest or earlier.rating.session_id != session.pk:
        raise AlreadySavedError(Rating.objects.given(session, rater, by))
    return earlier.rating


@transaction.atomic
def log_rating(
    session: TherapySession,
    answers: dict[str, Any],
    *,
    rater: str,
    by: User | None,
    key: UUID | None = None,
    version: int = 0,
    channel: str = Channel.WEB,
) -> Rating:
    """Save a rating, or change it when `version` is the one that stands.

    Sent again with the same key and content, it returns the rating saved before. Raises AlreadySavedError,
    ClosedForChangesError, or ValidationError where the session cannot be rated.
    """
    episode = lock_episode(session.episode)
    session = TherapySession.objects.get(pk=session.pk)
    session.episode = episode
    now, digest = timezone.now(), content_hash(session, answers)
    if done := saved_before(session, rater, by, key, digest):
        return done
    check_may_be_rated(session, answers, now)
    if rater == Rater.OBSERVER:
        check_may_be_observed(session, by, now)
    existing = Rating.objects.given(session, rater, by)
    if existing:
        check_may_be_changed(existing, version, by, now)
    elif version:
        raise ValidationError("This form is out of date. Reload the page.")
    rating = existing or new_rating(session, rater, by, channel=channel, key=key, now=now)
    set_answers(rating, answers, key=key, digest=digest)
    keep_version(rating, by=by, now=now)
    open_pair(rating, now)
    settle_session(rating)
    plan_sessions(episode, timezone.localdate(now))
    refresh_standing(episode, now)
    RatingDraft.objects.filter(session=session, user=by).delete()
    record("rating.changed" if existing else "rating.logged", by=by, target=rating, client_id=episode.client_id)
    return rating


def check_may_be_rated(session: TherapySession, answers: dict[str, Any], now: datetime) -> None:
    if not session.counts:
        raise ValidationError("This session did not take place. Undo that first, then rate it.")
    if not session.is_due(now):
        raise ValidationError("This session is still to come. It can be rated from its own day on.")
    if not any(answers.get(key) for key in ITEM_KEYS):
        raise ValidationError("Rate at least one row. If none can be rated, mark the session as not suitable.")


def check_may_be_observed(session: TherapySession, by: User | None, now: datetime) -> None:
    if session.starts_at > now:
        raise ValidationError("This session has not begun. Observe it first, then rate it.")
    if by is None or session.clinician_id == by.pk:
        raise ValidationError("You held this session yourself. An observer is someone who watched or listened.")


def check_may_be_changed(rating: Rating, version: int, by: User | None, now: datetime) -> None:
    if version != rating.version:
        raise AlreadySavedError(rating)
    if by is None or not may_be_changed(rating, by, now):
        raise ClosedForChangesError(rating)


def may_be_changed(rating: Rating, by: User, now: datetime) -> bool:
    """Whether the author may change it freely: for 15 minutes.

    A clinician may for less, where the client's rating has opened beside it.
    """
    pair = Rating.objects.opened(now).filter(session=rating.session_id, rater=Rater.CLIENT)
    compared = rating.rater == Rater.CLINICIAN and pair.exists()
    saved_at = rating.versions.order_by("version").values_list("saved_at", flat=True).first()
    return saved_at is not None and rating.author_id == by.pk and now - saved_at <= FREE_EDIT and not compared


def new_rating(
    session: TherapySession, rater: str, by: User | None, *, channel: str, key: UUID | None, now: datetime
) -> Rating:
    """Return a rating that is not saved yet."""
    rating = Rating(session=session, rater=rater, author=by, channel=channel, version=0)
    rating.opened_at = form_opened_at(key, now)
    if rater == Rater.CLIENT:
        rating.opens_at = opens_at(session, now)
    return rating


def set_answers(rating: Rating, answers: dict[str, Any], *, key: UUID | None, digest: str) -> None:
    for name in ANSWERS:
        setattr(rating, name, answers.get(name) if name in ITEM_KEYS else answers.get(name) or "")
    rating.idempotency_key, rating.content_hash = key, digest


def keep_version(rating: Rating, *, by: User | None, now: datetime, **why: Any) -> None:
    """Save the rating as its next version."""
    rating.version, rating.saved_at = rating.version + 1, now
    rating.save()
    state = {name: getattr(rating, name) for name in (*ANSWERS, "idempotency_key", "content_hash")}
    RatingVersion.objects.create(rating=rating, version=rating.version, saved_by=by, saved_at=now, **state, **why)


def settle_session(rating: Rating) -> None:
    """Mark the session attended. A clinician's rating also takes back what they said: that it needs no rating."""
    session = rating.session
    session.attendance = Attendance.ATTENDED
    if rating.rater == Rater.CLINICIAN:
        session.rated, session.not_rated_reason = True, ""
    session.save(update_fields=["attendance", "rated", "not_rated_reason"])
