"""What a rule is, and what it finds at a session. Source: docs/measures.md#the-rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ratings.analysis.reading import CLIENT, CLINICIAN, Reading

WHO = {CLIENT: "the client", CLINICIAN: "the clinician"}


@dataclass(frozen=True)
class Finding:
    """What a rule saw at a session: a sentence, the arithmetic to redo by hand, whose ratings, the values by name.

    `in_words` is the arithmetic as a clinician says it.
    """

    sentence: str
    arithmetic: tuple[str, ...]
    rater: str = ""
    values: Mapping[str, float] = field(default_factory=dict)
    in_words: tuple[str, ...] = ()


Verdict = Finding | None | bool  # holds; cannot be judged; does not hold
Find = Callable[[Reading, int], Verdict]
Judge = Callable[[Reading, int, str], Verdict]


def of_alarm_rater(judge: Judge) -> Find:
    """Return the function of a rule that judges the rating which may raise an alarm; None where neither may."""

    def find(reading: Reading, index: int) -> Verdict:
        rater = reading.alarm_rater(index)
        return judge(reading, index, rater) if rater else None

    return find


@dataclass(frozen=True)
class Rule:
    """One rule: what it looks for (`find`), how severe that is, whom it is shown to, and when its signal closes.

    At a session `find` returns a Finding where the rule holds, False where it does not, and None where it cannot be
    judged. `judge` does so for one rater: an open signal is judged on the ratings that raised it, whoever rates later.

    `severity` is high, medium, low or none. `tier` is note (the client's page only), review (the clinician's list) or
    supervision (the supervisor's list at once). `rank` is the place in the order of attention, None for none. `closes`
    is "rupture" (with its rupture) or "condition" (when the rule no longer holds); with `seen_closes` it also closes
    when a person has seen it. `sees`, `threshold`, `citation` and `parameters` are what docs/measures.md says of the
    rule. One that `counts` tells of the newest session: its signal says how many there are by now, and stands until
    there are too few. `caution` is a sentence that the client's page adds.
    """

    id: str
    version: int
    title: str
    severity: str
    tier: str
    rank: int | None
    find: Find
    sees: str
    threshold: str
    citation: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    closes: str = "condition"
    opens_rupture: bool = False
    seen_closes: bool = False
    counts: bool = False
    caution: str = ""
    judge: Judge | None = None
