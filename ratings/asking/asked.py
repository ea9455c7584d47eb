"""Asked, answered, declined: what counts as which, in one place.

A client was asked about a session by a link, a code or a handed-over device that was not taken back, or has answered.
Declined is a question that was refused, or a handed-over form that ran out of time, where no later one is open.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from clients.models import TherapySession, TherapySessionQuerySet
from ratings.models import ClientLink, Rater, Rating
from ratings.models.link import asked, refused

ASK_WITHIN = timedelta(days=3)


@dataclass(frozen=True)
class AskedState:
    """Whether the client was asked about one session, has answered and has declined."""

    asked: bool = False
    answered: bool = False
    declined: bool = False


NOT_ASKED = AskedState()


@dataclass(frozen=True)
class AskedCounts:
    """How many sessions the client was asked about, and how many of them were answered and declined."""

    asked: int = 0
    answered: int = 0
    declined: int = 0

    @classmethod
    def of(cls, states: Iterable[AskedState]) -> Self:
        found = list(states)
        return cls(
            sum(state.asked for state in found),
            sum(state.answered for state in found),
            sum(state.declined for state in found),
        )


def answered_by_client() -> Exists:
    return Exists(Rating.objects.filter(session=OuterRef("pk"), rater=Rater.CLIENT))


def asked_states(sessions: Collection[UUID] | QuerySet[TherapySession], now: datetime) -> dict[UUID, AskedState]:
    """Return the state of each of these sessions that was asked about; of the others it is NOT_ASKED. Two queries."""
    links = ClientLink.objects.filter(session__among=sessions, withdrawn_at=None).order_by("created_at", "pk")
    latest = dict(links.annotate(is_refused=refused(now)).values_list("session", "is_refused"))
    ratings = Rating.objects.filter(session__among=sessions, rater=Rater.CLIENT)
    answered = set(ratings.values_list("session", flat=True))
    return {
        key: AskedState(asked=True, answered=key in answered, declined=latest.get(key, False) and key not in answered)
        for key in {*latest, *answered}
    }


def annotate_asked(sessions: TherapySessionQuerySet, now: datetime) -> TherapySessionQuerySet:
    """Add the columns `is_asked`, `is_answered` and `is_declined`, to filter by or for `annotated_state` to read.

    For sessions that are filtered or streamed. For loaded ones `asked_states` is faster: it reads two indexes in order,
    where these columns look into them for each session.
    """
    latest = ClientLink.objects.filter(session=OuterRef("pk"), withdrawn_at=None).order_by("-created_at", "-pk")
    latest_refused = Exists(ClientLink.objects.declined(now).filter(pk=OuterRef("latest_link")))
    return (
        sessions.annotate(latest_link=Subquery(latest.values("pk")[:1]))
        .annotate(is_asked=asked(), is_answered=answered_by_client())
        .annotate(is_declined=latest_refused & ~answered_by_client())
    )


def annotated_state(session: Any) -> AskedState:
    """Return the state of a session that was loaded with the columns of `annotate_asked`."""
    return AskedState(session.is_asked, session.is_answered, session.is_declined)


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


def is_ask_due(session: TherapySession, number: int, now: datetime, *, is_asked: bool) -> bool:
    """Whether the episode's plan asks about this session, which has this number, and nobody has yet.

    Every third means the third, the sixth, the ninth that counts. After three days it is no longer fresh in mind.
    """
    every = session.episode.ask_every
    if not every or number % every or not now - ASK_WITHIN <= session.starts_at <= now:
        return False
    if session.not_rated_reason or session.episode.client.invitations_stopped_at or is_asked:
        return False
    return session.counts and session.episode.is_open
