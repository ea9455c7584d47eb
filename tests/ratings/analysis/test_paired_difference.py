"""How far two raters differ, by a published worked example: docs/measures.md#sources."""

import pytest

from ratings.analysis.paired_difference import difference

PEAK_FLOW = [
    [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427],
    [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451],
]


def test_differences_are_those_of_bland_and_altman_1986():
    found = difference(*PEAK_FLOW)
    assert found.bias == pytest.approx(-2.1176, abs=5e-5)
    assert found.sd == pytest.approx(38.7651, abs=5e-5)


@pytest.mark.parametrize(("first", "second"), [([], []), ([5], [5]), ([5, 6], [5]), ([5, 6], [5, 6, 7])])
def test_differences_need_two_pairs(first, second):
    with pytest.raises(ValueError, match=f"got {len(first)} and {len(second)} values"):
        difference(first, second)
