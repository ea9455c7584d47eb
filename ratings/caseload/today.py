"""A clinician's day: the sessions to rate, still to come and rated, and earlier ones to ask the client about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.models import WAITS, Episode, TherapySession
from ratings.asking.asked import ASK_WITHIN, answered_by_client, is_ask_due
from ratings.caseload.lists import unrated_sessions
from ratings.models.link import linked


@dataclass(frozen=True)
class DaySession:
    """One session on a clinician's Today.

    `waits_long` says that a rating saved now is late, `ask_due` that the plan asks about it and nobody has yet, and
    `may_ask` that the page offers to ask.
    """

    session: TherapySession
    number: int
    is_asked: bool
    client_answered: bool
    waits_long: bool
    ask_due: bool
    may_ask: bool

    @property
    def waits(self) -> bool:
        """Whether it waits for the clinician's rating, or will once it is over."""
        return self.session.counts and not self.session.rated and not self.session.not_rated_reason


@dataclass(frozen=True)
class Day:
    """A clinician's Today: sessions to rate, still to come, rated, set aside today, and earlier ones to ask about."""

    to_rate: list[DaySession]
    later: list[DaySession]
    rated: list[DaySession]
    set_aside: list[DaySession]
    to_ask: list[DaySession]

    @property
    def in_order(self) -> list[DaySession]:
        return sorted([*self.to_rate, *self.later, *self.rated], key=lambda each: each.session.starts_at)

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
    return sorted_day([day_session(session, now, midnight) for session in sessions], now, midnight)


def day_session(session: Any, now: datetime, midnight: datetime) -> DaySession:
    """Read a session that was loaded with its number, `client_answered` and `is_linked`."""
    is_asked = session.is_linked or session.client_answered
    ask_due = is_ask_due(session, session.number, now, is_asked=is_asked)
    fresh = ask_due or midnight <= session.starts_at <= now
    return DaySession(
        session,
        session.number,
        is_asked=is_asked,
        client_answered=session.client_answered,
        waits_long=session.is_late(now),
        ask_due=ask_due,
        may_ask=fresh and session.counts and session.episode.is_open and not session.client_answered,
    )


def sorted_day(sessions: Sequence[DaySession], now: datetime, midnight: datetime) -> Day:
    waiting = [each for each in sessions if each.waits]
    of_today = [each for each in sessions if each.session.starts_at >= midnight]
    return Day(
        to_rate=[each for each in waiting if each.session.starts_at <= now],
        later=[each for each in waiting if each.session.starts_at > now],
        rated=[each for each in of_today if each.session.rated],
        set_aside=[each for each in of_today if not each.session.rated and not each.waits],
        to_ask=[each for each in sessions if each.session.starts_at < midnight and each.session.rated and each.ask_due],
    )


def next_to_rate(user: User, now: datetime) -> TherapySession | None:
    """Return the oldest session that waits for this clinician's rating."""
    return unrated_sessions(now).editable_by(user, now).order_by("starts_at", "pk").first()
