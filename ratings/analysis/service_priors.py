"""A service's own prior: what it expects of a client before any rating, estimated from its stored ratings.

Source: docs/measures.md#the-usual-level. Scores are overall alliance, 1 to 7.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import fmean, pvariance

LEAST_CLIENTS, LEAST_PAIRS = 100, 500
LEAST_BETWEEN = 0.25  # variance between clients, in squared points


@dataclass(frozen=True)
class PriorEstimate:
    """An estimated prior, in points: mean of first scores (m0), spread between (tau) and within clients (sigma).

    `clients` and `pairs` are the numbers of first scores and of successive scores that it rests on.
    """

    m0: float
    tau: float
    sigma: float
    clients: int
    pairs: int


def estimate(series: Iterable[Sequence[float]]) -> PriorEstimate | None:
    """Return the prior estimated from each client's overall scores, in the order of the sessions.

    sigma comes from the differences of successive scores, tau from the variance of first scores less sigma squared, 0.5
    at least. None without a first score and without a pair.
    """
    first: list[float] = []
    squares: list[float] = []
    for scores in series:
        first.extend(scores[:1])
        squares.extend((after - before) ** 2 for before, after in pairwise(scores))
    if not first or not squares:
        return None
    sigma = sqrt(sum(squares) / (2 * len(squares)))
    tau = sqrt(max(pvariance(first) - sigma**2, LEAST_BETWEEN))
    return PriorEstimate(fmean(first), tau, sigma, len(first), len(squares))


def enough(found: PriorEstimate | None) -> bool:
    """Whether an estimate rests on 100 clients and 500 pairs at least, and on ratings that vary."""
    return found is not None and found.clients >= LEAST_CLIENTS and found.pairs >= LEAST_PAIRS and found.sigma > 0
