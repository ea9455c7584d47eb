"""A clinician's day: the sessions to rate, still to come and rated, and earlier ones to ask the client about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.models import WAITS, Episode, TherapySession
from ratings.asking.asked import ASK_WITHIN, answered_by_client, is_ask_due
from ratings.caseload.lists import unrated_sessions
from ratings.models.link import linked


@dataclass(frozen=True)
class Day:
    """A clinician's Today: sessions to rate, still to come, rated, set aside today, and earlier ones to ask about."""

    to_rate: list[TherapySession]
    later: list[TherapySession]
    rated: list[TherapySession]
    set_aside: list[TherapySession]
    to_ask: list[TherapySession]

    @property
    def in_order(self) -> list[TherapySession]:
        return sorted([*self.to_rate, *self.later, *self.rated], key=lambda session: session.starts_at)

    @property
    def total(self) -> int:
        return len(self.to_rate) + len(self.later) + len(self.rated)


def clinicians_day(user: User, now: datetime) -> Day:
    """Return the sessions of a clinician's clients that matter today, oldest first."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = timezone.make_aware((midnight + timedelta(days=1)).replace(tzinfo=None))
    mine = Episode.objects.editable_by(user, now)
    sessions = (
        TherapySession.objects.filter(episode__among=mine, starts_at__lt=tomorrow, voided_at=None)
        .filter(Q(starts_at__gte=now - ASK_WITHIN) | WAITS)
        .numbered()
        .annotate(client_answered=answered_by_client(), is_linked=linked())
        .select_related("episode__client", "episode__standing")
        .order_by("starts_at", "pk")
    )
    for session in sessions:
        session.is_asked = session.is_linked or session.client_answered
        session.waits_long, session.ask_due = session.is_late(now), is_ask_due(session, now)
        fresh = session.ask_due or midnight <= session.starts_at <= now
        is_open = session.episode.is_open and not session.client_answered
        session.may_ask = fresh and session.counts and is_open
    return day_of(sessions, now, midnight)


def day_of(sessions: Iterable[TherapySession], now: datetime, midnight: datetime) -> Day:
    waiting = [s for s in sessions if s.counts and not s.rated and not s.not_rated_reason]
    of_today = [s for s in sessions if s.starts_at >= midnight]
    return Day(
        to_rate=[s for s in waiting if s.starts_at <= now],
        later=[s for s in waiting if s.starts_at > now],
        rated=[s for s in of_today if s.rated],
        set_aside=[s for s in of_today if not s.rated and (not s.counts or s.not_rated_reason)],
        to_ask=[s for s in sessions if s.starts_at < midnight and s.rated and s.ask_due],
    )


def next_to_rate(user: User, now: datetime) -> TherapySession | None:
    """Return the oldest session that waits for this clinician's rating."""
    return next(iter(unrated_sessions(now).editable_by(user, now).order_by("starts_at", "pk")[:1]), None)
