"""The one-page progress report of a client: the same words, numbers and figure for its page and for its PDF.

One kind is for supervision. The other is for the client, who reads what they have said themselves and nothing else.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from ratings.analysis.words import series_sentence
from ratings.caseload.client_page import SHOWN, ClientPage
from ratings.caseload.drawn_figure import CHART, svg
from ratings.caseload.timeline import Entry, Timeline
from ratings.elements import COMPONENTS, ELEMENTS, NOT_VALIDATED
from ratings.figures.trend import trend
from ratings.models import Rater

SESSIONS_IN_TABLE = 6
SIGNALS_SHOWN = 3
PAPER_WIDTH = 688  # of an A4 page between its margins, in CSS pixels
COLUMNS = {
    "overall": "Overall",
    **COMPONENTS,
    **{key: name for key, name in ELEMENTS.items() if key not in {"working_alliance", "engagement", "responsiveness"}},
    "engagement": "Engagement",
    "responsiveness": "Responsive",
}
SEVERITIES = {"high": "High", "medium": "Medium", "low": "Low", "none": "Note"}
NO_RATINGS = "There are no ratings to show yet."
SCALE = "Ratings run from 1 to 7."
SUPPORT = "They support clinical judgement; they do not replace it."
SUPPORT_FOR_CLIENT = "There are no right or wrong answers; they are there to be talked about."


def long_date(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


@dataclass
class ClientReport:
    """One episode on one sheet, as this person may see it now."""

    page: ClientPage

    @property
    def for_client(self) -> bool:
        return self.page.options.get("for") == "client"

    @property
    def audience(self) -> str:
        return "For the client" if self.for_client else "For supervision"

    @property
    def raters(self) -> dict[str, str]:
        """Whose ratings are on the sheet, and what they are called there."""
        if self.for_client:
            return {Rater.CLIENT: "you"}
        return {Rater.CLINICIAN: "clinician", Rater.CLIENT: "client"}

    @cached_property
    def shown(self) -> Timeline:
        return self.page.full.last(SHOWN)

    @cached_property
    def rated(self) -> list[Entry]:
        return [entry for entry in self.page.full.held if entry.by_rater.keys() & self.raters.keys()]

    @property
    def who(self) -> str:
        person = self.page.client
        return f"{person.name}, {person.code}" if person.name else person.code

    @property
    def facts(self) -> list[tuple[str, str]]:
        return [
            ("Client", self.who),
            ("Clinician", self.page.clinician.name),
            ("Period", self.period),
            ("Sessions", self.sessions),
        ]

    @property
    def period(self) -> str:
        days = [entry.session.day for entry in self.page.full.held]
        if not days:
            return "No session yet"
        return f"{long_date(days[0])} to {long_date(days[-1])}"

    @property
    def sessions(self) -> str:
        held, missed = len(self.page.full.held), len(self.page.full.missed)
        if self.for_client:
            return f"{held} held, {len(self.rated)} rated by you"
        by_client = sum(1 for entry in self.rated if entry.client)
        return f"{held} held, {len(self.rated)} rated, {by_client} by the client, {missed} missed"

    @cached_property
    def sentences(self) -> list[str]:
        told = {rater: name if name == "you" else f"the {name}" for rater, name in self.raters.items()}
        said = [series_sentence(who, self.page.full.overall(rater)) for rater, who in told.items()]
        return [sentence for sentence in said if sentence] or [NO_RATINGS]

    @cached_property
    def figure(self) -> dict[str, Any] | None:
        """The chart in its small size. The client's has neither the clinician's line nor what is made of it."""
        held, watch = self.shown.held, self.page.watch
        if not any(entry in self.rated for entry in held):
            return None
        points = [replace(entry.point, clinician=None) if self.for_client else entry.point for entry in held]
        return trend(
            points,
            elements=list(ELEMENTS.items()),
            labels=("clinician", self.raters[Rater.CLIENT]),
            missed=self.shown.missed,
            band=() if self.for_client else watch.band(held),
            strains=() if self.for_client else watch.strains(held),
            on_paper=True,
        )

    @property
    def told(self) -> str:
        return " ".join([*self.sentences, "The latest sessions are in the table below."])

    @property
    def svg(self) -> SafeString:
        """The figure for the page, which stretches."""
        return svg(self.figure or {}, self.told)

    @property
    def has_band(self) -> bool:
        return not self.for_client and any(self.page.watch.band(self.shown.held))

    @property
    def has_strains(self) -> bool:
        return not self.for_client and bool(self.page.watch.strains(self.shown.held))

    @property
    def columns(self) -> list[str]:
        return list(COLUMNS.values())

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """The last sessions, newest first: number and date, then each column's scores."""
        latest = self.page.full.held[: -SESSIONS_IN_TABLE - 1 : -1]
        return [
            (
                f"{entry.number}, {entry.session.day.day} {entry.session.day:%b}",
                [" / ".join(entry.said(rater, key) for rater in self.raters) for key in COLUMNS],
            )
            for entry in latest
        ]

    @property
    def table_title(self) -> str:
        return "Last sessions" if len(self.rows) < SESSIONS_IN_TABLE else "Last six sessions"

    @property
    def table_note(self) -> str:
        return "your ratings" if self.for_client else "clinician / client"

    @property
    def signals(self) -> list[dict[str, str]]:
        """The open signals that come first; what stands about them in the app is not for the client's sheet."""
        shown = [] if self.for_client else self.page.watch.open[:SIGNALS_SHOWN]
        return [
            {
                "severity": SEVERITIES[signal.rule.severity],
                "title": signal.rule.title,
                "sentence": signal.signal.finding["sentence"],
            }
            for signal in shown
        ]

    @property
    def signals_left_out(self) -> int:
        return 0 if self.for_client else max(0, len(self.page.watch.open) - SIGNALS_SHOWN)

    @property
    def questions(self) -> list[str]:
        return [] if self.for_client else self.page.watch.prompts

    @property
    def caution(self) -> str:
        return f"{SCALE} {SUPPORT_FOR_CLIENT if self.for_client else SUPPORT} {NOT_VALIDATED}"

    @property
    def made(self) -> str:
        now = timezone.localtime(self.page.now)
        return f"{self.page.client.code}. Made by {self.page.user.name}, {now.day} {now:%b %Y, %H:%M}"

    def for_paper(self) -> dict[str, Any]:
        """Everything that the PDF shows, as plain values."""
        names = (
            *(
                "audience",
                "facts",
                "sentences",
                "columns",
                "rows",
                "table_title",
                "table_note",
                "signals",
                "signals_left_out",
            ),
            *("questions", "caution", "made", "for_client", "has_band", "has_strains"),
        )
        told = f"{CHART}. {self.told}"
        chart = {"svg": svg(self.figure, self.told, PAPER_WIDTH), "told": told} if self.figure else {}
        return {name: getattr(self, name) for name in names} | {"chart": chart}
