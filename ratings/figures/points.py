"""The data of the trend figure: sessions, the ratings of each, and remarks in words."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

BREAK_DAYS = 28


@dataclass(frozen=True)
class Mark:
    """One rating: its scores by key. `late` was saved late, `partial` has skipped items; both are drawn hollow."""

    scores: Mapping[str, float | None]
    late: bool = False
    partial: bool = False

    @property
    def is_hollow(self) -> bool:
        return self.late or self.partial


@dataclass(frozen=True)
class Point:
    """One held session with both ratings; None where there is none, or none that may be shown."""

    number: int
    date: date
    clinician: Mark | None
    client: Mark | None
    clinician_name: str = ""


@dataclass(frozen=True)
class RaterLine:
    """One rater's ratings, a mark or None for each session; `key` is clinician or client."""

    key: str
    label: str
    marks: Sequence[Mark | None]

    def scores(self, key: str) -> list[float | None]:
        return [mark.scores.get(key) if mark else None for mark in self.marks]


def breaks(points: Sequence[Point]) -> list[int]:
    """Return the indexes of sessions held more than 28 days after the one before."""
    return [i for i, (a, b) in enumerate(pairwise(points), start=1) if (b.date - a.date).days > BREAK_DAYS]


def changes_of_clinician(points: Sequence[Point]) -> list[int]:
    names = [point.clinician_name for point in points]
    return [i for i, (a, b) in enumerate(pairwise(names), start=1) if a and b and a != b]


def notes(
    points: Sequence[Point], raters: Sequence[RaterLine], missed: Iterable[date], strains: Mapping[int, str]
) -> dict[str, str]:
    """Return remarks by the index of the session: strains, interruptions, late, partial and missing ratings."""
    words = _interruptions(points, missed)
    for index, remark in strains.items():
        words[index].insert(0, remark)
    for index, remarks in enumerate(words):
        if any(rater.marks[index] for rater in raters):
            remarks += [remark for rater in reversed(raters) if (remark := _remark(rater, index))]
        else:
            remarks.append("No ratings to show.")
    return {str(index): " ".join(remarks) for index, remarks in enumerate(words) if remarks}


def _interruptions(points: Sequence[Point], missed: Iterable[date]) -> list[list[str]]:
    words: list[list[str]] = [[] for _ in points]
    for index in breaks(points):
        weeks = (points[index].date - points[index - 1].date).days // 7
        words[index].append(f"First session after {weeks} weeks.")
    for index in changes_of_clinician(points):
        words[index].append(f"From here with {points[index].clinician_name.removesuffix('.')}.")
    dates = [point.date for point in points]
    for gap, count in Counter(bisect_right(dates, day) for day in missed).items():
        sessions = f"{count} missed session{'s' if count > 1 else ''}"
        if gap < len(points):
            words[gap].append(f"After {sessions}.")
        else:
            words[-1].append(f"Followed by {sessions}.")
    return words


def _remark(rater: RaterLine, index: int) -> str:
    mark = rater.marks[index]
    if mark and not mark.is_hollow:
        return ""
    kind = " and ".join(["late"] * mark.late + ["partial"] * mark.partial) if mark else "no"
    return f"{rater.label[:1].upper()}{rater.label[1:]}: {kind} rating."
