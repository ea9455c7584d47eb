"""How the rule for an unusually low session does on a service's own ratings, without anybody saying what was right.

Sessions are unusually high about as often as they are unusually low by chance. And before "low, and said" may be
switched on, what people answer about strains must go with drops. Source: docs/measures.md#a-service-checks-the-rule.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ratings.analysis.disclosure import FEWEST, withheld
from ratings.analysis.reading import CLIENT, Reading
from ratings.analysis.usual import AMBER

LOW_SESSIONS = 200
RATIO = 1.75
FINE = 500  # sessions, from which a rate is written with a decimal


@dataclass(frozen=True)
class BlindAnswers:
    """How often clinicians, who had not seen the client's rating, reported a strain.

    `low` sessions have a client's z of 1.8 or more, `ordinary` ones of 0 or less. In `low_reported` and
    `ordinary_reported` of them the clinician reported a strain.
    """

    low: int
    low_reported: int
    ordinary: int
    ordinary_reported: int

    @property
    def ratio(self) -> float | None:
        """How many times as often a strain is reported at low sessions; None where that cannot be said."""
        if not self.low or not self.ordinary_reported:
            return None
        return (self.low_reported / self.low) / (self.ordinary_reported / self.ordinary)

    @property
    def refusal(self) -> str:
        """Why "low, and said" may not be switched on; empty where it may."""
        if self.low < LOW_SESSIONS:
            return (
                f"It cannot be switched on yet: it takes {LOW_SESSIONS} sessions at which the client's rating was "
                "unusually low and the clinician had answered the question about a strain before seeing it."
            )
        if self.ratio is None or self.ratio < RATIO:
            return (
                "It cannot be switched on: in this service clinicians do not report a strain often enough where the "
                f"client's rating is unusually low. It takes {RATIO} times as often as at ordinary sessions."
            )
        return ""


def alarm_z(reading: Reading, index: int) -> float | None:
    """Return the z of the rating that may raise an alarm at a session; None where it has none."""
    rater = reading.alarm_rater(index)
    usual = reading.levels[rater][index] if rater else None
    return usual.z if usual else None


def client_z(reading: Reading, index: int) -> float | None:
    usual = reading.levels[CLIENT][index]
    return usual.z if usual else None


def blind_answers(said: Iterable[tuple[float, str]]) -> BlindAnswers:
    """Count a client's z and the clinician's blind answer about a strain, one pair a session."""
    pairs = list(said)
    low = [word != "none" for z, word in pairs if z >= AMBER]
    ordinary = [word != "none" for z, word in pairs if z <= 0]
    return BlindAnswers(len(low), sum(low), len(ordinary), sum(ordinary))


def per_100(part: int, whole: int, clinicians: int) -> str:
    """Write a rate in 100 sessions as it may be printed: as a bound where the part is from 1 to 9.

    With a decimal from 500 sessions on.
    """
    if instead := withheld(whole, clinicians):
        return instead
    digits = 1 if whole >= FINE else 0
    rate = 100 * max(part, FEWEST if part else 0) / whole
    return f"under {rate:.{digits}f} in 100" if 0 < part < FEWEST else f"{rate:.{digits}f} in 100"
