"""The question to the client on the client's page: how often it was asked, what is hidden, which session is next."""

from dataclasses import dataclass
from functools import cached_property

from clients.models import TherapySession
from ratings.asking.asked import AskedCounts, is_ask_due
from ratings.caseload.client_page.visible_episode import VisibleEpisode
from ratings.caseload.timeline import Entry


@dataclass(frozen=True)
class SessionToAsk:
    """The session that the page offers to ask about; `is_due` says that the plan asks about it and nobody has yet."""

    session: TherapySession
    number: int
    is_due: bool


@dataclass
class AskingPanel:
    """What was asked in this therapy, and what can be asked next."""

    visible: VisibleEpisode

    @cached_property
    def counts(self) -> AskedCounts:
        """How many held sessions the client was asked about, and what came of it."""
        held = self.visible.timeline.held
        return AskedCounts.of(entry.asked for entry in held if entry.session.starts_at <= self.visible.now)

    @cached_property
    def hidden(self) -> list[Entry]:
        """The sessions whose client has answered and whose answers are still hidden."""
        return [entry for entry in self.visible.timeline.held if entry.is_hidden]

    @cached_property
    def next(self) -> SessionToAsk | None:
        """The session to ask about: the last held one, else one to come today; none that was answered."""
        visible, held = self.visible, self.visible.timeline.held
        if held and not held[-1].asked.answered:
            session, number, is_asked = held[-1].session, len(held), held[-1].asked.asked
        else:
            today = [each for each in visible.planned[:1] if each.counts and each.is_due(visible.now)]
            if not today:
                return None
            session, number, is_asked = today[0], len(held) + 1, False
        if not (visible.is_mine and visible.episode.is_open):
            return None
        session.episode, visible.episode.client = visible.episode, visible.client
        return SessionToAsk(session, number, is_ask_due(session, number, visible.now, is_asked=is_asked))
