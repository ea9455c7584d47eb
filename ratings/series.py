"""The stored series of one episode, as the rules read it: sessions that count, ratings that staff may see."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Prefetch

from clients.models import Episode, TherapySession
from ratings.analysis.reading import Held, Reading
from ratings.analysis.usual import Prior
from ratings.models import PriorVersion, Rater, Rating


@dataclass(frozen=True)
class Series:
    """One episode as of `now`, read in three queries at any length."""

    episode: Episode
    now: datetime
    sessions: list[TherapySession]
    priors: dict[str, Prior]

    @cached_property
    def held(self) -> list[TherapySession]:
        """Sessions held so far, and those of today rated ahead of their hour."""
        return [session for session in self.sessions if session.starts_at <= self.now or self.opened(session)]

    @cached_property
    def index(self) -> dict[object, int]:
        return {session.pk: index for index, session in enumerate(self.held)}

    def opened(self, session: TherapySession) -> dict[str, Rating]:
        return {rating.rater: rating for rating in session.scored if rating.is_open(self.now)}

    def by(self, rater: str) -> list[Rating]:
        return [rating for session in self.held if (rating := self.opened(session).get(rater))]

    @cached_property
    def reading(self) -> Reading:
        return Reading([self._held(session) for session in self.held], self.priors)

    def _held(self, session: TherapySession) -> Held:
        opened = self.opened(session)
        answers = {rater: rating.answers for rater, rating in opened.items()}
        return Held(answers.get(Rater.CLINICIAN), answers.get(Rater.CLIENT), waits=not session.not_rated_reason)

    @property
    def changes_at(self) -> datetime | None:
        """When this reading will be out of date by itself: the next opening of a rating, or the next session."""
        opening = [r.opens_at for session in self.sessions for r in session.scored if not r.is_open(self.now)]
        coming = [session.starts_at for session in self.sessions if session.starts_at > self.now]
        return min([*opening, *coming], default=None)


def series_of(episode: Episode, now: datetime) -> Series:
    """Read the series of an episode."""
    scored = Rating.objects.filter(rater__in=[Rater.CLINICIAN, Rater.CLIENT]).defer("note")
    sessions = TherapySession.objects.counting().filter(episode=episode).order_by("starts_at", "pk")
    loaded = list(sessions.prefetch_related(Prefetch("ratings", scored, to_attr="scored")))
    versions = PriorVersion.objects.for_episode(episode)
    return Series(episode, now, loaded, {form: version.prior for form, version in versions.items()})
