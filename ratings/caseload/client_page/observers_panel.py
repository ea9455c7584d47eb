"""Observers' ratings on the client's page: shown apart, in the columns of the sessions table."""

from dataclasses import dataclass
from functools import cached_property

from ratings.caseload.client_page.visible_episode import VisibleEpisode
from ratings.caseload.timeline import COLUMNS, Entry, written
from ratings.models import Rating


@dataclass(frozen=True)
class ObserverRow:
    """One observer's rating of one session; `is_own` says that it is that of the person who looks."""

    entry: Entry
    rating: Rating
    is_own: bool

    @property
    def cells(self) -> list[str]:
        scores = self.rating.answers.scores
        return [written(scores, key) for key, _, _ in COLUMNS]


@dataclass
class ObserversPanel:
    """The ratings of those who watched or listened, newest session first."""

    visible: VisibleEpisode

    @property
    def columns(self) -> tuple[tuple[str, str, bool], ...]:
        return COLUMNS

    @cached_property
    def rows(self) -> list[ObserverRow]:
        return [
            ObserverRow(entry, rating, is_own=rating.author_id == self.visible.user.pk)
            for entry in reversed(self.visible.timeline.held)
            for rating in entry.observed
        ]
