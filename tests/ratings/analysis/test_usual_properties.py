"""What holds for the usual level of every series, whatever its numbers: docs/measures.md#the-usual-level."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ratings.analysis.usual import Prior, usual_levels

SCORE = st.integers(15, 105).map(lambda fifteenths: fifteenths / 15)
RATED = st.lists(SCORE, min_size=1, max_size=30)
SERIES = st.lists(st.none() | SCORE, max_size=30)


def told(levels):
    return [level for level in levels if level]


@given(SERIES)
def test_every_rated_session_has_one_entry_and_the_first_no_z(scores):
    levels = usual_levels(scores)
    assert [level is None for level in levels] == [score is None for score in scores]
    rated = told(levels)
    assert [level.score for level in rated] == [score for score in scores if score is not None]
    assert all(level.z is None and level.flag is None and level.lower_edge is None for level in rated[:1])
    assert all(level.z is not None and level.lower_edge is not None for level in rated[1:])


@given(SERIES)
def test_sessions_without_a_score_change_nothing(scores):
    assert told(usual_levels(scores)) == usual_levels([score for score in scores if score is not None])


@given(RATED, RATED)
def test_later_sessions_never_change_what_was_said_of_earlier_ones(earlier, later):
    assert usual_levels(earlier + later)[: len(earlier)] == usual_levels(earlier)


@given(RATED, st.floats(-2, 2))
def test_the_same_shift_of_every_rating_and_of_the_prior_leaves_z_as_it_was(scores, shift):
    shifted = [score + shift for score in scores]
    assume(all(1 <= score <= 7 for score in shifted))
    assume(1 <= 5.2 + shift <= 7)
    before, after = usual_levels(scores), usual_levels(shifted, Prior(m0=5.2 + shift))
    for old, new in zip(before[1:], after[1:], strict=True):
        assert new.z == pytest.approx(old.z, abs=1e-6)


@given(st.lists(SCORE, min_size=2, max_size=20), SCORE)
def test_a_lower_rating_today_never_lowers_z(scores, other):
    low, high = sorted([scores[-1], other])
    worse, better = usual_levels([*scores[:-1], low])[-1], usual_levels([*scores[:-1], high])[-1]
    assert worse.z >= better.z
    rank = [None, "amber", "red"].index
    assert rank(worse.flag) >= rank(better.flag)


@given(st.integers(1, 60))
def test_a_history_of_sevens_never_flags(count):
    levels = usual_levels([7.0] * count)
    assert all(level.flag is None for level in levels)
    assert all(level.next_level <= 7 for level in levels)


@given(SERIES)
def test_a_flag_is_low_in_points_and_in_spreads(scores):
    for level in told(usual_levels(scores)):
        if level.flag:
            assert level.level - level.score >= 0.5
            assert level.z >= (1.8 if level.flag == "red" else 1.2)


@given(RATED)
def test_the_lower_edge_is_where_amber_begins(scores):
    for level in usual_levels(scores)[1:]:
        assert (level.score <= level.lower_edge) == pytest.approx(level.z >= 1.8) or abs(level.z - 1.8) < 1e-9
