"""The figure of the client's page, with its sentences and what its key explains."""

from dataclasses import dataclass
from functools import cached_property

from ratings.analysis.words import series_sentence
from ratings.caseload.client_page.strains_panel import StrainsPanel
from ratings.caseload.client_page.usual_range import UsualRange
from ratings.caseload.client_page.visible_episode import VisibleEpisode
from ratings.caseload.drawn_figure import CHART, DrawnFigure
from ratings.caseload.timeline import Timeline
from ratings.elements import COMPONENTS, ELEMENTS
from ratings.figures.trend import trend


@dataclass
class FigurePanel:
    """The trend of the sessions shown: by number or `by_date`, with the components where it is `split`."""

    visible: VisibleEpisode
    shown: Timeline
    usual_range: UsualRange
    strains: StrainsPanel
    split: bool
    by_date: bool

    @cached_property
    def figure(self) -> DrawnFigure | None:
        """The figure for both drawings; None before the first rating."""
        if not self.shown.rated:
            return None
        figure = trend(
            [entry.point for entry in self.shown.held],
            elements=list(ELEMENTS.items()),
            parts=list(COMPONENTS.items()),
            labels=self.visible.labels,
            missed=self.shown.missed,
            band=self.usual_range.before(self.shown.held),
            strains=self.strains.shading(self.shown.held),
            split=self.split,
            by_date=self.by_date,
        )
        return DrawnFigure(figure, CHART, " ".join([*self.sentences, "All values are in the table below."]))

    @cached_property
    def sentences(self) -> list[str]:
        """Say in words what each rater's ratings show so far."""
        overall = self.visible.timeline.overall
        said = [series_sentence(who, overall(rater)) for rater, who in self.visible.names_in_sentences.items()]
        return [sentence for sentence in said if sentence]

    @property
    def has_usual_range(self) -> bool:
        return any(self.usual_range.before(self.shown.held))

    @property
    def has_client_ratings(self) -> bool:
        return any(entry.client for entry in self.shown.held)
