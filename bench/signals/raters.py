"""Simulated clients: how the seven answers move from session to session, and the strains planted among them.

The numbers are assumptions. They are chosen so that the overall scores look like those of the standard prior: a mean of
about 5.2 at the first session, a spread of about 0.9 between clients and of about 0.5 within a client.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import exp, sqrt
from random import Random

from ratings.analysis.scores import overall
from ratings.elements import HIGHEST, ITEM_KEYS, LOWEST

FEWEST, MOST = 6, 24
CARRY_OVER = 0.3
GROWTH, GROWTH_SPREAD, GROWTH_PACE = 0.3, 0.4, 6.0
ITEM_OFFSET, ITEM_NOISE = 0.45, 0.6
UNRATED, SKIPPED = 0.15, 0.01
STRAINS_A_SESSION, QUIET_AFTER = 0.06, 2
DEPTH, DEPTH_SPREAD = 1.0, 0.45
NOTICED_WITHIN = 4
TAILS = 3

SHORT, LASTING, VALLEY, SLIDE = "sudden, repaired", "sudden, not repaired", "over two sessions", "slow slide"
SHAPES = {SHORT: 4, LASTING: 2, VALLEY: 2, SLIDE: 2}
ORDINARY, STRAINED, SET_ASIDE = "ordinary", "strained", "set aside"


@dataclass(frozen=True)
class SimulatedRater:
    """One kind of rater; `level`, `between` and `within` are mean and spreads in points of the scale.

    `shows` is the share of a strain's depth that reaches the answers, `smoothing` the weight of the last impression.
    """

    name: str
    level: float = 5.25
    between: float = 0.95
    within: float = 0.48
    shows: float = 1.0
    smoothing: float = 0.0
    heavy_tails: bool = False


CLIENT_RATER = SimulatedRater("client form")
CLINICIAN_RATER = SimulatedRater("clinician form", between=0.8, within=0.5, shows=0.6, smoothing=0.3)
RATERS = (
    CLIENT_RATER,
    CLINICIAN_RATER,
    SimulatedRater("at the ceiling", level=6.6, between=0.6),
    SimulatedRater("heavy tails", heavy_tails=True),
)


@dataclass(frozen=True)
class PlantedStrain:
    """A planted strain: its shape, and the first and last session (by index) at which it may be noticed."""

    shape: str
    start: int
    end: int


@dataclass(frozen=True)
class SimulatedClient:
    """One simulated therapy: answers and overall scores (None where not rated), each session's state, the strains.

    `moves` is what each session deviates from the level by the rater's mood alone, in points.
    """

    answers: list[dict[str, int | None] | None]
    scores: list[float | None]
    states: list[str]
    strains: list[PlantedStrain]
    moves: list[float] = field(default_factory=list)


def shapes(rng: Random, left: int) -> tuple[str, list[float], int]:
    """Draw a strain: its shape, its depth at each session as a share, and in how many sessions it may be noticed.

    `left` is how many sessions of the therapy are left.
    """
    shape = rng.choices(list(SHAPES), list(SHAPES.values()))[0]
    if shape == SHORT:
        depths = [*(1.0, 0.9)[: rng.randint(1, 2)], 0.4]
    elif shape == LASTING:
        return shape, [1.0] * left, min(left, NOTICED_WITHIN)
    elif shape == VALLEY:
        depths = [0.6, 1.0, 0.5]
    else:
        depths = [0.2, 0.4, 0.6, 0.8, 1.0, 1.0, 0.5]
    return shape, depths[:left], min(left, len(depths))


Planted = tuple[list[float], list[str], list[PlantedStrain]]


def plant(rng: Random, length: int, rate: float) -> Planted:
    """Plant strains in a therapy: return the depth (points) and state of each session, and the strains.

    `rate` is the probability that a strain begins at a session. None begins at the first one.
    """
    depths, states, strains = [0.0] * length, [ORDINARY] * length, []
    index = 1
    while index < length:
        if rng.random() >= rate:
            index += 1
            continue
        depth = DEPTH * exp(rng.gauss(0, DEPTH_SPREAD))
        shape, profile, noticed = shapes(rng, length - index)
        for step, share in enumerate(profile):
            depths[index + step] = depth * share
            states[index + step] = STRAINED if step < noticed else SET_ASIDE
        strains.append(PlantedStrain(shape, index, index + noticed - 1))
        index += len(profile) + QUIET_AFTER
    return depths, states, strains


def moves(rng: Random, rater: SimulatedRater) -> Iterator[float]:
    """Yield the deviation of each session from the level (points): part of the last one's, and a new part."""
    spread = rater.within * exp(rng.gauss(0, 0.25)) * sqrt(1 - CARRY_OVER**2)
    move = 0.0
    while True:
        new = rng.gauss(0, 1)
        if rater.heavy_tails:
            new /= sqrt(rng.gammavariate(TAILS / 2, 2 / TAILS)) * sqrt(TAILS / (TAILS - 2))
        move = CARRY_OVER * move + spread * new
        yield move


def rated(rng: Random, impression: float, offsets: list[float]) -> dict[str, int | None]:
    """Turn an impression into seven whole numbers from 1 to 7. Now and then an item is skipped."""
    given = {}
    for key, offset in zip(ITEM_KEYS, offsets, strict=True):
        number = round(impression + offset + rng.gauss(0, ITEM_NOISE))
        given[key] = None if rng.random() < SKIPPED else min(max(number, LOWEST), HIGHEST)
    return given


def simulate(
    rng: Random,
    rater: SimulatedRater,
    *,
    strains: float = STRAINS_A_SESSION,
    level: float | None = None,
    planted: Planted | None = None,
) -> SimulatedClient:
    """Simulate one client. `strains` is the probability that a strain begins at a session.

    With `level` given, that is the client's true level, and there is no growth. `planted` is a course of strains that
    another rater of the same therapy has been given already (`plant`).
    """
    length = rng.randint(FEWEST, MOST) if planted is None else len(planted[0])
    growth = 0.0 if level is not None else rng.gauss(GROWTH, GROWTH_SPREAD)
    start = level if level is not None else rng.gauss(rater.level, rater.between)
    depths, states, found = planted or plant(rng, length, strains)
    offsets = [rng.gauss(0, ITEM_OFFSET) for _ in ITEM_KEYS]
    impression = start
    answers: list[dict[str, int | None] | None] = []
    deviations: list[float] = []
    for index, (depth, move) in enumerate(zip(depths, moves(rng, rater), strict=False)):
        today = start + growth * (1 - exp(-index / GROWTH_PACE)) + move - rater.shows * depth
        impression = today if index == 0 else rater.smoothing * impression + (1 - rater.smoothing) * today
        answers.append(None if rng.random() < UNRATED else rated(rng, impression, offsets))
        deviations.append(move)
    scores = [overall(given) if given else None for given in answers]
    return SimulatedClient(answers, scores, states, found, deviations)
