"""What people do to sessions: mark them missed, cancelled or not suitable, undo that, move them, take them out.

Each is one transaction: lock the episode, write, recompute the standing, record the audit event.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.actions import record
from clients.actions import check_session_fits, check_start_is_free, lock_episode
from clients.models import Attendance, NotRated, TherapySession
from ratings.asking.invitations import withdraw_open
from ratings.saving.blind import postpone_opening
from ratings.standing.refresh import refresh_standing


def check_unrated(session: TherapySession) -> None:
    if session.ratings.exists():
        raise ValidationError("This session has a rating, so it took place.")


def change_session(session: TherapySession, action: str, *, by: User, **values: Any) -> None:
    """Write these columns of a session, with the audit event `action`. The caller holds the episode's lock."""
    for name, value in values.items():
        setattr(session, name, value)
    session.save(update_fields=list(values))
    refresh_standing(session.episode, timezone.now())
    record(action, by=by, target=session, client_id=session.episode.client_id)


@transaction.atomic
def set_attendance(session: TherapySession, attendance: str, *, by: User) -> None:
    """Mark a session missed or cancelled, or undo that (planned)."""
    lock_episode(session.episode)
    check_unrated(session)
    if attendance == Attendance.MISSED and not session.is_due(timezone.now()):
        raise ValidationError("This session is still to come. Cancel it, or wait until its day.")
    if attendance != Attendance.PLANNED:
        withdraw_open(session, by=by)
    change_session(session, "session.attendance_changed", by=by, attendance=attendance)


@transaction.atomic
def set_not_suitable(session: TherapySession, *, suitable: bool, by: User) -> None:
    """Say that a session is not suitable for a rating, or take that back."""
    lock_episode(session.episode)
    check_unrated(session)
    reason = "" if suitable else NotRated.NOT_SUITABLE
    change_session(session, "session.suitability_changed", by=by, not_rated_reason=reason)


@transaction.atomic
def move_session(session: TherapySession, *, starts_at: datetime, modality: str, by: User) -> None:
    episode = lock_episode(session.episode)
    check_session_fits(episode, starts_at)
    check_start_is_free(episode, starts_at, session)
    if session.ratings.exists() and timezone.localdate(starts_at) > timezone.localdate():
        raise ValidationError("This session has a rating, so it cannot be in the future.")
    postpone_opening(session, starts_at, timezone.now())
    change_session(session, "session.moved", by=by, starts_at=starts_at, modality=modality)


@transaction.atomic
def void_session(session: TherapySession, *, reason: str, by: User) -> None:
    """Take out a session that was added by mistake. It stays in the record with its reason."""
    lock_episode(session.episode)
    check_unrated(session)
    withdraw_open(session, by=by)
    change_session(session, "session.voided", by=by, voided_at=timezone.now(), voided_reason=reason)
