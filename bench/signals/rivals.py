"""The rules that are compared: the project's own, and others that are in use, written from their idea.

Each takes the overall scores of one client's rated sessions and a threshold, and returns for each session whether it
alarms. A higher threshold alarms less.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, sqrt
from statistics import fmean

from ratings.analysis.usual import HIGHEST, LOWEST, Prior, usual_levels

PRIOR = Prior()
SCALE = HIGHEST - LOWEST
SPREAD_OF_ALL = sqrt(PRIOR.tau**2 + PRIOR.sigma**2)
OWN_BASELINE = 3
MOVING_RANGE_TO_SIGMA = 1.128
EWMA_WEIGHT = 0.2
CUSUM_SLACK = 0.5
ROUNDING = 1e-9

Alarms = Callable[[Sequence[float], float], list[bool]]


@dataclass(frozen=True)
class Rival:
    """A rule, its usual thresholds, and the highest threshold that tuning may try."""

    name: str
    alarms: Alarms
    own: tuple[float, ...]
    highest: float


def usual_level(scores: Sequence[float], threshold: float) -> list[bool]:
    """Alarm where this project's rule flags. It has thresholds of its own, so `threshold` is not used."""
    del threshold
    return [usual is not None and usual.flag is not None for usual in usual_levels(scores)]


def drop(scores: Sequence[float], threshold: float) -> list[bool]:
    """Alarm where the score is lower than the last one by the threshold (points) or more."""
    falls = [before - today >= threshold - ROUNDING for before, today in pairwise(scores)]
    return [False] * min(len(scores), 1) + falls


def below(scores: Sequence[float], threshold: float) -> list[bool]:
    """Alarm where the score is more than the threshold (points) below 7."""
    return [HIGHEST - today > threshold + ROUNDING for today in scores]


def from_best_of_three(scores: Sequence[float], threshold: float) -> list[bool]:
    """Alarm where the score is the threshold (points) or more below the best of the three before it."""
    return [
        index > 0 and max(scores[max(index - 3, 0) : index]) - today >= threshold - ROUNDING
        for index, today in enumerate(scores)
    ]


def individuals(scores: Sequence[float], threshold: float) -> list[bool]:
    """Alarm below the lower limit of an individuals chart of the earlier sessions, three at least."""
    total = ranges = 0.0
    alarms = []
    for index, today in enumerate(scores):
        if index >= OWN_BASELINE:
            sigma = ranges / (index - 1) / MOVING_RANGE_TO_SIGMA
            alarms.append(today < total / index - threshold * sigma - ROUNDING)
        else:
            alarms.append(False)
        ranges += abs(today - scores[index - 1]) if index else 0.0
        total += today
    return alarms


def after_baseline(scores: Sequence[float], alarms: Callable[[float, Sequence[float]], list[bool]]) -> list[bool]:
    """Apply a rule from the fourth rated session on, against the mean of the first three."""
    first, later = scores[:OWN_BASELINE], scores[OWN_BASELINE:]
    return [False] * len(first) + (alarms(fmean(first), later) if later else [])


def ewma(scores: Sequence[float], threshold: float) -> list[bool]:
    """Alarm where an exponentially weighted average (weight .2) is that many SDs of its own below the baseline."""

    def watch(target: float, later: Sequence[float]) -> list[bool]:
        average, alarms = target, []
        for count, today in enumerate(later, 1):
            average += EWMA_WEIGHT * (today - average)
            share = EWMA_WEIGHT / (2 - EWMA_WEIGHT) * (1 - (1 - EWMA_WEIGHT) ** (2 * count))
            alarms.append(target - average > threshold * PRIOR.sigma * sqrt(share))
        return alarms

    return after_baseline(scores, watch)


def cusum(scores: Sequence[float], threshold: float) -> list[bool]:
    """Alarm by a one-sided cumulative sum with a slack of half a standard deviation. It restarts after an alarm."""

    def watch(target: float, later: Sequence[float]) -> list[bool]:
        total, alarms = 0.0, []
        for today in later:
            total = max(0.0, total + (target - today) / PRIOR.sigma - CUSUM_SLACK)
            alarms.append(total > threshold)
            total = 0.0 if total > threshold else total
        return alarms

    return after_baseline(scores, watch)


def reliable_change(scores: Sequence[float], threshold: float) -> list[bool]:
    """Alarm where the score is that many standard errors of a difference below the first one."""
    return [scores[0] - today > threshold * sqrt(2) * PRIOR.sigma for today in scores]


OURS = Rival("usual level (this project)", usual_level, (0.0,), inf)
RIVALS = (
    Rival("drop of a fortieth of the scale", drop, (SCALE / 40,), SCALE),
    Rival("below nine tenths of the scale", below, (SCALE / 10,), SCALE),
    Rival("one SD below the best of the last three", from_best_of_three, (SPREAD_OF_ALL,), SCALE),
    Rival("individuals chart, in sigmas", individuals, (2.0, 3.0), 12.0),
    Rival("EWMA, in its sigmas", ewma, (3.0,), 12.0),
    Rival("CUSUM, in sigmas", cusum, (4.0,), 12.0),
    Rival("reliable change from session 1, in errors", reliable_change, (1.96,), 12.0),
)
