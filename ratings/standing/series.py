"""The stored series of one episode, as the rules read it: sessions that count, ratings that staff may see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from clients.models import Episode, TherapySession
from ratings.analysis.reading import Answers, Reading, SessionAnswers
from ratings.analysis.usual import Prior
from ratings.elements import ITEM_KEYS
from ratings.models import PriorVersion, Rater, Rating, SaidSwitch

BATCH = 200
BY_WHOM = ("session__episode", "session_id", "rater", "saved_at", "opens_at", "author_id")
GIVEN = (*BY_WHOM, "strain", "strain_discussed", *ITEM_KEYS)


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
    clinician: UUID
    said_counts: bool = False
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
            answers.get(Rater.CLINICIAN),
            answers.get(Rater.CLIENT),
            waits=not session.not_rated_reason,
            said_counts=session.said_counts,
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
    return next(series_of_many([episode], now))


def all_series(now: datetime) -> Iterator[Series]:
    """Yield the series of every episode of the service, read in batches: a few queries for hundreds of episodes."""
    episodes = Episode.objects.order_by("pk")
    batch = list(episodes[:BATCH])
    while batch:
        yield from series_of_many(batch, now)
        batch = list(episodes.filter(pk__gt=batch[-1].pk)[:BATCH])


def series_of_many(episodes: Sequence[Episode], now: datetime) -> Iterator[Series]:
    """Yield the series of these episodes, in their order; three queries for all of them."""
    found: dict[UUID, dict[UUID, SeriesSession]] = {episode.pk: {} for episode in episodes}
    for pk, of, *values in sessions_of(episodes):
        found[of][pk] = SeriesSession(pk, *values)
    for of, session, rating in ratings_of(episodes):
        if session in found[of]:
            found[of][session].ratings[rating.rater] = rating
    versions = list(PriorVersion.objects.order_by("since"))
    for episode in episodes:
        priors = {each.form: each.prior for each in versions if each.since <= episode.started_on}
        yield Series(episode, now, list(found[episode.pk].values()), priors)


def sessions_of(episodes: Sequence[Episode]) -> Any:
    """Return the sessions that count, in order: their key, their episode, and the fields of a `SeriesSession`."""
    switched = SaidSwitch.objects.filter(since__lte=OuterRef("starts_at")).order_by("-since")
    sessions = TherapySession.objects.counting().filter(episode__in=episodes).order_by("starts_at", "pk")
    said = Coalesce(Subquery(switched.values("on")[:1]), False)
    return sessions.values_list("pk", "episode_id", "starts_at", "not_rated_reason", "clinician_id", said)


def ratings_of(episodes: Sequence[Episode]) -> Iterator[tuple[UUID, UUID, SeriesRating]]:
    """Yield each rating by clinician or client, with its episode and its session."""
    rows = Rating.objects.filter(session__episode__in=episodes, rater__in=[Rater.CLINICIAN, Rater.CLIENT])
    for of, session, rater, saved_at, opens_at, author, strain, talked, *items in rows.values_list(*GIVEN):
        answers = Answers(dict(zip(ITEM_KEYS, items, strict=True)), strain, talked, str(author or ""))
        yield of, session, SeriesRating(rater, answers, saved_at, opens_at)
