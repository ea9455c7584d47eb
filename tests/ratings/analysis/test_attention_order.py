from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import permutations

from ratings.analysis.all_rules import RULES
from ratings.analysis.attention_order import attention_key

START = datetime(2026, 11, 2, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Waiting:
    rule: str
    opened_at: datetime


def waiting(rule, day=0):
    return Waiting(rule, START + timedelta(days=day))


def in_order(items):
    return sorted(items, key=lambda item: attention_key(RULES[item.rule], item.opened_at))


def test_the_graver_rule_comes_first_however_long_another_has_waited():
    expected = [
        waiting("unusually-low-red", 9),
        waiting("unresolved-rupture", 8),
        waiting("unusually-low-amber", 7),
        waiting("gap", 6),
        waiting("low-from-start", 5),
        waiting("not-rated", 4),
        waiting("erosion", 3),
        waiting("little-information", 2),
        waiting("phase-change", 1),
    ]
    assert in_order(reversed(expected)) == expected


def test_within_a_rank_the_oldest_comes_first():
    oldest, newer, newest = (
        waiting("strain-reported", 1),
        waiting("unusually-low-amber", 2),
        waiting("strain-reported", 3),
    )
    for order in permutations([oldest, newer, newest]):
        assert in_order(order) == [oldest, newer, newest]


def test_the_order_does_not_depend_on_how_the_list_came():
    same = [waiting("strain-reported"), waiting("unusually-low-amber")]
    assert in_order(same) == in_order(reversed(same))


def test_every_rule_has_a_place_and_an_empty_list_stays_empty():
    assert len(in_order(waiting(rule) for rule in RULES)) == len(RULES)
    assert in_order([]) == []
