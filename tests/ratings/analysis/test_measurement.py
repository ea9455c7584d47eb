"""How the form measures: by published worked examples, and by tables small enough to work out by hand."""

import pytest

from ratings.analysis.measurement import agreement, alpha, intraclass, measurement
from ratings.elements import ITEM_KEYS

SIX_BY_FOUR = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def row(*scores):
    return dict(zip(ITEM_KEYS, scores, strict=True))


def test_alpha_is_that_of_shrout_and_fleiss_1979():
    assert alpha(SIX_BY_FOUR) == pytest.approx(0.9093, abs=5e-5)


@pytest.mark.parametrize("table", [[], [[]], [[5, 5]], [[5], [6]], [[5, 5], [5, 5]], [[4, 5], [4, 5], [5, 4]]])
def test_without_two_rows_two_items_and_a_difference_there_is_no_alpha(table):
    assert alpha(table) is None


def test_alpha_rests_on_each_clients_last_complete_rating():
    given = {"a": [row(*[1] * 7), row(*[6] * 7)], "b": [row(*[4] * 7), row(*[2] * 6, None)]}
    assert measurement(given)["alpha"] == pytest.approx(alpha([[6] * 7, [4] * 7]))
    assert measurement(given)["alpha"] == pytest.approx(1.0)


def test_within_clients_only_what_moves_from_session_to_session_counts():
    moving = [row(4, 4, 4, 4, 4, 4, 4), row(5, 5, 5, 5, 5, 5, 5), row(6, 6, 6, 6, 6, 6, 6)]
    higher = [row(*(score + 1 for score in each.values())) for each in moving]
    assert measurement({"a": moving, "b": higher})["within"] == pytest.approx(1.0)
    still = {name: [row(*[score] * 7)] * 3 for name, score in (("a", 4), ("b", 6))}
    assert measurement(still)["within"] is None
    assert measurement(still)["alpha"] == pytest.approx(1.0)


def test_within_needs_three_ratings_of_a_client():
    two = [row(4, 4, 4, 4, 4, 4, 4), row(6, 6, 6, 6, 6, 6, 6)]
    assert measurement({"a": two, "b": two})["within"] is None


def test_the_ceiling_counts_overall_scores_of_seven():
    given = {"a": [row(*[7] * 7), row(*[7] * 6, None), row(*[7] * 6, 6), row(*[7] * 5, None, None)]}
    found = measurement(given)
    assert (found["ratings"], found["at_seven"], found["clients"]) == (3, 2, 1)


def test_the_share_between_groups_is_that_of_shrout_and_fleiss_1979():
    assert intraclass(SIX_BY_FOUR) == pytest.approx(0.1657, abs=5e-5)


def test_groups_may_differ_in_size():
    """By hand: means 2 and 5 around 3.8, mean squares 10.8 between and 4/3 within, 2.4 values a group."""
    assert intraclass([[1, 3], [4, 5, 6]]) == pytest.approx((10.8 - 4 / 3) / (10.8 + 1.4 * 4 / 3))


@pytest.mark.parametrize("groups", [[], [[4, 5]], [[4], [5]], [[4, 4], [4, 4]]])
def test_without_two_groups_and_differences_there_is_no_share(groups):
    assert intraclass(groups) is None


def test_the_share_between_clients_is_of_overall_scores():
    given = {
        "a": [row(*[1] * 7), row(*[3] * 7)],
        "b": [row(*[score] * 7) for score in (4, 5, 6)],
        "c": [row(*[None] * 7)],
    }
    assert measurement(given)["between"] == pytest.approx(intraclass([[1, 3], [4, 5, 6]]))


def test_nothing_was_rated():
    nothing = {"clients": 0, "ratings": 0, "alpha": None, "within": None, "between": None, "at_seven": 0}
    assert measurement({}) == nothing
    assert measurement({"a": []}) == nothing


def test_agreement_is_over_clients_not_sessions():
    pairs = {"a": [(2, 3), (4, 5)], "b": [(5, 5)], "c": [(6, 7)] * 10}
    found = agreement(pairs)
    assert found["clients"] == 3
    assert found["r"] == pytest.approx(0.9286, abs=5e-5)


@pytest.mark.parametrize("pairs", [{}, {"a": [(5, 5)]}, {"a": [(5, 5)], "b": [(5, 6)]}, {"a": []}])
def test_without_differences_there_is_no_agreement(pairs):
    assert agreement(pairs)["r"] is None
