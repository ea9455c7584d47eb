"""Low, and said, in invented worlds: how well the rule does where answers about strain tell of strains, and where not.

Source: docs/measures.md#low-and-said. What people answer is an assumption, as all of the simulation is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from math import exp
from random import Random
from typing import Any

from bench.signals.outcomes import at_ordinary, delays, share
from bench.signals.raters import (
    CLIENT_RATER,
    CLINICIAN_RATER,
    FEWEST,
    MOST,
    ORDINARY,
    STRAINS_A_SESSION,
    SimulatedClient,
    plant,
    simulate,
)
from ratings.analysis.said import Word, evidence_in
from ratings.analysis.usual import Usual, usual_levels

CLEAR = {True: 0.4, False: 0.25}  # of the reported strains, how many are called clear: in a strain, and at other times
UNANSWERED = 0.1
MOST_LIKELY = 0.9


@dataclass(frozen=True)
class World:
    """How likely each rater reports a strain: during one (`client`, `clinician`), and at other sessions (`..._else`).

    `mood` is how much a rater's own low mood adds, as a power of e for each spread below the level; 0 for nothing. With
    `shared` both answer by the client's mood.
    """

    name: str
    client: float
    client_else: float
    clinician: float
    clinician_else: float
    mood: float = 0.0
    shared: bool = False


WORLDS = (
    World("answers tell of strains", 0.40, 0.06, 0.25, 0.05),
    World("answers tell a little", 0.20, 0.08, 0.12, 0.06),
    World("answers tell nothing", 0.10, 0.10, 0.07, 0.07),
    World("each answers by mood only", 0.08, 0.08, 0.06, 0.06, mood=0.8),
    World("both answer by one mood only", 0.08, 0.08, 0.06, 0.06, mood=0.8, shared=True),
)


@dataclass(frozen=True)
class SaidOutcome:
    """What the drop alone and "low, and said" catch in one world, in per cent, and their false alarms in 100 sessions.

    `ratio` is how many times as often the clinician reports a strain where the client's z is 1.8 or more as where it
    is 0 or less: what a service is asked for before it may switch the rule on.
    """

    world: str
    caught_alone: float
    false_alone: float
    caught_said: float
    false_said: float
    ratio: float


@dataclass(frozen=True)
class SimulatedPair:
    """One therapy as both rated it, and what either answered about a strain at each session."""

    client: SimulatedClient
    clinician: SimulatedClient
    said: list[tuple[Word, Word]]


def pair_in(world: World, rng: Random) -> SimulatedPair:
    """Simulate one therapy: both raters meet the same strains, and each has a level and moods of their own."""
    planted = plant(rng, rng.randint(FEWEST, MOST), STRAINS_A_SESSION)
    client = simulate(rng, CLIENT_RATER, planted=planted)
    clinician = simulate(rng, CLINICIAN_RATER, planted=planted)
    return SimulatedPair(client, clinician, list(answers_in(world, rng, client, clinician)))


def answers_in(
    world: World, rng: Random, client: SimulatedClient, clinician: SimulatedClient
) -> Iterator[tuple[Word, Word]]:
    """Yield what client and clinician answer at each session; None where they did not rate it or left it out."""
    for index, state in enumerate(client.states):
        strained = state != ORDINARY
        of_client, of_clinician = (
            (world.client, world.clinician) if strained else (world.client_else, world.clinician_else)
        )
        low = exp(-world.mood * client.moves[index] / CLIENT_RATER.within)
        own = exp(-world.mood * clinician.moves[index] / CLINICIAN_RATER.within)
        yield (
            answer(rng, strained, of_client * low) if client.answers[index] else None,
            answer(rng, strained, of_clinician * (low if world.shared else own)) if clinician.answers[index] else None,
        )


def answer(rng: Random, strained: bool, likely: float) -> Word:
    if rng.random() < UNANSWERED:
        return None
    if rng.random() >= min(likely, MOST_LIKELY):
        return "none"
    return "clear" if rng.random() < CLEAR[strained] else "slight"


def levels_of(pair: SimulatedPair) -> list[tuple[Usual | None, Usual | None]]:
    return list(zip(usual_levels(pair.client.scores), usual_levels(pair.clinician.scores), strict=True))


def alone(pair: SimulatedPair) -> list[bool | None]:
    """Return where the drop alone flags a session: on the client's rating, else on the clinician's."""
    found = [by_client or by_clinician for by_client, by_clinician in levels_of(pair)]
    return [None if usual is None or usual.z is None else usual.flag is not None for usual in found]


def with_answers(pair: SimulatedPair) -> list[bool | None]:
    """Return where "low, and said" flags a session, for the same sessions as `alone`."""
    found = evidence_in(levels_of(pair), pair.said)
    return [None if row is None or row.z is None else row.flag is not None for row in found]


def reported(pairs: Sequence[SimulatedPair], low: bool) -> float:
    """Return how often the clinician reports a strain where the client's z is 1.8 or more, or 0 or less; in per cent.

    Of sessions at which the clinician answered the question.
    """
    said = []
    for pair in pairs:
        for usual, (_, word) in zip(usual_levels(pair.client.scores), pair.said, strict=True):
            if word and usual and usual.z is not None and (usual.z >= 1.8 if low else usual.z <= 0):
                said.append(word != "none")
    return share(said)


def outcome_in(world: World, seed: int, therapies: int) -> SaidOutcome:
    """Return the figures of both rules in one world. The same seed gives the same therapies."""
    rng = Random(f"{seed} {world.name}")
    pairs = [pair_in(world, rng) for _ in range(therapies)]
    clients = [pair.client for pair in pairs]
    drop, said = ([rule(pair) for pair in pairs] for rule in (alone, with_answers))
    return SaidOutcome(
        world.name,
        caught_alone=caught(clients, drop),
        false_alone=share(at_ordinary(clients, drop)),
        caught_said=caught(clients, said),
        false_said=share(at_ordinary(clients, said)),
        ratio=reported(pairs, low=True) / max(reported(pairs, low=False), 0.01),
    )


def caught(clients: Sequence[SimulatedClient], alarms: Sequence[list[bool | None]]) -> float:
    """Return how many strains have an alarm while they last, in per cent."""
    return share([delay is not None for delay in delays(clients, alarms)])


def rows(seed: int, therapies: int) -> list[dict[str, str | float]]:
    """Return the figures of every world, as they are kept."""
    return [asdict(outcome_in(world, seed, therapies)) for world in WORLDS]


def lines(found: dict[str, Any]) -> list[str]:
    """Write the figures of every world, both rules beside each other."""
    rows = [
        f"  {row['world']:<30}{row['caught_alone']:>7.1f}{row['caught_said']:>8.1f}{row['false_alone']:>9.1f}"
        f"{row['false_said']:>8.1f}{row['ratio']:>9.2f}"
        for row in found["worlds"]
    ]
    heads = f"  {'':<30}{'caught':>7}{'caught':>8}{'false':>9}{'false':>8}{'ratio':>9}"
    return [
        "The drop alone, and low and said, by what answers about strain tell:",
        heads,
        f"  {'':<30}{'alone':>7}{'said':>8}{'alone':>9}{'said':>8}",
        *rows,
        "ratio: how many times as often the clinician reports a strain at a client's z of 1.8 or more as at 0 or less.",
    ]
