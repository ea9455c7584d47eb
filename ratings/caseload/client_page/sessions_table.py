"""The table of sessions on the client's page, newest first, with what can be done about each."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from ratings.caseload.client_page.strains_panel import StrainsPanel
from ratings.caseload.client_page.visible_episode import VisibleEpisode
from ratings.caseload.timeline import COLUMNS, Entry, Timeline


@dataclass
class SessionsTable:
    """The sessions shown, each with the marks of the figure."""

    visible: VisibleEpisode
    shown: Timeline
    strains: StrainsPanel

    @property
    def columns(self) -> tuple[tuple[str, str, bool], ...]:
        return COLUMNS

    @property
    def rows(self) -> list[tuple[Entry, list[str]]]:
        return [(entry, self.strains.marks(entry)) for entry in reversed(self.shown.entries)]

    @cached_property
    def observable(self) -> set[UUID]:
        """The keys of the sessions to which this supervisor may add an observer's rating."""
        entries = self.shown.held if self.visible.is_supervised else []
        return {entry.session.pk for entry in entries if entry.may_be_observed(self.visible.user, self.visible.now)}
