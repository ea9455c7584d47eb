"""Which cases a meeting begins with: the worst, the oldest open, one never reviewed, and one that goes well."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

CASES = 5
LEAST_RATED = 4


@dataclass(frozen=True)
class Case:
    """One client as the rule reads them.

    `place` is where the gravest item stands in the order of attention, None where nothing is open, with `signal` its
    name; `open_since` is the day of the oldest open item; `reviewed` whether supervision has decided on them before;
    `unclear` that the answers say little; `above` is the latest rating against the usual level.
    """

    key: Any
    code: str
    started_on: date
    place: tuple[Any, ...] | None = None
    signal: str = ""
    signal_since: date | None = None
    open_since: date | None = None
    reviewed: bool = False
    unclear: bool = False
    rated: int = 0
    above: float | None = None

    @property
    def goes_well(self) -> bool:
        """Whether nothing is open, the ratings can be read, and the latest is not below the usual level."""
        readable = self.rated >= LEAST_RATED and not self.unclear
        return readable and self.open_since is None and self.above is not None and self.above >= 0


def day(moment: date) -> str:
    return f"{moment.day} {moment:%B}"


def worst(cases: Iterable[Case]) -> Case | None:
    return min(
        (case for case in cases if case.place is not None), key=lambda case: (case.place, case.code), default=None
    )


def oldest(cases: Iterable[Case]) -> Case | None:
    waiting = [(case.open_since, case.code, case) for case in cases if case.open_since]
    return min(waiting, key=lambda each: each[:2])[2] if waiting else None


def never_reviewed(cases: Iterable[Case]) -> Case | None:
    new = [case for case in cases if not case.reviewed]
    return min(new, key=lambda case: (case.started_on, case.code), default=None)


def going_well(cases: Iterable[Case]) -> Case | None:
    well = [case for case in cases if case.goes_well]
    return min(well, key=lambda case: (-(case.above or 0), case.code), default=None)


def worst_words(case: Case) -> str:
    since = f", since {day(case.signal_since)}" if case.signal_since else ""
    return f"Needs attention first: {case.signal.lower()}{since}."


def next_words(case: Case) -> str:
    return worst_words(case).replace("first", "too", 1)


def oldest_words(case: Case) -> str:
    return f"Open for long: something has waited since {day(case.open_since)}." if case.open_since else ""


def never_words(case: Case) -> str:
    return f"Not reviewed in supervision yet, in therapy since {day(case.started_on)} {case.started_on.year}."


def well_words(_: Case) -> str:
    return "Going well: nothing open, and the latest rating is not below usual. What helps here?"


Pick = tuple[Callable[[Iterable[Case]], Case | None], Callable[[Case], str]]
MIX: Sequence[Pick] = (
    (worst, worst_words),
    (oldest, oldest_words),
    (never_reviewed, never_words),
    (going_well, well_words),
)


def propose(cases: Sequence[Case], size: int = CASES, taken: Sequence[Any] = ()) -> list[tuple[Any, str]]:
    """Return up to `size` keys, none of those taken, each with its reason in words.

    One of each kind first, then the next worst, then those never reviewed. The same cases give the same answer.
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
