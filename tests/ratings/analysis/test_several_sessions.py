"""The numbers of the rules over several sessions, from the golden series: docs/measures.md#the-rules."""

import json
from pathlib import Path

import pytest

from ratings.analysis.several_sessions import MIDDLE, erosion_of, low_edges_of, phases_of, same_answers_of
from ratings.analysis.usual import usual_levels
from tests.ratings.analysis.cases import items

GOLDEN = json.loads(Path(__file__).parents[2].joinpath("data", "golden_usual.json").read_text())


def numbers(expected):
    return [None if value is None else pytest.approx(value, abs=1e-6) for value in expected]


@pytest.mark.parametrize("name", GOLDEN)
def test_a_golden_series_is_low_from_the_start_where_it_says(name):
    series, expected = GOLDEN[name]["series"], GOLDEN[name]["low_from_start"]
    edges = low_edges_of(usual_levels(series))
    found = [
        None if score is None else edge is not None and edge < MIDDLE for score, edge in zip(series, edges, strict=True)
    ]
    assert found == expected


@pytest.mark.parametrize("name", GOLDEN)
def test_a_golden_series_erodes_as_it_says(name):
    found = erosion_of(usual_levels(GOLDEN[name]["series"]))
    assert [each and each.fallen for each in found] == numbers(GOLDEN[name]["erosion"])


@pytest.mark.parametrize("name", GOLDEN)
def test_a_golden_series_changes_phase_as_it_says(name):
    found = phases_of(usual_levels(GOLDEN[name]["series"]))
    assert [each and each.change for each in found] == numbers(GOLDEN[name]["phase_change"])


def test_the_slow_rules_wait_for_their_rated_session():
    levels = usual_levels([3.0, None, 3.0, 3.0, 3.0, 3.0, None, 3.0])
    assert [value is None for value in low_edges_of(levels)] == [True, True, True, False, False, False, True, False]
    assert [value is None for value in erosion_of(levels)] == [True] * 5 + [False, True, False]
    assert [value is None for value in phases_of(levels)] == [True] * 7 + [False]


@pytest.mark.parametrize("compute", [low_edges_of, erosion_of, phases_of, same_answers_of])
@pytest.mark.parametrize("nothing", [[], [None], [None, None]])
def test_nothing_rated_says_nothing(compute, nothing):
    assert not any(compute(nothing))
    assert len(compute(nothing)) == len(nothing)


def test_the_same_answers_are_counted_over_rated_sessions_only():
    five, other = items(5), items(5) | {"bond": 4}
    assert same_answers_of([five, None, five, five, other, five]) == [1, 0, 2, 3, 1, 1]


def test_nothing_but_sevens_is_the_same_whichever_row_was_skipped():
    sevens = items(7)
    assert same_answers_of([sevens, sevens | {"bond": None}, sevens | {"trust": None}, sevens]) == [1, 2, 3, 4]
    assert same_answers_of([items(6), items(6) | {"bond": None}]) == [1, 1]
