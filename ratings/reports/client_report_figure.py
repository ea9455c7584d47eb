"""The figure of a client's report, in its small size."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ratings.caseload.client_page.page import SHOWN, ClientPage
from ratings.caseload.drawn_figure import CHART, DrawnFigure
from ratings.caseload.timeline import Entry
from ratings.elements import ELEMENTS
from ratings.figures.points import Point
from ratings.figures.trend import trend

PAPER_WIDTH = 688  # of an A4 page between its margins, in CSS pixels


@dataclass
class ReportFigure:
    """The trend of the latest sessions. The client's has neither the clinician's line nor what is made of it."""

    page: ClientPage
    for_client: bool
    sentences: list[str]

    @cached_property
    def held(self) -> list[Entry]:
        return self.page.full.last(SHOWN).held

    @cached_property
    def figure(self) -> DrawnFigure | None:
        """The figure; None where no rating of those on the sheet is in it."""
        points = [self.point(entry) for entry in self.held]
        if not any(point.clinician or point.client for point in points):
            return None
        figure = trend(
            points,
            elements=list(ELEMENTS.items()),
            labels=("clinician", "you" if self.for_client else "client"),
            missed=self.page.full.last(SHOWN).missed,
            band=() if self.for_client else self.page.usual_range.before(self.held),
            strains=() if self.for_client else self.page.strains.shading(self.held),
            on_paper=True,
        )
        words = " ".join([*self.sentences, "The latest sessions are in the table below."])
        return DrawnFigure(figure, CHART, words)

    def point(self, entry: Entry) -> Point:
        return replace(entry.point, clinician=None) if self.for_client else entry.point

    @property
    def has_usual_range(self) -> bool:
        return not self.for_client and any(self.page.usual_range.before(self.held))

    @property
    def has_strains(self) -> bool:
        return not self.for_client and bool(self.page.strains.shading(self.held))

    def for_paper(self) -> dict[str, Any]:
        """Return the drawing and its words as plain values; nothing where there is no figure."""
        if self.figure is None:
            return {}
        return {"svg": self.figure.svg_of_width(PAPER_WIDTH), "told": self.figure.label}
