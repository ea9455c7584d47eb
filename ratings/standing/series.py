"""The stored series of one episode, as the rules read it: sessions that count, ratings that staff may see."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from clients.models import Episode, TherapySession
from ratings.analysis.reading import Answers, Reading, SessionAnswers
from ratings.analysis.usual import Prior
from ratings.elements import ITEM_KEYS
from ratings.models import PriorVersion, Rater, Rating

GIVEN = ("session_id", "rater", "saved_at", "opens_at", "author_id", "strain", "strain_discussed", *ITEM_KEYS)


@dataclass(frozen=True, slots=True)
class SeriesRating:
    """One rating of a series. A client's is hidden from staff until it opens."""

    rater: str
    answers: Answers
    saved_at: datetime
    opens_at: datetime | None

    def is_open(self, at: datetime) -> bool:
        return self.rater != Rater.CLIENT or (self.opens_at is not None and self.opens_at <= at)


@dataclass(slots=True)
class SeriesSession:
    """One session of a series with its ratings by rater. No model instance, as a therapy may have a thousand."""

    pk: UUID
    starts_at: datetime
    not_rated_reason: str
    ratings: dict[str, SeriesRating] = field(default_factory=dict)


@dataclass(frozen=True)
class Series:
    """One episode as it stands at `now`, read in three queries however long it is."""

    episode: Episode
    now: datetime
    sessions: list[SeriesSession]
    priors: dict[str, Prior]

    @cached_property
    def held(self) -> list[SeriesSession]:
        """Sessions held so far, and those of today rated ahead of their hour."""
        return [session for session in self.sessions if session.starts_at <= self.now or self.opened(session)]

    @cached_property
    def index(self) -> dict[object, int]:
        return {session.pk: index for index, session in enumerate(self.held)}

    def opened(self, session: SeriesSession) -> dict[str, SeriesRating]:
        return {rater: rating for rater, rating in session.ratings.items() if rating.is_open(self.now)}

    @cached_property
    def reading(self) -> Reading:
        return Reading([self.answers_of(session) for session in self.held], self.priors)

    def answers_of(self, session: SeriesSession) -> SessionAnswers:
        answers = {rater: rating.answers for rater, rating in self.opened(session).items()}
        return SessionAnswers(
            answers.get(Rater.CLINICIAN), answers.get(Rater.CLIENT), waits=not session.not_rated_reason
        )

    @property
    def changes_at(self) -> datetime | None:
        """When time alone changes this series: the next opening of a rating, or the next session."""
        ratings = (rating for session in self.sessions for rating in session.ratings.values())
        opening = [rating.opens_at for rating in ratings if rating.opens_at and not rating.is_open(self.now)]
        coming = [session.starts_at for session in self.sessions if session.starts_at > self.now]
        return min([*opening, *coming], default=None)


def series_of(episode: Episode, now: datetime) -> Series:
    """Read the series of an episode."""
    sessions = TherapySession.objects.counting().filter(episode=episode).order_by("starts_at", "pk")
    rows = sessions.values_list("pk", "starts_at", "not_rated_reason")
    found = {pk: SeriesSession(pk, starts_at, reason) for pk, starts_at, reason in rows}
    for session, rating in ratings_of(episode):
        if session in found:
            found[session].ratings[rating.rater] = rating
    versions = PriorVersion.objects.for_episode(episode)
    return Series(episode, now, list(found.values()), {rater: version.prior for rater, version in versions.items()})


def ratings_of(episode: Episode) -> Iterator[tuple[UUID, SeriesRating]]:
    """Yield each rating by clinician or client, with its session."""
    rows = Rating.objects.filter(session__episode=episode, rater__in=[Rater.CLINICIAN, Rater.CLIENT])
    for session, rater, saved_at, opens_at, author, strain, talked, *items in rows.values_list(*GIVEN):
        answers = Answers(dict(zip(ITEM_KEYS, items, strict=True)), strain, talked, str(author or ""))
        yield session, SeriesRating(rater, answers, saved_at, opens_at)
