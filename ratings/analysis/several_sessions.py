"""What shows only over several sessions: a low level from the start, erosion, phase change, answers that never differ.

Source: docs/measures.md#the-rules. Each function returns one value a session, None where there is none yet. Scores are
overall alliance, 1 to 7.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from ratings.analysis.usual import Usual
from ratings.elements import HIGHEST

MIDDLE = 4.0  # of the scale from 1 to 7
LOW_Z = 1.28  # 90th percentile of a normal deviate
LOW_FROM = 3
EROSION_FROM, EROSION_BEST_FROM, EROSION_LIMIT, EROSION_GAIN = 5, 3, 2.0, 0.35
PHASE_FROM, PHASE_LENGTH, PHASE_LIMIT, PHASE_WIDTH = 6, 3, 1.96, 1.2
SAME_RUNNING = 4


def low_edges_of(levels: Sequence[Usual | None]) -> list[float | None]:
    """Return the upper limit of the usual level after each session, in points, from the third rated session on.

    It is b + 1.28 sqrt(S C). Below 4, the middle of the scale, the level counts as low from the start.
    """
    rated = 0
    edges: list[float | None] = []
    for usual in levels:
        if usual is None:
            edges.append(None)
            continue
        rated += 1
        edge = usual.next_level + LOW_Z * usual.next_scale * sqrt(usual.weight)
        edges.append(edge if rated >= LOW_FROM else None)
    return edges


@dataclass(frozen=True)
class Erosion:
    """A running average of the scores after a session, its best since the third rated session, the scale (points)."""

    best: float
    average: float
    scale: float

    @property
    def fallen(self) -> float:
        """How far the average lies below its best, in scales. From 2 on it counts as erosion."""
        return (self.best - self.average) / self.scale


def erosion_of(levels: Sequence[Usual | None]) -> list[Erosion | None]:
    """Return the running average after each session, from the fifth rated session on."""
    average, best, rated = 0.0, float("-inf"), 0
    values: list[Erosion | None] = []
    for usual in levels:
        if usual is None:
            values.append(None)
            continue
        rated += 1
        average += max(EROSION_GAIN, 1 / rated) * (usual.score - average)
        if rated >= EROSION_BEST_FROM:
            best = max(best, average)
        values.append(Erosion(best, average, usual.next_scale) if rated >= EROSION_FROM else None)
    return values


@dataclass(frozen=True)
class Phases:
    """The means of the first three and of the last three scores, and the scale after the session (points)."""

    first: float
    last: float
    scale: float

    @property
    def error(self) -> float:
        """The standard error of the difference between the two means, in points."""
        return PHASE_WIDTH * self.scale * sqrt(2 / PHASE_LENGTH)

    @property
    def change(self) -> float:
        """The difference between the two means, in standard errors; above 0 the last are higher."""
        return (self.last - self.first) / self.error


def phases_of(levels: Sequence[Usual | None]) -> list[Phases | None]:
    """Compare the last three scores with the first three at each session, from the sixth rated session on."""
    given: list[float] = []
    values: list[Phases | None] = []
    for usual in levels:
        if usual is None:
            values.append(None)
            continue
        given.append(usual.score)
        first, last = (sum(part) / PHASE_LENGTH for part in (given[:PHASE_LENGTH], given[-PHASE_LENGTH:]))
        values.append(Phases(first, last, usual.next_scale) if len(given) >= PHASE_FROM else None)
    return values


def same_answers_of(forms: Sequence[Mapping[str, int | None] | None]) -> list[int]:
    """Return for each session how many rated sessions running, itself included, have the same seven answers.

    0 where the session is not rated. Forms with nothing but 7s count as the same, whichever item was skipped.
    """
    running, last = 0, None
    counts = []
    for items in forms:
        if items is None:
            counts.append(0)
            continue
        same = items == last or (last is not None and all_sevens(items) and all_sevens(last))
        running = running + 1 if same else 1
        last = items
        counts.append(running)
    return counts


def all_sevens(items: Mapping[str, int | None]) -> bool:
    """Whether every answer that was given is a 7."""
    return {score for score in items.values() if score is not None} == {HIGHEST}
