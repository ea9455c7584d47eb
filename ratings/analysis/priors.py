"""A service's own prior: level, and spread between and within clients, from first scores and successive differences.

Source: docs/measures.md#the-usual-level. Scores are overall alliance, 1 to 7.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import fmean, pvariance

LEAST_CLIENTS, LEAST_PAIRS = 100, 500
LEAST_BETWEEN = 0.25


@dataclass(frozen=True)
class Estimate:
    """Mean of first scores, spreads in points, and how many clients and successive pairs they rest on."""

    m0: float
    tau: float
    sigma: float
    clients: int
    pairs: int


def estimate(series: Iterable[Sequence[float]]) -> Estimate | None:
    """Return the estimate from each client's scores in session order; None without a first score and a pair."""
    first: list[float] = []
    squares: list[float] = []
    for scores in series:
        first.extend(scores[:1])
        squares.extend((after - before) ** 2 for before, after in pairwise(scores))
    if not first or not squares:
        return None
    sigma = sqrt(sum(squares) / (2 * len(squares)))
    tau = sqrt(max(pvariance(first) - sigma**2, LEAST_BETWEEN))
    return Estimate(fmean(first), tau, sigma, len(first), len(squares))


def enough(found: Estimate | None) -> bool:
    """Whether an estimate rests on enough clients and pairs, and on ratings that vary at all."""
    return found is not None and found.clients >= LEAST_CLIENTS and found.pairs >= LEAST_PAIRS and found.sigma > 0
