"""What a rule is, and what it says at a session."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ratings.analysis.reading import CLIENT, CLINICIAN, Reading

WHO = {CLIENT: "the client", CLINICIAN: "the clinician"}


@dataclass(frozen=True)
class Finding:
    """What a rule saw at a session: in a sentence, and as arithmetic that can be redone by hand."""

    sentence: str
    arithmetic: tuple[str, ...]
    form: str = ""
    values: Mapping[str, float] = field(default_factory=dict)


Verdict = Finding | None | bool
Find = Callable[[Reading, int], Verdict]
Judge = Callable[[Reading, int, str], Verdict]


def of_alarm_form(judge: Judge) -> Find:
    """Judge the form that may raise an alarm at a session; None where neither may."""

    def find(reading: Reading, index: int) -> Verdict:
        form = reading.alarm_form(index)
        return judge(reading, index, form) if form else None

    return find


@dataclass(frozen=True)
class Rule:
    """One rule. At a session `find` returns a Finding (it holds), False (it does not) or None (nothing to say).

    `severity` is high, medium, low or none; `tier` is note (the client's page only), review (the clinician's list)
    or supervision (the supervisor's list at once); `closes` is "rupture" (with its rupture) or "condition" (when it
    no longer holds); `rank` is its place in triage, None for none; `caution` is what
    the client's page adds to the sentence. `judge` reads one form alone: an item that stands
    is judged on the form that raised it, whichever forms are rated later.
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
    caution: str = ""
    judge: Judge | None = None
