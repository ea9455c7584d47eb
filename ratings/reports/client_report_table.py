"""The table of a client's report: the last sessions, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass

from ratings.caseload.timeline import Timeline
from ratings.elements import COMPONENTS, ELEMENTS

SESSIONS_IN_TABLE = 6
COLUMNS = {
    "overall": "Overall",
    **COMPONENTS,
    **{key: name for key, name in ELEMENTS.items() if key not in {"working_alliance", "engagement", "responsiveness"}},
    "engagement": "Engagement",
    "responsiveness": "Responsiveness",
}


@dataclass(frozen=True)
class ReportTable:
    """The scores of the last six sessions; `raters` are those whose scores stand in each cell, in this order."""

    timeline: Timeline
    raters: Iterable[str]

    @property
    def columns(self) -> list[str]:
        return list(COLUMNS.values())

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """Number and date of each session, then the scores of each column."""
        latest = self.timeline.held[: -SESSIONS_IN_TABLE - 1 : -1]
        return [
            (
                f"{entry.number}, {entry.session.day.day} {entry.session.day:%b}",
                [" / ".join(entry.cell(rater, key) for rater in self.raters) for key in COLUMNS],
            )
            for entry in latest
        ]

    @property
    def title(self) -> str:
        return "Last sessions" if len(self.rows) < SESSIONS_IN_TABLE else "Last six sessions"
