"""The usual range that the client's page draws and explains: which form it follows and what it leans on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ratings.analysis.chance import PER_THERAPY, by_steadiness
from ratings.analysis.reading import CLIENT, CLINICIAN, Reading, SessionAnswers
from ratings.analysis.usual import band
from ratings.analysis.words import LEAST_FOR_TREND
from ratings.caseload.client_page.visible_episode import VisibleEpisode
from ratings.caseload.timeline import Entry
from ratings.figures.shading import Range
from ratings.models import PriorVersion


@dataclass
class UsualRange:
    """Where this client's overall scores normally lie, session by session."""

    visible: VisibleEpisode

    @cached_property
    def priors(self) -> dict[str, PriorVersion]:
        return PriorVersion.objects.for_episode(self.visible.episode)

    @property
    def prior_words(self) -> str:
        """Say what the usual range leans on at first."""
        leans = "Before about five rated sessions the usual range leans on"
        if not self.priors:
            return f"{leans} starting values that come with the app: they are assumed, not measured here."
        since = max(version.since for version in self.priors.values())
        return f"{leans} the ratings of this service's other clients, as of {since.day} {since:%B %Y}."

    @property
    def steadiness_words(self) -> str:
        return by_steadiness(own_values=bool(self.priors))

    @property
    def chance_words(self) -> str:
        """Say what chance amounts to over a therapy, and for whom."""
        return f"{PER_THERAPY} {self.steadiness_words}"

    @property
    def at_first_from(self) -> str:
        """What a range of few ratings is mostly from, in the key of the figure."""
        return "other clients" if self.priors else "starting values"

    @property
    def leans_on_start(self) -> bool:
        """Whether the range is still mostly from what was assumed at first."""
        return len(self.visible.timeline.rated) < LEAST_FOR_TREND

    @cached_property
    def reading(self) -> Reading:
        """The episode as the rules read it, from the ratings that this page has loaded."""
        sessions = [
            SessionAnswers(
                entry.clinician.answers if entry.clinician else None,
                entry.client.answers if entry.client else None,
                waits=not entry.session.not_rated_reason,
            )
            for entry in self.visible.timeline.held
        ]
        return Reading(sessions, {rater: version.prior for rater, version in self.priors.items()})

    @cached_property
    def form(self) -> str | None:
        """The form whose range is drawn: the one that alarms follow at the latest rated session."""
        forms = (self.reading.alarm_rater(index) for index in reversed(range(len(self.visible.timeline.held))))
        return next((form for form in forms if form), None)

    @property
    def form_words(self) -> str:
        """Say whose ratings alarms follow at the latest rated session."""
        if self.form == CLIENT:
            return "Alarms and the usual range follow the client's own rating wherever there is one to see."
        if self.form == CLINICIAN:
            return (
                "At the latest rated session, alarms and the usual range follow the clinician's rating. "
                "Clinicians' ratings notice fewer strains than clients' own."
            )
        return ""

    def before(self, shown: Sequence[Entry]) -> list[Range | None]:
        """Return the range before each of the last sessions shown, from the second rated one on.

        A session without a score leaves the range as it is.
        """
        if self.form is None or not shown:
            return []
        ranges: list[Range | None] = []
        following: Range | None = None
        for usual in reversed(self.reading.levels[self.form]):
            if usual:
                following = band(usual) if usual.z is not None else None
            ranges.append(following)
        return ranges[::-1][-len(shown) :]
