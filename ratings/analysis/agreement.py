"""How far two raters agree, and how dependable a set of ratings is. Standard formulas, each with its source."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt
from statistics import fmean, stdev, variance


@dataclass(frozen=True)
class Difference:
    """Mean and standard deviation of paired differences, in points."""

    bias: float
    sd: float


def difference(first: Sequence[float], second: Sequence[float]) -> Difference:
    """Return bias and SD of first minus second (Bland and Altman 1986). Raises ValueError below two pairs."""
    if len(first) != len(second) or len(first) < 2:
        raise ValueError(f"needs two or more pairs, got {len(first)} and {len(second)} values")
    gaps = [a - b for a, b in zip(first, second, strict=True)]
    return Difference(fmean(gaps), stdev(gaps))


@dataclass(frozen=True)
class Reliability:
    """Intraclass correlations of a table of targets by judges (Shrout and Fleiss 1979)."""

    icc11: float
    icc21: float
    icc31: float
    icc3k: float


def reliability(table: Sequence[Sequence[float]]) -> Reliability:
    """Return ICC(1,1), (2,1), (3,1) and (3,k); the last equals Cronbach's alpha of the same table.

    Rows are targets, columns judges or items. Raises ValueError for a table that is not at least 2 by 2 and even.
    """
    targets, judges = len(table), len(table[0]) if table else 0
    if targets < 2 or judges < 2 or any(len(row) != judges for row in table):
        raise ValueError(f"needs a full table of at least 2 by 2, got {targets} by {judges}")
    between = judges * variance([fmean(row) for row in table])
    columns = targets * variance([fmean(column) for column in zip(*table, strict=True)])
    within = fmean([variance(row) for row in table])
    residual = (within * targets * (judges - 1) - columns * (judges - 1)) / ((targets - 1) * (judges - 1))
    if not between > 0:
        raise ValueError("the targets do not differ, so there is no reliability to compute")
    return Reliability(
        icc11=(between - within) / (between + (judges - 1) * within),
        icc21=(between - residual) / (between + (judges - 1) * residual + judges * (columns - residual) / targets),
        icc31=(between - residual) / (between + (judges - 1) * residual),
        icc3k=(between - residual) / between,
    )


@dataclass(frozen=True)
class ReliableChange:
    """Standard error of measurement, of a difference, and the change in those (Jacobson and Truax 1991)."""

    error: float
    error_of_difference: float
    change: float


def reliable_change(before: float, after: float, *, sd: float, reliability: float) -> ReliableChange:
    """Return the reliable change index. Raises ValueError for a spread or a reliability that makes no sense."""
    if not 0 < sd < inf or not 0 <= reliability < 1:
        raise ValueError(f"needs an SD above 0 and a reliability from 0 to under 1, got {sd} and {reliability}")
    error = sd * sqrt(1 - reliability)
    return ReliableChange(error, error * sqrt(2), (after - before) / (error * sqrt(2)))
