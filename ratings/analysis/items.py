"""Which ruptures an episode has, and which signals are open in it.

Sessions are named by their index, oldest first. What people said of ruptures is given too, and outranks the ratings.
Source: docs/measures.md#from-rupture-to-repair.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ratings.analysis.alarms import stays_open
from ratings.analysis.reading import Reading
from ratings.analysis.rule import Finding, Rule
from ratings.analysis.rules import RULES
from ratings.analysis.ruptures import Rupture, first_of_alarm, follow

UNRESOLVED = "unresolved-rupture"
RED, AMBER, STRAIN = "unusually-low-red", "unusually-low-amber", "strain-reported"


@dataclass(frozen=True)
class Word:
    """A rupture of which a person has said how it stands.

    `opened` is the session it opened at, on the ratings of `form` by the rule `source`; `closed` is the last session it
    covers, None while it is open.
    """

    opened: int
    form: str
    source: str
    closed: int | None = None


@dataclass(frozen=True)
class Open:
    """A rupture of the episode: the form and the rule that opened it, its course in numbers.

    `closed` is the last session it covers, None while it is open.
    """

    form: str
    source: str
    course: Rupture
    closed: int | None = None

    @property
    def opened(self) -> int:
        return self.course.opened


@dataclass(frozen=True)
class Item:
    """One signal: the rule, the session that raised it, and what the rule found there.

    `rupture` is the session at which its rupture opened, None for a rule without one. `closed` is the session that
    closed it, None while it is open.
    """

    rule: str
    session: int
    finding: Finding
    rupture: int | None = None
    closed: int | None = None


def read(reading: Reading, words: Sequence[Word] = ()) -> tuple[list[Open], list[Item]]:
    """Return the ruptures and the signals of an episode, each list in the order of opening."""
    ruptures = open_ruptures(reading, words)
    items = [item for rupture in ruptures for item in items_of(reading, rupture)]
    for rule in RULES.values():
        if rule.closes == "condition":
            items += runs_of(reading, rule)
    return ruptures, sorted(items, key=lambda item: item.session)


def open_ruptures(reading: Reading, words: Sequence[Word]) -> list[Open]:
    """Return the ruptures of an episode: each flag or reported strain opens one while none is open.

    At a session where a person has spoken of a rupture, that rupture opens in any case, and an earlier open one ends.
    """
    spoken_of = {word.opened: word for word in words}
    found: list[Open] = []
    for index in range(len(reading.sessions)):
        busy = found and (found[-1].closed is None or found[-1].closed >= index)
        if word := spoken_of.get(index):
            if found and found[-1].closed is None:
                found[-1] = replace(found[-1], closed=index - 1)
            found.append(opened_by(reading, index, word.form, word.source, word.closed))
        elif not busy and (source := what_opens(reading, index)):
            found.append(opened_by(reading, index, *source, None))
    return found


def what_opens(reading: Reading, index: int) -> tuple[str, str] | None:
    """Return the form and the rule that open a rupture at a session, the most severe first; None where none does."""
    for rule in (RULES[RED], RULES[AMBER], RULES[STRAIN]):
        verdict = rule.find(reading, index)
        if isinstance(verdict, Finding):
            return verdict.form, rule.id
    return None


def opened_by(reading: Reading, index: int, form: str, source: str, closed: int | None) -> Open:
    """Return the rupture that opens at a session, judged against the level and scale before its alarm began."""
    levels, start = reading.levels[form], index
    usual = levels[index]
    if source in {RED, AMBER} and usual is not None and usual.flag:
        start = first_of_alarm(levels, index)
    level, scale = reading.before(form, start)
    return Open(form, source, follow(reading.scores[form], index, level, scale), closed)


def items_of(reading: Reading, rupture: Open) -> list[Item]:
    """Return the signals of one rupture: at most one for each rule, and no amber one where there is a red one."""
    last = len(reading.sessions) - 1 if rupture.closed is None else rupture.closed
    items: dict[str, Item] = {}
    for index in range(rupture.opened, last + 1):
        for rule in (RULES[RED], RULES[AMBER], RULES[STRAIN]):
            verdict = rule.find(reading, index)
            if not isinstance(verdict, Finding) or rule.id in items or (rule.id == AMBER and RED in items):
                continue
            items[rule.id] = Item(rule.id, index, verdict, rupture.opened)
        if index == rupture.course.unresolved:
            items[UNRESOLVED] = Item(UNRESOLVED, index, stays_open(rupture.course, rupture.form), rupture.opened)
    return [replace(item, closed=rupture.closed) for item in items.values()]


def runs_of(reading: Reading, rule: Rule) -> list[Item]:
    """Return a signal for each run of sessions over which a rule holds, closed at the session where it stops."""
    items: list[Item] = []
    standing = False
    for index in range(len(reading.sessions)):
        by_form = rule.judge if standing else None
        verdict = by_form(reading, index, items[-1].finding.form) if by_form else rule.find(reading, index)
        if isinstance(verdict, Finding) and not standing:
            items.append(Item(rule.id, index, verdict))
            standing = True
        elif verdict is False and standing:
            items[-1] = replace(items[-1], closed=index)
            standing = False
    return items
