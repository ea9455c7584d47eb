"""The one-page progress report of a client: the same words, numbers and figure for its page and for its PDF.

One kind is for supervision. The other is for the client, who reads what they have said themselves and nothing else.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from alliance_tracker.sentences import stopped
from ratings.analysis.words import own_sentence, series_sentence
from ratings.caseload.client_page.page import ClientPage
from ratings.caseload.timeline import Entry
from ratings.elements import NOT_VALIDATED
from ratings.models import Rater
from ratings.reports.client_report_figure import ReportFigure
from ratings.reports.client_report_table import ReportTable

SIGNALS_SHOWN = 3
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
        """Whose ratings are on the sheet, and what each is called within a sentence."""
        if self.for_client:
            return {Rater.CLIENT: "you"}
        return {Rater.CLINICIAN: "the clinician", Rater.CLIENT: "the client"}

    @cached_property
    def rated(self) -> list[Entry]:
        """The held sessions with a rating that is on the sheet."""
        return [entry for entry in self.page.full.held if entry.by_rater.keys() & self.raters.keys()]

    @property
    def facts(self) -> list[tuple[str, str]]:
        client = self.page.client
        return [
            ("Client", f"{client.name}, {client.code}" if client.name else client.code),
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
        """Say in words what the ratings on the sheet show so far."""
        if self.for_client:
            return [own_sentence(self.page.full.overall(Rater.CLIENT)) or NO_RATINGS]
        said = [series_sentence(who, self.page.full.overall(rater)) for rater, who in self.raters.items()]
        return [sentence for sentence in said if sentence] or [NO_RATINGS]

    @cached_property
    def trend(self) -> ReportFigure:
        return ReportFigure(self.page, self.for_client, self.sentences)

    @property
    def table(self) -> ReportTable:
        return ReportTable(self.page.full, tuple(self.raters))

    @property
    def table_note(self) -> str:
        return "your ratings" if self.for_client else "clinician / client"

    @property
    def signals(self) -> list[dict[str, str]]:
        """The open signals that come first; what the app says of them is not for the client's sheet."""
        shown = [] if self.for_client else self.page.signals.open[:SIGNALS_SHOWN]
        return [
            {
                "severity": SEVERITIES[each.rule.severity],
                "title": each.rule.title,
                "sentence": each.signal.finding["sentence"],
            }
            for each in shown
        ]

    @property
    def signals_left_out(self) -> int:
        return 0 if self.for_client else max(0, len(self.page.signals.open) - SIGNALS_SHOWN)

    @property
    def questions(self) -> list[str]:
        return [] if self.for_client else self.page.strains.prompts

    @property
    def caution(self) -> str:
        return f"{SCALE} {SUPPORT_FOR_CLIENT if self.for_client else SUPPORT} {NOT_VALIDATED}"

    @property
    def made(self) -> str:
        now = timezone.localtime(self.page.now)
        return f"{stopped(self.page.client.code)} Made by {self.page.user.name}, {now.day} {now:%b %Y, %H:%M}"

    def for_paper(self) -> dict[str, Any]:
        """Return everything that the PDF shows, as plain values under the names that its template reads."""
        return {
            "audience": self.audience,
            "facts": self.facts,
            "sentences": self.sentences,
            "columns": self.table.columns,
            "rows": self.table.rows,
            "table_title": self.table.title,
            "table_note": self.table_note,
            "signals": self.signals,
            "signals_left_out": self.signals_left_out,
            "questions": self.questions,
            "caution": self.caution,
            "made": self.made,
            "for_client": self.for_client,
            "has_band": self.trend.has_usual_range,
            "has_strains": self.trend.has_strains,
            "chart": self.trend.for_paper(),
        }
