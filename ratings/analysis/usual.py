"""The usual level: a running level and spread of one client's own ratings, and how unusually low today is.

A local level model whose weight settles at .20 (Durbin and Koopman 2012). Its spread is learned from the client's own
ratings. t becomes z by Wallace 1959. Source: docs/measures.md#the-usual-level, which names the letters used below.
Scores are overall alliance, 1 to 7, in the order of the sessions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import copysign, exp, isfinite, log1p, sqrt

DRIFT = 0.05  # q, in squared spreads
CLIP_LOW, CLIP_HIGH = 2.0, 2.5  # spreads of the prediction
AMBER, AMBER_TWICE = 1.8, 1.2
RED, RED_TWICE = 2.4, 1.8
LEAST_DROP = 0.5  # points
LOWEST, HIGHEST = 1.0, 7.0


@dataclass(frozen=True)
class Prior:
    """What is expected of a client before any rating.

    `m0` is the level, `tau` the spread between clients and `sigma` that within a client, in points. `nu0` is how many
    ratings `sigma` is worth. Raises ValueError for a level outside of 1 to 7, and for what is not finite and above 0.
    """

    m0: float = 5.2
    tau: float = 0.9
    sigma: float = 0.5
    nu0: float = 8.0

    def __post_init__(self) -> None:
        if not all(isfinite(value) for value in (self.m0, self.tau, self.sigma, self.nu0)):
            raise ValueError(f"a prior needs finite numbers: {self}")
        if not LOWEST <= self.m0 <= HIGHEST or self.tau <= 0 or self.sigma <= 0 or self.nu0 <= 0:
            raise ValueError(f"a prior needs a level from 1 to 7 and spreads and weight above 0: {self}")


@dataclass(frozen=True)
class Thresholds:
    """The z that flags a session, alone or at two rated sessions running, and the least drop (points) of any flag."""

    amber: float = AMBER
    amber_twice: float = AMBER_TWICE
    red: float = RED
    red_twice: float = RED_TWICE
    least_drop: float = LEAST_DROP


STANDARD = Thresholds()


@dataclass(slots=True)
class Usual:
    """One rated session against the client's usual level.

    Before the session: `level` (b), `spread` of the prediction (w), `scale` (sqrt S), in points, and `nu`. After it:
    `next_level`, `next_nu`, `variance` (S) and `weight` (C), the share of its score in the next level. `before` is the
    rated session before it, None at the first.
    """

    score: float
    level: float
    spread: float
    scale: float
    nu: float
    weight: float
    variance: float
    next_level: float
    next_nu: float
    before: "Usual | None" = field(repr=False, compare=False)
    thresholds: Thresholds = field(repr=False)

    @property
    def next_scale(self) -> float:
        """The scale after the session (sqrt S), in points."""
        return sqrt(self.variance)

    @property
    def z(self) -> float | None:
        """How unusually low the score is; None at the first rated session."""
        return z_score((self.level - self.score) / self.spread, self.nu) if self.before else None

    @property
    def lower_edge(self) -> float | None:
        """The score (points) at which the session alone is flagged amber; None at the first rated session."""
        return self.level - self.spread * t_value(self.thresholds.amber, self.nu) if self.before else None

    @property
    def flag(self) -> str | None:
        """The flag of the session: "red", "amber" or None."""
        if self.before is None or self.score - self.level > -self.thresholds.least_drop:
            return None
        return flag_of(self.z or 0.0, self.before.z, self.score - self.level, self.thresholds)


def usual_levels(
    scores: Sequence[float | None], prior: Prior = Prior(), thresholds: Thresholds = STANDARD
) -> list[Usual | None]:
    """Return the sessions of one series against the usual level, None where a session has no score.

    Raises ValueError, with the value and the index, for a score that is not a number from 1 to 7.
    """
    check(scores)
    previous: Usual | None = None
    levels: list[Usual | None] = []
    for score in scores:
        usual = None if score is None else following(previous, score, prior, thresholds)
        levels.append(usual)
        previous = usual or previous
    return levels


def following(previous: Usual | None, score: float, prior: Prior = Prior(), thresholds: Thresholds = STANDARD) -> Usual:
    """Read a score against what is known after the rated session before it; at the first one against the prior.

    The score is not checked; `usual_levels` does that.
    """
    if previous is None:
        level, variance, nu, wide = prior.m0, prior.sigma**2, prior.nu0, (prior.tau / prior.sigma) ** 2
    else:
        level, variance, nu, wide = previous.next_level, previous.variance, previous.next_nu, previous.weight + DRIFT
    scale, spread, step, next_nu = sqrt(variance), sqrt(variance * (wide + 1)), score - level, nu
    if previous:
        step = min(max(step, -CLIP_LOW * spread), CLIP_HIGH * spread)
        variance, next_nu = (nu * variance + step**2 / (wide + 1)) / (nu + 1), nu + 1
    weight = wide / (wide + 1)
    next_level = level + weight * step
    return Usual(score, level, spread, scale, nu, weight, variance, next_level, next_nu, previous, thresholds)


def check(scores: Sequence[float | None]) -> None:
    """Raise ValueError for a score that is not a number from 1 to 7."""
    for index, score in enumerate(scores):
        is_number = isinstance(score, (int, float)) and not isinstance(score, bool)
        if score is not None and not (is_number and LOWEST <= score <= HIGHEST):
            raise ValueError(f"score {score!r} at index {index} is not a number from 1 to 7")


def band_of_next(last: Usual) -> tuple[float, float]:
    """Return the usual range (points, within 1 to 7) against which the session rated after `last` will be read."""
    return band(following(last, last.next_level, thresholds=last.thresholds))


def band(usual: Usual) -> tuple[float, float]:
    """Return the usual range of a session (points, within 1 to 7) as known before it; at the first one the level."""
    lower = usual.level if usual.lower_edge is None else usual.lower_edge
    return max(LOWEST, lower), min(HIGHEST, 2 * usual.level - lower)


def z_score(t: float, nu: float) -> float:
    """Turn Student's t with `nu` degrees of freedom, above 0, into a normal deviate (Wallace 1959)."""
    return copysign((8 * nu + 1) / (8 * nu + 3) * sqrt(nu * log1p(t * t / nu)), t)


def t_value(z: float, nu: float) -> float:
    """Turn a normal deviate, 0 or above, into Student's t with `nu` degrees of freedom: the inverse of `z_score`."""
    return sqrt(nu * (exp((z * (8 * nu + 3) / (8 * nu + 1)) ** 2 / nu) - 1))


def flag_of(z: float, previous_z: float | None, step: float, thresholds: Thresholds = STANDARD) -> str | None:
    """Return the flag of a session: "red", "amber" or None.

    `z` and `previous_z` are those of the session and of the rated session before it, None where that has none. `step`
    is the score minus the usual level, in points.
    """
    if step > -thresholds.least_drop:
        return None
    twice = min(z, previous_z) if previous_z is not None else float("-inf")
    if z >= thresholds.red or twice >= thresholds.red_twice:
        return "red"
    return "amber" if z >= thresholds.amber or twice >= thresholds.amber_twice else None
