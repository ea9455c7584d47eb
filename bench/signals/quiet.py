"""How often each rule fires for steady clients without any strain, and how well ratings back in range tell a repair.

Source: docs/measures.md#the-rules, docs/measures.md#from-rupture-to-repair.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from random import Random

from bench.signals.raters import CLIENT_RATER, CLINICIAN_RATER, LASTING, SimulatedClient, simulate
from ratings.analysis.all_rules import RULES
from ratings.analysis.derived import AMBER, RED, STRAIN, UNRESOLVED, signals_of_condition
from ratings.analysis.reading import Answers, Reading, SessionAnswers
from ratings.analysis.rule import Finding, Rule
from ratings.analysis.rupture_course import RuptureCourse, follow, from_flag
from ratings.analysis.several_sessions import MIDDLE
from ratings.analysis.usual import usual_levels

RATERS_AGREE = 0.35
STATES_A_FACT = {STRAIN: "it repeats an answer", "not-rated": "it counts sessions"}
FOLLOWED = 5


def pair(rng: Random) -> Reading:
    """Simulate both raters of a steady client whose true level is not below the middle of the scale."""
    shared = rng.gauss(0, 1)
    apart = RATERS_AGREE * shared + sqrt(1 - RATERS_AGREE**2) * rng.gauss(0, 1)
    raters = ((CLIENT_RATER, shared), (CLINICIAN_RATER, apart))
    levels = [rater.level + rater.between * spread for rater, spread in raters]
    if min(levels) < MIDDLE:
        return pair(rng)
    client, clinician = (
        simulate(rng, rater, strains=0, level=level).answers for (rater, _), level in zip(raters, levels, strict=True)
    )
    sessions = zip(client, clinician, strict=False)
    return Reading([SessionAnswers(given(by_clinician), given(by_client)) for by_client, by_clinician in sessions])


def given(items: dict[str, int | None] | None) -> Answers | None:
    """Return the answers as the rules read them; None where the session was not rated."""
    return None if items is None else Answers(items, strain="none", author="one")


def times_fired(rule: Rule, reading: Reading) -> int:
    """Count how often a rule fires: the sessions it flags, or, where a condition closes its signals, the signals."""
    if rule.closes == "condition":
        return len(signals_of_condition(reading, rule))
    if rule.id == UNRESOLVED:
        return sum(course.unresolved is not None for course in false_ruptures(reading))
    return sum(isinstance(rule.find(reading, index), Finding) for index in range(len(reading.sessions)))


def false_ruptures(reading: Reading) -> Iterator[RuptureCourse]:
    """Follow the rupture that each flag would open, each flag by itself."""
    for index in range(len(reading.sessions)):
        for rule in (RULES[RED], RULES[AMBER]):
            found = rule.find(reading, index)
            if isinstance(found, Finding):
                yield from_flag(reading.levels[found.rater], reading.scores[found.rater], index)


def false_rates(rng: Random, clients: int) -> dict[str, float | str]:
    """Return for each rule how often it fires in 100 held sessions of steady clients.

    For rules that only state a fact, the reason why they cannot fire by chance.
    """
    counts = dict.fromkeys(RULES, 0)
    sessions = 0
    for _ in range(clients):
        reading = pair(rng)
        sessions += len(reading.sessions)
        for rule in RULES.values():
            if rule.id not in STATES_A_FACT:
                counts[rule.id] += times_fired(rule, reading)
    return {key: STATES_A_FACT.get(key, 100 * count / sessions) for key, count in counts.items()}


@dataclass(frozen=True)
class Clearing:
    """Of flagged strains that are never repaired: per cent that looked repaired within five rated sessions.

    `by_one` counts one session back in range as repaired, `by_two` two sessions running.
    """

    flagged: int
    by_one: float
    by_two: float


def clearing(courses: list[SimulatedClient]) -> Clearing:
    """Compare one session back in range with two running, for planted strains that are never repaired."""
    one = two = flagged = 0
    for each in courses:
        levels = usual_levels(each.scores)
        for strain in each.strains:
            window = range(strain.start, strain.end + 1)
            first = next((index for index in window if (usual := levels[index]) and usual.flag), None)
            if first is None or strain.shape != LASTING:
                continue
            rupture = from_flag(levels, each.scores, first)
            later = [score for score in each.scores[first + 1 :] if score is not None][:FOLLOWED]
            flagged += 1
            one += any(score >= rupture.back_from for score in later)
            two += follow([0.0, *later], 0, rupture.level, rupture.scale).repair_proposed is not None
    return Clearing(flagged, 100 * one / max(flagged, 1), 100 * two / max(flagged, 1))
