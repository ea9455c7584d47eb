"""Asked, answered, declined: what counts as which, in one place.

A client was asked about a session by a link, a code or a handed-over device that was not taken back, or has answered.
Declined is a question that was refused, or a handed-over form that ran out of time, where no later one is open.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from clients.models import TherapySession
from ratings.models import ClientLink, Rater, Rating
from ratings.models.link import asked, refused

ASK_WITHIN = timedelta(days=3)


@dataclass(frozen=True)
class Asked:
    """How often a client was asked for a rating, and what came of it."""

    asked: int = 0
    answered: int = 0
    declined: int = 0

    @classmethod
    def count(cls, sessions: Iterable[TherapySession]) -> "Asked":
        """Count sessions that `tell_apart` has told apart."""
        read = [(session.is_asked, session.is_answered, session.is_declined) for session in sessions]
        return cls(*map(sum, zip(*read, strict=True))) if read else cls()


def answered_by_client() -> Exists:
    return Exists(Rating.objects.filter(session=OuterRef("pk"), rater=Rater.CLIENT))


def with_answers(sessions: QuerySet[TherapySession], now: datetime) -> QuerySet[Any]:
    """Add what became of the question to the client: `is_asked`, `is_answered`, `is_declined`."""
    latest = ClientLink.objects.filter(session=OuterRef("pk"), withdrawn_at=None).order_by("-created_at", "-pk")
    refused = Exists(ClientLink.objects.declined(now).filter(pk=OuterRef("latest_link")))
    return (
        sessions.annotate(latest_link=Subquery(latest.values("pk")[:1]))
        .annotate(is_asked=asked(), is_answered=answered_by_client())
        .annotate(is_declined=refused & ~answered_by_client())
    )


def told_apart(
    sessions: Collection[UUID] | QuerySet[TherapySession], now: datetime
) -> tuple[set[UUID], set[UUID], set[UUID]]:
    """Return which of these sessions were asked about, answered and declined, as `with_answers` would say.

    For many sessions at once: it reads two indexes in order, where `with_answers` looks into them for each session.
    """
    links = ClientLink.objects.filter(session__among=sessions, withdrawn_at=None).order_by("created_at", "pk")
    latest = dict(links.annotate(is_refused=refused(now)).values_list("session", "is_refused"))
    ratings = Rating.objects.filter(session__among=sessions, rater=Rater.CLIENT)
    answered = set(ratings.values_list("session", flat=True))
    return {*latest, *answered}, answered, {key for key, is_refused in latest.items() if is_refused} - answered


def tell_apart(
    loaded: Collection[TherapySession], sessions: Collection[UUID] | QuerySet[TherapySession], now: datetime
) -> None:
    """Give each session that was loaded, one of `sessions`, its `is_asked`, `is_answered` and `is_declined`."""
    asked, answered, declined = told_apart(sessions, now)
    for session in loaded:
        session.is_asked, session.is_answered = session.pk in asked, session.pk in answered
        session.is_declined = session.pk in declined


def why_not_ask(session: TherapySession, now: datetime, *, is_answered: bool) -> str:
    """Say why the client cannot be asked about this session; nothing where they can."""
    if not session.counts:
        return "This session did not take place, so there is nothing to ask about."
    if is_answered:
        return "The client has answered for this session already."
    if not session.episode.is_open:
        return "This therapy has ended, so the client is not asked any more."
    if not session.is_due(now):
        return "This session is still to come. The client can be asked from its own day on."
    return ""


def is_ask_due(session: TherapySession, now: datetime) -> bool:
    """Whether the episode's plan asks about this session, and nobody has yet. Reads `number` and `is_asked`.

    Every third means the third, the sixth, the ninth that counts. After three days it is no longer fresh in mind.
    """
    every = session.episode.ask_every
    if not every or session.number % every or not now - ASK_WITHIN <= session.starts_at <= now:
        return False
    if session.not_rated_reason or session.episode.client.invitations_stopped_at or session.is_asked:
        return False
    return session.counts and session.episode.is_open
