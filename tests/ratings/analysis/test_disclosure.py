"""What may be printed: nothing about fewer than ten or from fewer than three clinicians, and nothing that tells it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.analysis.disclosure import FEWEST, TOO_FEW, WITHHELD, about, count, share, shares

ENOUGH = 3


@pytest.mark.parametrize(
    ("number", "clinicians", "printed"),
    [
        (0, 0, "0"),
        (1, ENOUGH, TOO_FEW),
        (9, ENOUGH, TOO_FEW),
        (10, ENOUGH, "10"),
        (137, ENOUGH, "137"),
        (9, 2, TOO_FEW),
        (137, 2, WITHHELD),
        (137, 1, WITHHELD),
    ],
)
def test_a_count(number, clinicians, printed):
    assert count(number, clinicians) == printed


@pytest.mark.parametrize(
    ("number", "printed"),
    [(0, "0"), (9, TOO_FEW), (10, "10"), (12, "10"), (13, "15"), (17, "15"), (18, "20"), (102, "100")],
)
def test_a_count_of_a_window_that_overlaps_is_to_the_nearest_five(number, printed):
    assert about(number, ENOUGH) == printed


@given(st.integers(10, 500))
def test_one_case_more_is_never_told_by_two_rounded_counts(number):
    steps = {about(number + more, ENOUGH) for more in range(-4, 5) if number + more >= FEWEST}
    assert len(steps) <= 3
    assert all(int(step) % 5 == 0 for step in steps)


@pytest.mark.parametrize(
    ("part", "whole", "clinicians", "printed"),
    [
        (0, 0, 0, "none"),
        (3, 9, ENOUGH, TOO_FEW),
        (0, 50, ENOUGH, "0%"),
        (1, 50, ENOUGH, "under 20%"),
        (9, 50, ENOUGH, "under 20%"),
        (10, 50, ENOUGH, "20%"),
        (40, 50, ENOUGH, "80%"),
        (41, 50, ENOUGH, "over 80%"),
        (49, 50, ENOUGH, "over 80%"),
        (50, 50, ENOUGH, "100%"),
        (5, 15, ENOUGH, "under 67%"),
        (20, 50, 2, WITHHELD),
    ],
)
def test_a_share(part, whole, clinicians, printed):
    assert share(part, whole, clinicians) == printed


@pytest.mark.parametrize(
    ("parts", "printed"),
    [
        ([50, 30, 20], ["50%", "30%", "20%"]),
        ([85, 11, 4], ["85%", WITHHELD, "under 10%"]),
        ([93, 3, 4], ["over 90%", "under 10%", "under 10%"]),
        ([86, 7, 7], ["86%", "under 10%", "under 10%"]),
        ([96, 4, 0], ["over 90%", "under 10%", "0%"]),
        ([100, 0, 0], ["100%", "0%", "0%"]),
        ([60, 36, 4], ["60%", WITHHELD, "under 10%"]),
        ([5, 3, 1], [TOO_FEW] * 3),
        ([0, 0, 0], ["none"] * 3),
    ],
)
def test_parts_of_a_whole(parts, printed):
    assert list(shares(dict(zip("abc", parts, strict=True)), ENOUGH).values()) == printed


def test_parts_from_too_few_clinicians_are_kept_back():
    assert shares({"a": 50, "b": 50}, 2) == {"a": WITHHELD, "b": WITHHELD}


@given(st.lists(st.integers(0, 60), min_size=2, max_size=5))
def test_no_small_part_follows_from_the_whole_and_the_other_parts(numbers):
    parts = dict(enumerate(numbers))
    if sum(numbers) < FEWEST:
        return
    printed = shares(parts, ENOUGH)
    told = {name for name, words in printed.items() if words[0].isdigit()}
    kept_back = [parts[name] for name in parts.keys() - told]
    assert not any(0 < parts[name] < FEWEST for name in told)
    assert len(kept_back) != 1
    assert not kept_back or sum(kept_back) >= FEWEST


@given(st.integers(10, 300), st.data())
def test_a_bound_is_true_and_fits_more_than_one_number(whole, data):
    part = data.draw(st.integers(0, whole))
    printed = share(part, whole, ENOUGH)
    limit = int(printed.removesuffix("%").split()[-1])
    if printed.startswith("under"):
        assert 100 * part / whole < limit
        assert 0 < part < FEWEST
    elif printed.startswith("over"):
        assert 100 * part / whole > limit
        assert 0 < whole - part < FEWEST
    else:
        assert abs(100 * part / whole - limit) <= 0.5
