"""The strains of an episode on the client's page: the open one with what may help, past ones, marks and shading."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from ratings.analysis.repair_prompts import prompts_for
from ratings.caseload.client_page.visible_episode import VisibleEpisode
from ratings.caseload.timeline import Entry
from ratings.figures.shading import ShadedStrain
from ratings.models import Rupture
from ratings.models.signal import State

MARKABLE = 3


@dataclass
class StrainsPanel:
    """The stored ruptures of one episode as this person may see them, without those withdrawn."""

    visible: VisibleEpisode

    @cached_property
    def ruptures(self) -> list[Rupture]:
        """All of them, oldest first."""
        ruptures = Rupture.objects.visible_to(self.visible.user, self.visible.now).filter(episode=self.visible.episode)
        kept = ruptures.exclude(state=State.WITHDRAWN).select_related("session", "outcome_by")
        return list(kept.with_events().order_by("session__starts_at"))

    @cached_property
    def open(self) -> Rupture | None:
        return next((rupture for rupture in self.ruptures if rupture.is_open), None)

    @property
    def open_number(self) -> int | None:
        """The number of the session that opened the open strain."""
        return self.visible.numbers.get(self.open.session_id) if self.open else None

    @cached_property
    def past(self) -> list[tuple[Rupture, int | None]]:
        """The closed strains, newest first, each with the number of the session that opened it."""
        closed = [rupture for rupture in reversed(self.ruptures) if not rupture.is_open]
        return [(rupture, self.visible.numbers.get(rupture.session_id)) for rupture in closed]

    @cached_property
    def prompts(self) -> list[str]:
        """A few things to ask or try, for the items that fell most at the open strain's session."""
        standing = getattr(self.visible.episode, "standing", None)
        return prompts_for(standing.strain["items"]) if standing and standing.strain else []

    def shading(self, shown: Sequence[Entry]) -> list[ShadedStrain]:
        """Return where strains opened and ended among the shown sessions, for a figure."""
        places: dict[UUID | None, int] = {entry.session.pk: place for place, entry in enumerate(shown)}
        found = []
        for rupture in self.ruptures:
            opened = places.get(rupture.session_id)
            end = None if rupture.is_open else places.get(repaired_at(rupture) or rupture.closed_session_id)
            if opened is None and end is None and not rupture.is_open:
                continue
            repaired = end if rupture.state == State.REPAIRED else None
            found.append(ShadedStrain(opened or 0, repaired, end, begins_here=opened is not None))
        return found

    def marks(self, entry: Entry) -> list[str]:
        """Name what the figure marks at this session: that a strain opened there, or was repaired."""
        opened = any(rupture.session_id == entry.session.pk for rupture in self.ruptures)
        repaired = any(repaired_at(rupture) == entry.session.pk for rupture in self.ruptures)
        return ["Possible rupture"] * opened + ["Repaired"] * repaired

    @cached_property
    def markable(self) -> list[Entry]:
        """The last few sessions after any strain on record: those that a clinician may mark by hand."""
        if self.open or not self.visible.episode.is_open:
            return []
        last = max((rupture.session.starts_at for rupture in self.ruptures), default=None)
        latest = self.visible.timeline.held[-MARKABLE:]
        return [entry for entry in latest if not last or entry.session.starts_at > last]


def repaired_at(rupture: Rupture) -> UUID | None:
    """Return the key of the session that repaired a strain: where repair was proposed, else where it was closed."""
    if rupture.state != State.REPAIRED:
        return None
    return rupture.repair_proposed_id or rupture.closed_session_id
