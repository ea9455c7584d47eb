"""Read an episode: which ruptures open and close, and which items stand open for whom.

Sessions are by index, oldest first. What people decided comes in as `Word`s, and outranks the statistics.
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
    """A rupture that a person has spoken about: where and how it opened, and the last session it covers once ended."""

    opened: int
    form: str
    source: str
    closed: int | None = None


@dataclass(frozen=True)
class Open:
    """A rupture of the episode: what opened it, its course in numbers, and the last session it covers once ended."""

    form: str
    source: str
    course: Rupture
    closed: int | None = None

    @property
    def opened(self) -> int:
        return self.course.opened


@dataclass(frozen=True)
class Item:
    """One signal: the rule, the session that raised it, what it saw, its rupture, and where it closed by itself."""

    rule: str
    session: int
    finding: Finding
    rupture: int | None = None
    closed: int | None = None


def read(reading: Reading, words: Sequence[Word] = ()) -> tuple[list[Open], list[Item]]:
    """Return the ruptures and the items of an episode, each list in the order of opening."""
    ruptures = open_ruptures(reading, words)
    items = [item for rupture in ruptures for item in items_of(reading, rupture)]
    for rule in RULES.values():
        if rule.closes == "condition":
            items += runs_of(reading, rule)
    return ruptures, sorted(items, key=lambda item: item.session)


def open_ruptures(reading: Reading, words: Sequence[Word]) -> list[Open]:
    """Open a rupture with each flag or reported strain while none is open; people's own ruptures come first."""
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
    """Return the form and the rule that open a rupture at a session, the gravest first; None for none."""
    for rule in (RULES[RED], RULES[AMBER], RULES[STRAIN]):
        verdict = rule.find(reading, index)
        if isinstance(verdict, Finding):
            return verdict.form, rule.id
    return None


def opened_by(reading: Reading, index: int, form: str, source: str, closed: int | None) -> Open:
    levels, start = reading.levels[form], index
    usual = levels[index]
    if source in {RED, AMBER} and usual is not None and usual.flag:
        start = first_of_alarm(levels, index)
    level, scale = reading.before(form, start)
    return Open(form, source, follow(reading.scores[form], index, level, scale), closed)


def items_of(reading: Reading, rupture: Open) -> list[Item]:
    """Return the items of one rupture: one a rule; an amber adds nothing to a red."""
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
    """Return one item for each stretch over which a rule holds, closed at the session that ends it."""
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
