"""How far two raters of the same sessions differ. Source: docs/measures.md#the-rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev


@dataclass(frozen=True)
class Difference:
    """Mean (`bias`) and standard deviation (`sd`) of paired differences, in the unit of the values."""

    bias: float
    sd: float


def difference(first: Sequence[float], second: Sequence[float]) -> Difference:
    """Return mean and standard deviation of first minus second, pair by pair (Bland and Altman 1986).

    Both sequences have the same length. Raises ValueError for lengths that differ and below two pairs.
    """
    if len(first) != len(second) or len(first) < 2:
        raise ValueError(f"needs two or more pairs, got {len(first)} and {len(second)} values")
    gaps = [a - b for a, b in zip(first, second, strict=True)]
    return Difference(fmean(gaps), stdev(gaps))
