"""Which cases a supervision meeting begins with: the most urgent, the longest open, one never reviewed, one going well.

Source: docs/measures.md#cases-for-a-meeting.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

CASES = 5
LEAST_RATED = 4


@dataclass(frozen=True)
class Candidate:
    """One client as the proposal reads them.

    `place` is the client's key in the order of attention, the smallest first, None where no signal is open; `signal`
    and `signal_since` are the name and the day of the most urgent signal. `open_since` is the day of the oldest thing
    that somebody has to do something about. `reviewed` is whether a meeting has decided on them before, `lately`
    whether they were a case of one of the last two. `has_open_item` is whether anything is open, a note on the chart
    too. `rated` and `above` have a value for the clinician and one for the client: the number of sessions they rated,
    and their latest overall score minus their usual level, in points.
    """

    key: Any
    code: str
    started_on: date
    place: tuple[Any, ...] | None = None
    signal: str = ""
    signal_since: date | None = None
    open_since: date | None = None
    reviewed: bool = False
    lately: bool = False
    has_open_item: bool = False
    rated: tuple[int, int] = (0, 0)
    above: tuple[float | None, float | None] = (None, None)

    @property
    def least_above(self) -> float | None:
        """How far both latest ratings are at least above their usual level; None where one cannot be read."""
        readable = min(self.rated) >= LEAST_RATED
        given = [above for above in self.above if above is not None]
        return min(given) if readable and len(given) == len(self.above) else None

    @property
    def goes_well(self) -> bool:
        """Whether both latest ratings are at or above usual, nothing is open, and no meeting spoke of them lately."""
        is_open = self.has_open_item or self.open_since is not None or self.place is not None
        return self.least_above is not None and self.least_above >= 0 and not is_open and not self.lately


def day(moment: date) -> str:
    """Write a day in words: "3 November"."""
    return f"{moment.day} {moment:%B}"


def worst(cases: Iterable[Candidate]) -> Candidate | None:
    """Return the most urgent case; None where no signal is open."""
    return min(
        (case for case in cases if case.place is not None), key=lambda case: (case.place, case.code), default=None
    )


def oldest(cases: Iterable[Candidate]) -> Candidate | None:
    """Return the case in which something has been open for longest; None where nothing is."""
    waiting = [(case.open_since, case.code, case) for case in cases if case.open_since]
    return min(waiting, key=lambda each: each[:2])[2] if waiting else None


def never_reviewed(cases: Iterable[Candidate]) -> Candidate | None:
    """Return the case longest in therapy of those that no meeting has decided on; None without one."""
    new = [case for case in cases if not case.reviewed]
    return min(new, key=lambda case: (case.started_on, case.code), default=None)


def going_well(cases: Iterable[Candidate]) -> Candidate | None:
    """Return the case whose lower rating is furthest above usual of those that go well; None without one."""
    well = [case for case in cases if case.goes_well]
    return min(well, key=lambda case: (-(case.least_above or 0), case.code), default=None)


def worst_words(case: Candidate) -> str:
    """Say why the most urgent case is proposed."""
    since = f", since {day(case.signal_since)}" if case.signal_since else ""
    return f"Needs attention first: {case.signal.lower()}{since}."


def next_words(case: Candidate) -> str:
    """Say why another urgent case is proposed."""
    return worst_words(case).replace("first", "too", 1)


def oldest_words(case: Candidate) -> str:
    """Say since when something has been open."""
    return f"Open for long: something has waited since {day(case.open_since)}." if case.open_since else ""


def never_words(case: Candidate) -> str:
    """Say that the case is new to supervision."""
    return f"Not reviewed in supervision yet, in therapy since {day(case.started_on)} {case.started_on.year}."


def well_words(_: Candidate) -> str:
    """Say that nothing is open and ask what helps."""
    return "Going well: nothing open, and both latest ratings are at or above usual. What helps here?"


Pick = tuple[Callable[[Iterable[Candidate]], Candidate | None], Callable[[Candidate], str]]
MIX: Sequence[Pick] = (
    (worst, worst_words),
    (oldest, oldest_words),
    (never_reviewed, never_words),
    (going_well, well_words),
)


def propose(cases: Sequence[Candidate], size: int = CASES, taken: Sequence[Any] = ()) -> list[tuple[Any, str]]:
    """Return up to `size` cases, each as its key and a reason in words; the keys in `taken` are left out.

    One case of each kind comes first, in the order of MIX. The rest are the next most urgent, then others never
    reviewed. The same cases give the same proposal.
    """
    left = [case for case in cases if case.key not in taken]
    chosen: list[tuple[Any, str]] = []
    for pick, words in (*MIX, *[(worst, next_words)] * size, *[MIX[2]] * size):
        found = pick(left)
        if found is None or len(chosen) >= size:
            continue
        chosen.append((found.key, words(found)))
        left.remove(found)
    return chosen
