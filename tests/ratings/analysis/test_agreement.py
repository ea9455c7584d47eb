"""Published worked examples of agreement, each with its source: docs/measures.md#sources."""

import pytest

from ratings.analysis.agreement import difference, reliability, reliable_change

PEAK_FLOW = [
    [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427],
    [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451],
]
SIX_BY_FOUR = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_differences_are_those_of_bland_and_altman_1986():
    found = difference(*PEAK_FLOW)
    assert found.bias == pytest.approx(-2.1176, abs=5e-5)
    assert found.sd == pytest.approx(38.7651, abs=5e-5)


def test_reliabilities_are_those_of_shrout_and_fleiss_1979():
    found = reliability(SIX_BY_FOUR)
    assert (found.icc11, found.icc21, found.icc31, found.icc3k) == pytest.approx(
        (0.1657, 0.2898, 0.7148, 0.9093), abs=5e-5
    )


def test_reliable_change_is_that_of_jacobson_and_truax_1991():
    found = reliable_change(32.5, 47.5, sd=7.5, reliability=0.80)
    assert (found.error, found.error_of_difference, found.change) == pytest.approx((3.354, 4.743, 3.162), abs=5e-4)


@pytest.mark.parametrize(("first", "second"), [([], []), ([5], [5]), ([5, 6], [5]), ([5, 6], [5, 6, 7])])
def test_differences_need_two_pairs(first, second):
    with pytest.raises(ValueError, match=f"got {len(first)} and {len(second)} values"):
        difference(first, second)


@pytest.mark.parametrize("table", [[], [[]], [[1, 2]], [[1], [2]], [[1, 2], [3]], [[1, 2], [3, 4, 5]]])
def test_reliability_needs_a_full_table(table):
    with pytest.raises(ValueError, match="needs a full table"):
        reliability(table)


def test_targets_that_do_not_differ_have_no_reliability():
    with pytest.raises(ValueError, match="do not differ"):
        reliability([[4, 5], [4, 5], [5, 4]])


@pytest.mark.parametrize(("sd", "rel"), [(0, 0.8), (-1, 0.8), (float("nan"), 0.8), (7.5, 1), (7.5, -0.1), (7.5, 2)])
def test_reliable_change_needs_a_spread_and_a_reliability_that_make_sense(sd, rel):
    with pytest.raises(ValueError, match=f"got {sd} and {rel}"):
        reliable_change(1, 2, sd=sd, reliability=rel)
