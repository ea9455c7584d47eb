"""Low, and said: golden series, and what must hold for every series. docs/measures.md#low-and-said."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.analysis.said import POINTS, low_and_said
from ratings.analysis.usual import usual_levels

GOLDEN = json.loads(Path(__file__).parents[2].joinpath("data", "golden_low_and_said.json").read_text())
SCORES = st.none() | st.floats(1, 7)
WORDS = st.sampled_from([None, *POINTS])
SERIES = st.lists(st.tuples(SCORES, SCORES, WORDS, WORDS), min_size=1, max_size=12)
FLAGS = [None, "amber", "red"]
STRONGER = {None: "slight", "none": None, "slight": "clear", "clear": "clear"}


def read(series):
    return low_and_said(*map(list, zip(*series, strict=True)))


@pytest.mark.parametrize("name", GOLDEN)
def test_a_golden_series_has_these_numbers(name):
    case = GOLDEN[name]
    found = low_and_said(*(case[key] for key in ("client", "clinician", "client_strain", "clinician_strain")))
    assert len(found) == len(case["rows"])
    for row, expected in zip(found, case["rows"], strict=True):
        assert (row and asdict(row)) == (expected and pytest.approx(expected, abs=1e-6))


@given(SERIES, SERIES)
def test_later_sessions_change_nothing(series, later):
    assert read([*series, *later])[: len(series)] == read(series)


@given(SERIES, st.data())
def test_a_lower_rating_never_lowers_the_evidence_and_never_takes_a_flag_away(series, data):
    client, clinician, *said = series[-1]
    lower = [score and data.draw(st.floats(1, score)) for score in (client, clinician)]
    before, after = read(series)[-1], read([*series[:-1], (*lower, *said)])[-1]
    assert (before is None) == (after is None)
    if before:
        assert after.evidence >= before.evidence - 1e-9
        assert FLAGS.index(after.flag) >= FLAGS.index(before.flag)


@given(SERIES)
def test_a_stronger_word_never_lowers_the_evidence_and_never_takes_a_flag_away(series):
    *earlier, (client, clinician, by_client, by_clinician) = series
    weaker = read(series)[-1]
    stronger = read([*earlier, (client, clinician, STRONGER[by_client], STRONGER[by_clinician])])[-1]
    if weaker:
        assert stronger.evidence >= weaker.evidence
        assert FLAGS.index(stronger.flag) >= FLAGS.index(weaker.flag)


@given(st.lists(SCORES, min_size=1, max_size=12))
def test_without_answers_it_is_the_rule_of_the_usual_level(scores):
    nothing = [None] * len(scores)
    alone = [usual and (usual.z or 0.0, usual.flag) for usual in usual_levels(scores)]
    for both in ((scores, nothing), (nothing, scores)):
        found = low_and_said(*both, nothing, nothing)
        assert [row and (row.evidence, row.flag) for row in found] == alone


@given(SERIES)
def test_without_a_score_there_is_no_evidence_and_answers_alone_make_none(series):
    for row, (client, clinician, *_) in zip(read(series), series, strict=True):
        assert (row is None) == (client is None and clinician is None)


@pytest.mark.parametrize(
    ("lists", "words"),
    [
        (([5.0], [None], [None], []), "different lengths: 1, 1, 1, 0"),
        (([5.0], [None], ["often"], [None]), "not an answer about a strain: often"),
        (([8.0], [None], [None], [None]), "score 8.0 at index 0"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(lists, words):
    with pytest.raises(ValueError, match=words):
        low_and_said(*lists)
