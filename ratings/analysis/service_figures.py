"""A service in figures: a month of sessions, a year of strains. Never of one clinician.

Of each figure, `n` says how many cases it rests on and `by` from how many clinicians they come. Times are seconds or
days, scores 1 to 7. `disclosure` decides what may be printed. Source: docs/measures.md#a-service-in-figures.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from statistics import fmean, median, quantiles, stdev

from ratings.analysis.scores import element_scores
from ratings.analysis.usual import HIGHEST, LOWEST, t_value
from ratings.elements import ELEMENTS

Items = Mapping[str, int | None]
Figure = dict[str, float | int | None]
NORMAL_95 = 1.96
RATERS = ("clinician", "client")
ENDINGS = ("planned", "unplanned", "other")


@dataclass(frozen=True)
class HeldSession:
    """One held session: the answers by rater (`items_by_rater`), and what became of the question to the client.

    `seconds` is the time from opening the clinician's form to its first save, None where it is not known.
    """

    client: Hashable
    clinician: Hashable
    items_by_rater: Mapping[str, Items] = field(default_factory=dict)
    asked: bool = False
    answered: bool = False
    declined: bool = False
    seconds: float | None = None


@dataclass(frozen=True)
class StrainCourse:
    """One strain: days until a person spoke of it and until it was repaired, None where that did not happen."""

    clinician: Hashable
    acknowledged_after: float | None = None
    repaired_after: float | None = None


@dataclass(frozen=True)
class CountedCase:
    """One case of a kind, counted by whether something `is_so` of it.

    A signal: its rule, and whether a person found it not right. An ended therapy: how it ended. A rating: the answer to
    whether an open strain was discussed with the client, and whether that was "yes".
    """

    clinician: Hashable
    kind: str
    is_so: bool = True


def of_sessions(visits: Sequence[HeldSession]) -> dict[str, object]:
    """Return the figures of a month's held sessions."""
    asked = [visit for visit in visits if visit.asked]
    return {
        "held": len(visits),
        "by": count_clinicians(visits),
        "rated": sum("clinician" in visit.items_by_rater for visit in visits),
        "asked": {"n": len(asked), "by": count_clinicians(asked)}
        | {name: sum(getattr(visit, name) for visit in asked) for name in ("answered", "declined")},
        "elements": {rater: elements(visits, rater) for rater in RATERS},
        "seconds": median_and_p90((visit.clinician, visit.seconds) for visit in visits),
    }


def count_clinicians(rows: Iterable[HeldSession | StrainCourse | CountedCase]) -> int:
    """Return how many clinicians these rows come from."""
    return len({row.clinician for row in rows})


def of_strains(
    courses: Collection[StrainCourse],
    signals: Iterable[CountedCase],
    endings: Collection[CountedCase],
    discussed: Collection[CountedCase],
) -> dict[str, object]:
    """Return what became of strains and signals in a year; of a month they would be too few.

    `endings` are those of therapies that had a strain. `discussed` are the answers to whether an open strain was
    discussed.
    """
    return {
        "strains": {"n": len(courses), "by": count_clinicians(courses)},
        "acknowledged": median_and_p90((course.clinician, course.acknowledged_after) for course in courses),
        "repaired": median_and_p90((course.clinician, course.repaired_after) for course in courses),
        "discussed": part_of(discussed),
        "rules": rules(signals),
        "endings": {"by": count_clinicians(endings)} | {kind: count_kinds(endings)[kind] for kind in ENDINGS},
    }


def count_kinds(rows: Iterable[CountedCase]) -> Counter[str]:
    """Count the cases of each kind."""
    return Counter(row.kind for row in rows)


def part_of(rows: Collection[CountedCase]) -> Figure:
    """Return of how many cases it is so (`part`), and of how many in all."""
    return {"part": sum(row.is_so for row in rows), "n": len(rows), "by": count_clinicians(rows)}


def rules(signals: Iterable[CountedCase]) -> dict[str, Figure]:
    """Return for each rule how many signals it raised, and how many of them a person found not right."""
    by_rule: dict[str, list[CountedCase]] = defaultdict(list)
    for signal in signals:
        by_rule[signal.kind].append(signal)
    return {rule: part_of(raised) for rule, raised in sorted(by_rule.items())}


def median_and_p90(values: Iterable[tuple[Hashable, float | None]]) -> Figure:
    """Return median and 90th percentile of the values, each of which comes with its clinician.

    Values that are None are left out. Both are None without a value.
    """
    given = [(clinician, value) for clinician, value in values if value is not None]
    numbers = sorted(value for _, value in given)
    found: Figure = {"n": len(numbers), "by": len({clinician for clinician, _ in given})}
    if len(numbers) < 2:
        only = numbers[0] if numbers else None
        return found | {"median": only, "p90": only}
    return found | {"median": median(numbers), "p90": quantiles(numbers, n=10, method="inclusive")[-1]}


def elements(visits: Sequence[HeldSession], rater: str) -> dict[str, Figure]:
    """Return each element's mean over the clients' own means, with a 95% interval and the number of clients.

    A client with many sessions counts once, so that the interval is one over independent people.
    """
    by_client: dict[str, dict[Hashable, list[float]]] = {key: defaultdict(list) for key in ELEMENTS}
    raters: dict[str, set[Hashable]] = {key: set() for key in ELEMENTS}
    for visit in visits:
        for key, score in element_scores(visit.items_by_rater.get(rater, {})).items():
            if score is not None:
                by_client[key][visit.client].append(score)
                raters[key].add(visit.clinician)
    return {
        key: mean_of([fmean(scores) for scores in clients.values()]) | {"by": len(raters[key])}
        for key, clients in by_client.items()
    }


def mean_of(values: Sequence[float]) -> Figure:
    """Return mean and 95% interval by Student's t, held within 1 to 7; no interval below two values."""
    if len(values) < 2:
        return {"mean": values[0] if values else None, "low": None, "high": None, "n": len(values)}
    mean, error = fmean(values), t_value(NORMAL_95, len(values) - 1) * stdev(values) / sqrt(len(values))
    return {"mean": mean, "low": max(LOWEST, mean - error), "high": min(HIGHEST, mean + error), "n": len(values)}
