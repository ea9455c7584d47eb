"""Scores of one rating, with the worked examples of docs/measures.md#scores."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.analysis.scores import all_scores, answered, element_scores, overall
from ratings.elements import ELEMENTS, ITEM_KEYS

ANSWER = st.none() | st.integers(1, 7)
RATING = st.fixed_dictionaries(dict.fromkeys(ITEM_KEYS, ANSWER))


def rating(written):
    """Read `6 6 6 | 6 6 6 4`: goals, tasks, bond, then the other four in order; a dash for a skipped one."""
    scores = written.replace("|", " ").split()
    return {key: None if score == "-" else int(score) for key, score in zip(ITEM_KEYS, scores, strict=True)}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("6 6 6 | 6 6 6 4", 5.6),
        ("4 6 6 | 6 6 6 6", 5.8667),
        ("4 6 - | 6 6 6 6", 5.8),
        ("4 6 6 | - 6 6 6", 5.8333),
        ("7 7 7 | 7 7 7 7", 7),
        ("1 1 1 | 1 1 1 1", 1),
    ],
)
def test_the_overall_score_is_the_mean_of_the_element_scores(written, expected):
    assert overall(rating(written)) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("written", ["4 - - | 6 6 6 6", "4 6 6 | - - 6 6", "4 6 - | 6 - 6 6", "- - - | - - - -"])
def test_there_is_no_overall_score_with_two_items_skipped(written):
    assert overall(rating(written)) is None


@pytest.mark.parametrize(("written", "expected"), [("4 6 5", 5), ("4 6 -", 5), ("- - 5", None), ("- - -", None)])
def test_working_alliance_needs_two_of_its_three_parts(written, expected):
    assert element_scores(rating(f"{written} | 1 2 3 -")) == {
        "working_alliance": expected,
        "trust": 1,
        "empathy": 2,
        "engagement": 3,
        "responsiveness": None,
    }


def test_an_item_that_is_absent_counts_as_skipped():
    assert answered({"goals": 3, "trust": None}) == 1
    assert overall({key: 5 for key in ITEM_KEYS if key != "bond"}) == 5


@pytest.mark.parametrize("score", [0, 8, -1, 3.5, 5.0, True, "5", float("nan")])
def test_a_score_off_the_scale_is_refused_by_name_and_value(score):
    with pytest.raises(ValueError, match=f"bond: {score!r}"):
        overall({"bond": score})


def test_an_unknown_item_is_refused_by_name():
    with pytest.raises(ValueError, match="not an item: mood"):
        element_scores({"mood": 4})


@given(RATING)
def test_scores_stay_on_the_scale_and_keep_the_answers_as_they_are(items):
    scores = all_scores(items)
    assert list(scores) == ["overall", *ITEM_KEYS, "working_alliance"]
    assert {key: scores[key] for key in ITEM_KEYS} == items
    assert all(1 <= score <= 7 for score in scores.values() if score is not None)
    assert (scores["overall"] is None) == (answered(items) < 6)


@given(st.fixed_dictionaries(dict.fromkeys(ITEM_KEYS, st.integers(1, 6))), st.sampled_from(ITEM_KEYS))
def test_a_higher_answer_never_lowers_a_score(items, key):
    before, after = all_scores(items), all_scores(items | {key: items[key] + 1})
    assert all(after[name] >= before[name] for name in ("overall", *ELEMENTS))
