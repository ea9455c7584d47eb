"""One episode as the rules read it: held sessions in order, each rater form's scores and usual levels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TypeVar

from ratings.analysis.scores import all_scores
from ratings.analysis.slow import Erosion, Phases, erosion_of, low_edges_of, phases_of, same_answers_of
from ratings.analysis.usual import STANDARD, Prior, Thresholds, Usual, usual_levels
from ratings.elements import ELEMENTS

CLINICIAN, CLIENT = "clinician", "client"
FORMS = (CLINICIAN, CLIENT)
Given = TypeVar("Given")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Answers:
    """What one form says of one session: the seven items, the strain question, and who rated."""

    items: Mapping[str, int | None]
    strain: str = ""
    talked: str = ""
    author: str = ""

    @cached_property
    def scores(self) -> dict[str, float | None]:
        """Overall, the elements and the items."""
        return all_scores(self.items)

    @property
    def overall(self) -> float | None:
        return self.scores["overall"]

    @property
    def reports_strain(self) -> bool:
        """Whether a strain is reported that has not been talked about."""
        return self.strain in {"slight", "clear"} and self.talked != "yes"


@dataclass(frozen=True)
class Held:
    """One held session. `waits` is whether a clinician's rating is expected at all."""

    clinician: Answers | None = None
    client: Answers | None = None
    waits: bool = True

    def form(self, name: str) -> Answers | None:
        return self.clinician if name == CLINICIAN else self.client


@dataclass(frozen=True)
class Reading:
    """The held sessions of an episode, oldest first, with the priors it began with, one a form."""

    sessions: Sequence[Held]
    priors: Mapping[str, Prior] = field(default_factory=dict)
    thresholds: Thresholds = STANDARD

    def prior(self, form: str) -> Prior:
        return self.priors.get(form, Prior())

    @cached_property
    def scores(self) -> dict[str, list[float | None]]:
        return {form: [answers.overall if answers else None for answers in self.answers(form)] for form in FORMS}

    def answers(self, form: str) -> list[Answers | None]:
        return self._answers[form]

    @cached_property
    def _answers(self) -> dict[str, list[Answers | None]]:
        return {form: [session.form(form) for session in self.sessions] for form in FORMS}

    @cached_property
    def levels(self) -> dict[str, list[Usual | None]]:
        """Each form's usual levels; the clinician's start anew where another clinician begins to rate."""
        return {form: self._joined(form, self.scores[form], self._levels_by(form)) for form in FORMS}

    @cached_property
    def low_edges(self) -> dict[str, list[float | None]]:
        return {form: self._joined(form, self.levels[form], low_edges_of) for form in FORMS}

    @cached_property
    def erosion(self) -> dict[str, list[Erosion | None]]:
        return {form: self._joined(form, self.levels[form], erosion_of) for form in FORMS}

    @cached_property
    def phases(self) -> dict[str, list[Phases | None]]:
        return {form: self._joined(form, self.levels[form], phases_of) for form in FORMS}

    @cached_property
    def same_answers(self) -> dict[str, list[int]]:
        items = {form: [answers.items if answers else None for answers in self.answers(form)] for form in FORMS}
        return {form: self._joined(form, items[form], same_answers_of) for form in FORMS}

    @cached_property
    def unrated(self) -> list[int]:
        """How many sessions that wait for the clinician's rating have passed since the last one, at each session."""
        running, counts = 0, []
        for session in self.sessions:
            running = 0 if session.clinician else running + session.waits
            counts.append(running)
        return counts

    @cached_property
    def gaps(self) -> list[tuple[float | None, float, int]]:
        """Client minus clinician at each session, and the mean and number of the earlier pairs."""
        found: list[tuple[float | None, float, int]] = []
        total, pairs = 0.0, 0
        for client, clinician in zip(self.scores[CLIENT], self.scores[CLINICIAN], strict=True):
            today = None if client is None or clinician is None else client - clinician
            found.append((today, total / pairs if pairs else 0.0, pairs))
            if today is not None:
                total, pairs = total + today, pairs + 1
        return found

    def _levels_by(self, form: str) -> Callable[[Sequence[float | None]], list[Usual | None]]:
        return partial(usual_levels, prior=self.prior(form), thresholds=self.thresholds)

    def _joined(
        self, form: str, series: Sequence[Given], compute: Callable[[Sequence[Given]], Sequence[Value]]
    ) -> list[Value]:
        """Compute over each stretch with one author and join the results: one stretch for the client's form."""
        return [value for start, end in self.stretches[form] for value in compute(series[start:end])]

    def start_of(self, form: str, index: int) -> int:
        """Return where the stretch that holds a session begins."""
        return next(start for start, end in self.stretches[form] if start <= index < end)

    @cached_property
    def stretches(self) -> dict[str, list[tuple[int, int]]]:
        """The stretches over which one clinician rates, as start and end; the client's form has one."""
        return {form: self._stretches(form) for form in FORMS}

    def _stretches(self, form: str) -> list[tuple[int, int]]:
        starts, author = [0], ""
        for index, answers in enumerate(self.answers(form)):
            if form == CLINICIAN and answers and answers.author != author:
                starts += [index] if author else []
                author = answers.author
        return list(zip(starts, [*starts[1:], len(self.sessions)], strict=True))

    def alarm_form(self, index: int) -> str | None:
        """Return the form that may raise an alarm: the client's if it has a score there, else the clinician's."""
        return self._alarm_forms[index]

    @cached_property
    def _alarm_forms(self) -> list[str | None]:
        scored = zip(self.scores[CLIENT], self.scores[CLINICIAN], strict=True)
        return [
            CLIENT if client is not None else CLINICIAN if clinician is not None else None
            for client, clinician in scored
        ]

    def before(self, form: str, index: int) -> tuple[float, float]:
        """Return the form's level and scale (points) as they stood before a session."""
        if usual := self.levels[form][index]:
            return usual.level, usual.scale
        prior, earlier = self.prior(form), self.rated_before(form, index)
        return (earlier.next_level, earlier.next_scale) if earlier else (prior.m0, prior.sigma)

    def rated_before(self, form: str, index: int) -> Usual | None:
        """Return the rated session before a session, by the same rater; None where there is none."""
        earlier = reversed(self.levels[form][self.start_of(form, index) : index])
        return next((usual for usual in earlier if usual), None)

    def fell_most(self, form: str, index: int) -> list[str]:
        """Name the one or two elements furthest below their own running level at a session, furthest first."""
        drops = {key: drop for key in ELEMENTS if (drop := self._drop(form, index, key)) > 0}
        most = sorted(drops, key=lambda key: -drops[key])[:2]
        return [key for key in most if drops[key] >= drops[most[0]] / 2]

    def _drop(self, form: str, index: int, key: str) -> float:
        usual = self.levels_of(form, key)[index]
        return usual.level - usual.score if usual and usual.z is not None else 0.0

    def levels_of(self, form: str, key: str) -> list[Usual | None]:
        """Return the own usual levels of one score, an element or a component; they explain an alarm and raise none."""
        if key == "overall":
            return self.levels[form]
        if (form, key) not in self._levels_of:
            scores = [answers.scores[key] if answers else None for answers in self.answers(form)]
            self._levels_of[form, key] = self._joined(form, scores, self._levels_by(form))
        return self._levels_of[form, key]

    def newest(self, form: str, key: str) -> Usual | None:
        """Return the last session with this score, by the same rater as the last rating; None where there is none."""
        start, _ = self.stretches[form][-1]
        return next((usual for usual in reversed(self.levels_of(form, key)[start:]) if usual), None)

    @cached_property
    def _levels_of(self) -> dict[tuple[str, str], list[Usual | None]]:
        return {}
