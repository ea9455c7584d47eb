"""What is usual between two raters: the card, the rule for a gap and "nothing stands out" agree."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.analysis.all_rules import RULES
from ratings.analysis.reading import Reading
from ratings.analysis.rule import Finding
from ratings.analysis.usual_gap import UsualGap
from ratings.analysis.words import spoken
from tests.ratings.analysis.cases import reading

LOWER = [(4.6, 5.0), (4.4, 5.0), (5.0, 5.0), (4.2, 5.0)]
SCORES = st.integers(5, 35).map(lambda fifths: fifths / 5)
PAIRS = st.lists(st.tuples(SCORES, SCORES), min_size=4, max_size=12)


def signed(words: str) -> Decimal:
    """Read a difference in words back as a number."""
    if words == "no difference":
        return Decimal(0)
    size, way = words.split()
    return Decimal(size) * (1 if way == "higher" else -1)


def read(pairs) -> Reading:
    return reading(client=[client for client, _ in pairs], clinician=[own for _, own in pairs])


def test_it_says_what_is_usual_and_that_the_last_one_is_not():
    assert UsualGap(LOWER, (3.6, 5.0)).sentence("Kit", "you") == (
        "In the 4 sessions before that both rated, Kit rated 0.4 lower than you on average (standard deviation 0.3): "
        "about two in three sessions fall between 0.7 lower and 0.1 lower. This one, 1.4 lower, is outside that. It "
        "raises no signal: that rule is for a client who usually rates higher, and Kit does not. Differences are "
        "normal; a change in them is worth talking about."
    )


def test_one_within_what_is_usual_is_one_of_those():
    assert "This one, 0.4 lower, is one of those. Differences" in UsualGap(LOWER, (4.6, 5.0)).sentence("Kit", "you")


def test_below_four_earlier_pairs_nothing_is_called_usual():
    found = UsualGap(LOWER[:3], (4.6, 5.0))
    assert "4 earlier sessions" in found.sentence("Kit", "you")
    assert not found.stands_out
    assert UsualGap(LOWER[:3], (3.6, 5.0)).stands_out


def test_without_both_scores_today_only_the_earlier_ones_are_told():
    assert "This one" not in UsualGap(LOWER).sentence("Kit", "you")
    assert not UsualGap(LOWER).stands_out


@pytest.mark.parametrize(
    ("last", "stands_out"),
    [((4.5, 5.0), False), ((4.1, 5.0), False), ((4.0, 5.0), True), ((6.0, 5.0), True), ((5.9, 5.0), False)],
)
def test_it_stands_out_from_a_point_apart_and_outside_what_is_usual(last, stands_out):
    assert UsualGap(LOWER, last).stands_out == stands_out


def test_a_large_gap_that_is_usual_here_does_not_stand_out():
    assert not UsualGap([(3.5, 5.0), (3.7, 5.0), (3.3, 5.0), (3.6, 5.0)], (3.5, 5.0)).stands_out


@given(PAIRS, st.tuples(SCORES, SCORES))
def test_the_ends_can_be_worked_out_from_the_numbers_that_are_shown(before, last):
    words = UsualGap(before, last).sentence("Kit", "you")
    mean, sd, low, high, today = re.search(
        r"Kit rated (.*?) you on average \(standard deviation (.*?)\): .* between (.*?) and (.*?)\. This one, (.*?), ",
        words,
    ).groups()
    centre = Decimal(0) if mean == "the same as" else signed(mean.removesuffix(" than"))
    assert (signed(low), signed(high)) == (centre - Decimal(sd), centre + Decimal(sd))
    assert signed(today) == Decimal(spoken(last[0])) - Decimal(spoken(last[1]))
    assert ("one of those" in words) == (signed(low) <= signed(today) <= signed(high))


@given(PAIRS, st.tuples(SCORES, SCORES))
def test_where_the_rule_raises_a_signal_the_card_never_says_that_none_is_raised(before, last):
    raised = isinstance(RULES["gap"].find(read([*before, last]), len(before)), Finding)
    assert not (raised and "raises no signal" in UsualGap(before, last).sentence("Kit", "you"))
