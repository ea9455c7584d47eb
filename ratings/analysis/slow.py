"""What shows only over several sessions: low from the start, erosion, phase change, answers that never differ.

One value a session, None where there is nothing to say yet. Scores are overall alliance, 1 to 7.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from ratings.analysis.usual import Usual
from ratings.elements import HIGHEST

MIDDLE = 4.0
LOW_Z = 1.28
LOW_FROM = 3
EROSION_FROM, EROSION_BEST_FROM, EROSION_LIMIT, EROSION_GAIN = 5, 3, 2.0, 0.35
PHASE_FROM, PHASE_LENGTH, PHASE_LIMIT, PHASE_WIDTH = 6, 3, 1.96, 1.2
SAME_RUNNING = 4


def low_edges_of(levels: Sequence[Usual | None]) -> list[float | None]:
    """Return b + 1.28 sqrt(S C) after each session from the third rated one on; below 4.0 is low from the start."""
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
    """A slow average of the scores after a session, its best since the third rated one, and the scale (points)."""

    best: float
    average: float
    scale: float

    @property
    def fallen(self) -> float:
        """How far the average lies below its best, in scales: 2 is erosion."""
        return (self.best - self.average) / self.scale


def erosion_of(levels: Sequence[Usual | None]) -> list[Erosion | None]:
    """Follow the slow average; one value a session from the fifth rated one on."""
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
    """The mean of the first three scores, that of the last three, and the scale after the session (points)."""

    first: float
    last: float
    scale: float

    @property
    def error(self) -> float:
        """The standard error of the difference of the two means."""
        return PHASE_WIDTH * self.scale * sqrt(2 / PHASE_LENGTH)

    @property
    def change(self) -> float:
        return (self.last - self.first) / self.error


def phases_of(levels: Sequence[Usual | None]) -> list[Phases | None]:
    """Compare the last three scores with the first three; one value a session from the sixth rated one on."""
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
    """Return, for each session, how many rated sessions running up to it have the same seven answers; 0 if unrated.

    Nothing but 7s counts as the same, whichever row was skipped.
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
    return {score for score in items.values() if score is not None} == {HIGHEST}
