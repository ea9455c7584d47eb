"""One episode as the rules read it: its held sessions in order, the scores and usual levels of both raters.

Source: docs/measures.md#the-usual-level. Sessions are named by their index, oldest first. Scores are 1 to 7.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import accumulate
from typing import TypeVar

from ratings.analysis.said import Evidence, Word, evidence_in
from ratings.analysis.scores import all_scores
from ratings.analysis.several_sessions import Erosion, Phases, erosion_of, low_edges_of, phases_of, same_answers_of
from ratings.analysis.usual import STANDARD, Prior, Thresholds, Usual, usual_levels
from ratings.elements import ELEMENTS

CLINICIAN, CLIENT = "clinician", "client"
RATERS = (CLINICIAN, CLIENT)
Given = TypeVar("Given")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Answers:
    """One rater's answers about one session: the seven items (1 to 7, None for a skipped one), strain, and by whom.

    `strain` and `talked` are keys of STRAIN and TALKED in `elements`, empty where the question was not answered.
    """

    items: Mapping[str, int | None]
    strain: str = ""
    talked: str = ""
    author: str = ""

    @cached_property
    def scores(self) -> dict[str, float | None]:
        """The overall score, the five elements and the seven items, by their keys."""
        return all_scores(self.items)

    @property
    def overall(self) -> float | None:
        return self.scores["overall"]

    @property
    def reports_strain(self) -> bool:
        """Whether a slight or clear strain is reported that was not talked about fully."""
        return self.strain in {"slight", "clear"} and self.talked != "yes"


@dataclass(frozen=True)
class SessionAnswers:
    """One held session with the ratings that staff may see. `waits` is whether a clinician's rating is expected.

    `said_counts` is whether what is said of a strain counts as part of a drop at this session: the service had switched
    on "low, and said" when it was held.
    """

    clinician: Answers | None = None
    client: Answers | None = None
    waits: bool = True
    said_counts: bool = False

    def by(self, rater: str) -> Answers | None:
        """Return the answers of one rater; None where they have not rated the session."""
        return self.clinician if rater == CLINICIAN else self.client

    @property
    def said(self) -> tuple[Word, Word]:
        """What the client and the clinician answered about a strain; None where they did not."""
        of_client, of_clinician = (
            (answers.strain or None) if answers else None for answers in (self.client, self.clinician)
        )
        return of_client, of_clinician


@dataclass(frozen=True)
class Reading:
    """The held sessions of an episode, and the prior of each rater: the standard one where none is given."""

    sessions: Sequence[SessionAnswers]
    priors: Mapping[str, Prior] = field(default_factory=dict)
    thresholds: Thresholds = STANDARD

    def prior(self, rater: str) -> Prior:
        """Return the prior of a rater."""
        return self.priors.get(rater, Prior())

    @cached_property
    def scores(self) -> dict[str, list[float | None]]:
        """Each rater's overall scores, one a session; None without one."""
        return {rater: [answers.overall if answers else None for answers in self.answers(rater)] for rater in RATERS}

    def answers(self, rater: str) -> list[Answers | None]:
        """Return the answers of a rater, one a session; None where they have not rated it."""
        return self._answers[rater]

    @cached_property
    def _answers(self) -> dict[str, list[Answers | None]]:
        return {rater: [session.by(rater) for session in self.sessions] for rater in RATERS}

    @cached_property
    def levels(self) -> dict[str, list[Usual | None]]:
        """Each rater's usual levels. The clinician's start anew where another clinician begins to rate."""
        return {rater: self._joined(rater, self.scores[rater], self._levels_by(rater)) for rater in RATERS}

    @cached_property
    def evidence(self) -> list[Evidence | None]:
        """Each session as "low, and said" reads it, whether or not that rule counts there."""
        levels = zip(self.levels[CLIENT], self.levels[CLINICIAN], strict=True)
        return list(evidence_in(levels, (session.said for session in self.sessions)))

    @cached_property
    def low_edges(self) -> dict[str, list[float | None]]:
        """Each rater's upper limits of the usual level, in points; see `low_edges_of`."""
        return {rater: self._joined(rater, self.levels[rater], low_edges_of) for rater in RATERS}

    @cached_property
    def erosion(self) -> dict[str, list[Erosion | None]]:
        """Each rater's running averages; see `erosion_of`."""
        return {rater: self._joined(rater, self.levels[rater], erosion_of) for rater in RATERS}

    @cached_property
    def phases(self) -> dict[str, list[Phases | None]]:
        """Each rater's first and last three scores; see `phases_of`."""
        return {rater: self._joined(rater, self.levels[rater], phases_of) for rater in RATERS}

    @cached_property
    def same_answers(self) -> dict[str, list[int]]:
        """For each rater, how many rated sessions running have the same answers; see `same_answers_of`."""
        items = {rater: [answers.items if answers else None for answers in self.answers(rater)] for rater in RATERS}
        return {rater: self._joined(rater, items[rater], same_answers_of) for rater in RATERS}

    @cached_property
    def unrated(self) -> list[int]:
        """How many sessions so far wait for a clinician's rating, at each session, whether or not others were rated."""
        return list(accumulate(session.waits and session.clinician is None for session in self.sessions))

    @cached_property
    def gaps(self) -> list[tuple[float | None, float, int]]:
        """At each session: the gap today, the mean of the earlier gaps, and their number.

        A gap is the client's overall score minus the clinician's, in points; None where the session lacks one of them.
        The mean is 0 before the first gap.
        """
        return gaps_of(self.scores[CLIENT], self.scores[CLINICIAN])

    def _levels_by(self, rater: str) -> Callable[[Sequence[float | None]], list[Usual | None]]:
        return partial(usual_levels, prior=self.prior(rater), thresholds=self.thresholds)

    def _joined(
        self, rater: str, series: Sequence[Given], compute: Callable[[Sequence[Given]], Sequence[Value]]
    ) -> list[Value]:
        """Compute over each run of sessions rated by one person, and join the results."""
        return [value for start, end in self.stretches[rater] for value in compute(series[start:end])]

    def start_of(self, rater: str, index: int) -> int:
        """Return the first session of the run, rated by one person, that a session belongs to."""
        return next(start for start, end in self.stretches[rater] if start <= index < end)

    @cached_property
    def stretches(self) -> dict[str, list[tuple[int, int]]]:
        """Each rater's runs of sessions rated by one person, as start and end. The client's are one run."""
        return {CLINICIAN: runs_by_author(self.answers(CLINICIAN)), CLIENT: [(0, len(self.sessions))]}

    def alarm_rater(self, index: int) -> str | None:
        """Return whose rating may raise an alarm at a session; None where neither has an overall score.

        It is the client's where that has an overall score, else the clinician's.
        """
        return self._alarm_raters[index]

    @cached_property
    def _alarm_raters(self) -> list[str | None]:
        scored = zip(self.scores[CLIENT], self.scores[CLINICIAN], strict=True)
        return [CLIENT if of_client else CLINICIAN if of_clinician else None for of_client, of_clinician in scored]

    def before(self, rater: str, index: int) -> tuple[float, float]:
        """Return a rater's usual level and scale, in points, as they stood before a session."""
        if usual := self.levels[rater][index]:
            return usual.level, usual.scale
        prior, earlier = self.prior(rater), self.rated_before(rater, index)
        return (earlier.next_level, earlier.next_scale) if earlier else (prior.m0, prior.sigma)

    def rated_before(self, rater: str, index: int) -> Usual | None:
        """Return the rated session before a session, by the same person; None without one."""
        earlier = reversed(self.levels[rater][self.start_of(rater, index) : index])
        return next((usual for usual in earlier if usual), None)

    def fell_most(self, rater: str, index: int) -> list[str]:
        """Return the elements furthest below their own usual level at a session: two at most, the furthest first.

        The second is named where it fell at least half as far. Empty where none is below.
        """
        drops = {key: drop for key in ELEMENTS if (drop := self._drop(rater, index, key)) > 0}
        most = sorted(drops, key=lambda key: -drops[key])[:2]
        return [key for key in most if drops[key] >= drops[most[0]] / 2]

    def _drop(self, rater: str, index: int, key: str) -> float:
        """Return how far an element lies below its own usual level, in points; 0 at its first rated session."""
        usual = self.levels_of(rater, key)[index]
        return usual.level - usual.score if usual and usual.z is not None else 0.0

    def levels_of(self, rater: str, key: str) -> list[Usual | None]:
        """Return the usual levels of one score of a rater: "overall", an element or an item.

        Only the overall score raises alarms. The others explain them.
        """
        if key == "overall":
            return self.levels[rater]
        if (rater, key) not in self._levels_of:
            scores = [answers.scores[key] if answers else None for answers in self.answers(rater)]
            self._levels_of[rater, key] = self._joined(rater, scores, self._levels_by(rater))
        return self._levels_of[rater, key]

    def newest(self, rater: str, key: str) -> Usual | None:
        """Return the last session with this score among those rated by the newest person; None without one."""
        start, _ = self.stretches[rater][-1]
        return next((usual for usual in reversed(self.levels_of(rater, key)[start:]) if usual), None)

    @cached_property
    def _levels_of(self) -> dict[tuple[str, str], list[Usual | None]]:
        return {}


def gaps_of(client: Sequence[float | None], clinician: Sequence[float | None]) -> list[tuple[float | None, float, int]]:
    """Return at each session the gap of two raters' scores, the mean of the earlier gaps, and their number."""
    found: list[tuple[float | None, float, int]] = []
    total, pairs = 0.0, 0
    for theirs, own in zip(client, clinician, strict=True):
        today = None if theirs is None or own is None else theirs - own
        found.append((today, total / pairs if pairs else 0.0, pairs))
        if today is not None:
            total, pairs = total + today, pairs + 1
    return found


def runs_by_author(series: Sequence[Answers | None]) -> list[tuple[int, int]]:
    """Return the runs of sessions that one person rated, as start and end. One not rated belongs to the run before."""
    starts, author = [0], ""
    for index, answers in enumerate(series):
        if answers and answers.author != author:
            starts += [index] if author else []
            author = answers.author
    return list(zip(starts, [*starts[1:], len(series)], strict=True))
