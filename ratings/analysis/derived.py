"""Which strains and which signals an episode's ratings give rise to.

Sessions are named by their index, oldest first. What people said of ruptures is given too, and outranks the ratings.
Source: docs/measures.md#from-rupture-to-repair.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ratings.analysis.alarms import stays_open
from ratings.analysis.all_rules import RULES, rule_at, rule_of
from ratings.analysis.reading import Reading
from ratings.analysis.rule import Finding, Rule
from ratings.analysis.ruptures import RuptureCourse, first_of_alarm, follow
from ratings.analysis.said import first_session_of_alarm

UNRESOLVED = "unresolved-rupture"
RED, AMBER, STRAIN = "unusually-low-red", "unusually-low-amber", "strain-reported"


@dataclass(frozen=True)
class SpokenRupture:
    """A rupture that a person has spoken about: marked by hand, acknowledged, repaired or closed.

    `opened` is the session at which it opened, on the ratings of `rater`, by the rule `source`. `closed` is the last
    session that it covers, None while it is open.
    """

    opened: int
    rater: str
    source: str
    closed: int | None = None


@dataclass(frozen=True)
class DerivedRupture:
    """A rupture as the ratings have it: the rater and the rule that opened it, its course in numbers.

    `closed` is the last session it covers, None while it is open.
    """

    rater: str
    source: str
    course: RuptureCourse
    closed: int | None = None

    @property
    def opened(self) -> int:
        return self.course.opened


@dataclass(frozen=True)
class DerivedSignal:
    """A signal as the ratings have it: the rule, the session that raised it, and what the rule found there.

    `rupture` is the session at which its rupture opened, None for a rule without one. `closed` is the session that
    closed it, None while it is open. `version` is that of the rule, None for the one in `RULES`.
    """

    rule: str
    session: int
    finding: Finding
    rupture: int | None = None
    closed: int | None = None
    version: int | None = None

    @property
    def of_rule(self) -> Rule:
        """The rule in the version that raised it."""
        return RULES[self.rule] if self.version is None else rule_of(self.rule, self.version)


def derive(reading: Reading, spoken: Sequence[SpokenRupture] = ()) -> tuple[list[DerivedRupture], list[DerivedSignal]]:
    """Return the ruptures and the signals of an episode, each list in the order of opening."""
    ruptures = derive_ruptures(reading, spoken)
    signals = [signal for rupture in ruptures for signal in signals_of_rupture(reading, rupture)]
    for rule in RULES.values():
        if rule.closes == "condition":
            signals += signals_of_condition(reading, rule)
    return ruptures, sorted(signals, key=lambda signal: signal.session)


def derive_ruptures(reading: Reading, spoken: Sequence[SpokenRupture]) -> list[DerivedRupture]:
    """Return the ruptures of an episode: each flag or reported strain opens one while none is open.

    At a session where a person has spoken of a rupture, that rupture opens in any case, and an earlier open one ends.
    """
    by_session = {spoken_of.opened: spoken_of for spoken_of in spoken}
    found: list[DerivedRupture] = []
    for index in range(len(reading.sessions)):
        busy = found and (found[-1].closed is None or found[-1].closed >= index)
        if spoken_of := by_session.get(index):
            if found and found[-1].closed is None:
                found[-1] = replace(found[-1], closed=index - 1)
            found.append(opened_by(reading, index, spoken_of.rater, spoken_of.source, spoken_of.closed))
        elif not busy and (source := what_opens(reading, index)):
            found.append(opened_by(reading, index, *source, None))
    return found


def what_opens(reading: Reading, index: int) -> tuple[str, str] | None:
    """Return the rater and the rule that open a rupture at a session, the most severe first; None where none does."""
    for rule in alarms_at(reading, index):
        verdict = rule.find(reading, index)
        if isinstance(verdict, Finding):
            return verdict.rater, rule.id
    return None


def alarms_at(reading: Reading, index: int) -> list[Rule]:
    """Return the rules that open a rupture, the most severe first, in the versions that count at a session."""
    return [rule_at(rule_id, reading.sessions[index]) for rule_id in (RED, AMBER, STRAIN)]


def opened_by(reading: Reading, index: int, rater: str, source: str, closed: int | None) -> DerivedRupture:
    """Return the rupture that opens at a session, judged against the level and scale before its alarm began."""
    start = start_of_alarm(reading, index, rater) if source in {RED, AMBER} else index
    level, scale = reading.before(rater, start)
    return DerivedRupture(rater, source, follow(reading.scores[rater], index, level, scale), closed)


def start_of_alarm(reading: Reading, index: int, rater: str) -> int:
    """Return the first session of the alarm that flags a session: that one, or the one before it where it took two."""
    if reading.sessions[index].said_counts:
        return first_session_of_alarm(reading.evidence, index)
    usual = reading.levels[rater][index]
    return first_of_alarm(reading.levels[rater], index) if usual is not None and usual.flag else index


def signals_of_rupture(reading: Reading, rupture: DerivedRupture) -> list[DerivedSignal]:
    """Return the signals of one rupture: at most one for each rule, and no amber one where there is a red one."""
    last = len(reading.sessions) - 1 if rupture.closed is None else rupture.closed
    signals: dict[str, DerivedSignal] = {}
    for index in range(rupture.opened, last + 1):
        for rule in alarms_at(reading, index):
            verdict = rule.find(reading, index)
            if not isinstance(verdict, Finding) or rule.id in signals or (rule.id == AMBER and RED in signals):
                continue
            signals[rule.id] = DerivedSignal(rule.id, index, verdict, rupture.opened, version=rule.version)
        if index == rupture.course.unresolved:
            signals[UNRESOLVED] = DerivedSignal(
                UNRESOLVED, index, stays_open(rupture.course, rupture.rater), rupture.opened
            )
    return [replace(signal, closed=rupture.closed) for signal in signals.values()]


def signals_of_condition(reading: Reading, rule: Rule) -> list[DerivedSignal]:
    """Return a signal for each run of sessions over which a rule holds, closed at the session where it stops."""
    signals: list[DerivedSignal] = []
    running = False
    for index in range(len(reading.sessions)):
        judge = rule.judge if running else None
        verdict = judge(reading, index, signals[-1].finding.rater) if judge else rule.find(reading, index)
        if isinstance(verdict, Finding) and not running:
            signals.append(DerivedSignal(rule.id, index, verdict))
            running = True
        elif isinstance(verdict, Finding) and rule.counts:
            signals[-1] = replace(signals[-1], finding=verdict)
        elif verdict is False and running:
            signals[-1] = replace(signals[-1], closed=index)
            running = False
    return signals
