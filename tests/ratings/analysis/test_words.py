import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.analysis.scores import overall
from ratings.analysis.words import own_sentence, saved_sentence, series_sentence, spoken
from ratings.elements import ITEM_KEYS

FIFTEENTH = st.integers(15, 105).map(lambda fifteenths: fifteenths / 15)


def items(*scores):
    return dict(zip(ITEM_KEYS, scores, strict=True))


def told(now, before=None):
    return saved_sentence(overall(now), now, overall(before) if before else None, before)


FIVES = items(5, 5, 5, 5, 5, 5, 5)
SIXES = items(6, 6, 6, 6, 6, 6, 6)


@pytest.mark.parametrize(
    ("now", "before", "sentence"),
    [
        (FIVES, None, "First rating: overall 5.0."),
        (FIVES | {"bond": None}, None, "First rating: overall 5.0. 6 of 7 rows answered."),
        (FIVES, FIVES, "Overall 5.0, the same as last time (5.0)."),
        (SIXES, FIVES, "Overall 6.0, 1.0 higher than last time (5.0)."),
        (FIVES, SIXES, "Overall 5.0, 1.0 lower than last time (6.0)."),
        (FIVES | {"trust": None}, SIXES, "Overall 5.0, 1.0 lower than last time (6.0). 6 of 7 rows answered."),
        (SIXES, FIVES | {"bond": None, "trust": None}, "Overall 6.0."),
        (
            SIXES | {"trust": 4},
            SIXES,
            "Overall 5.6, 0.4 lower than last time (6.0). Moved most: trust from 6 to 4.",
        ),
        (
            items(6, 6, 3, 6, 2, 6, 4),
            SIXES,
            "Overall 4.6, 1.4 lower than last time (6.0). Moved most: empathy from 6 to 2 and bond from 6 to 3.",
        ),
        (
            FIVES | {"bond": None, "trust": None},
            FIVES,
            "5 of 7 rows answered, so there is no overall score. The chart shows the rows you rated.",
        ),
    ],
)
def test_a_saved_rating_is_answered_in_a_sentence(now, before, sentence):
    assert told(now, before) == sentence


@pytest.mark.parametrize(
    ("scores", "sentence"),
    [
        ([], ""),
        ([None, None], ""),
        ([5.2], "Rated by Robin: one rating so far, overall 5.2."),
        ([5.2, None, 5.4], "Rated by Robin: overall 5.2 then 5.4. Too few ratings for a trend."),
        ([5.0, 5.2, 5.4], "Rated by Robin: overall 5.0 then 5.2 then 5.4. Too few ratings for a trend."),
        ([5.0, 5.2, 5.4, 5.6], "Rated by Robin, the alliance has risen three ratings in a row, from 5.0 to 5.6."),
        ([7.0, 5.9, 5.6, 5.3, 5.0], "Rated by Robin, the alliance has fallen three ratings in a row, from 5.9 to 5.0."),
        ([5.9, 5.6, 5.6, 5.0], "Rated by Robin, the latest overall is 5.0, 0.6 lower than last time (5.6)."),
        ([5.0, 5.0, 5.0, 5.0], "Rated by Robin, the latest overall is 5.0, the same as last time (5.0)."),
    ],
)
def test_a_series_is_told_with_trend_words_from_the_fourth_rating_on(scores, sentence):
    assert series_sentence("Robin", scores) == sentence


@pytest.mark.parametrize(
    ("score", "decimals", "words"),
    [(5.25, 1, "5.3"), (5.0, 1, "5.0"), (6, 0, "6"), (5.65, 1, "5.7"), (17 / 3, 1, "5.7")],
)
def test_halves_are_rounded_upwards(score, decimals, words):
    assert spoken(score, decimals) == words


@given(st.lists(FIFTEENTH, min_size=4, max_size=8))
def test_the_numbers_of_a_sentence_add_up_as_they_are_written(scores):
    sentence = series_sentence("you", scores)
    if found := re.search(r"is (\S+), (\S+) (higher|lower) than last time \((\S+)\)", sentence):
        now, size, direction, before = found.groups()
        assert float(now) - float(before) == pytest.approx(float(size) * (1 if direction == "higher" else -1))
    elif found := re.search(r"is (\S+), the same as last time \((\S+)\)", sentence):
        assert found[1] == found[2]
    else:
        first, last = map(float, re.search(r"from (\S+) to (\d.\d)", sentence).groups())
        assert (last > first) == ("risen" in sentence)


@pytest.mark.parametrize(
    ("scores", "sentence"),
    [
        ([], ""),
        ([None, 5.0], "You have answered once so far."),
        ([6.0, None, 4.4], "Your last answers were lower than the time before. Worth talking about?"),
        ([4.4, 6.0], "Your last answers were higher than the time before."),
        ([4.41, 4.39], "Your last answers were much the same as the time before."),
    ],
)
def test_a_client_reads_of_their_own_answers_in_words_and_without_numbers(scores, sentence):
    assert own_sentence(scores) == sentence
