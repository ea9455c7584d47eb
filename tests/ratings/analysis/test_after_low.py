"""What is missing after a low rating: what counts as low, what is counted, and when the report says so."""

import pytest

from ratings.analysis.after_low import NO_MORE, TOO_FEW_TO_SAY, AskedSession, after_low, is_more_often, sentence

NOTHING = {"n": 0, "by": 0, "answered": 0, "not_asked": 0}


def therapy(*scores, clinician="Ida", counts=True):
    """Sessions with these overall scores; without one the client was asked and did not answer."""
    return [AskedSession(clinician, score, asked=True, answered=score is not None, counts=counts) for score in scores]


def test_a_session_that_follows_a_low_rating_is_counted_apart():
    found = after_low([therapy(6.0, 6.0, 4.0, None, 6.0, 6.0)])
    assert found["low"] == {"n": 1, "by": 1, "answered": 0, "not_asked": 0}
    assert found["other"] == {"n": 2, "by": 1, "answered": 2, "not_asked": 0}


def test_the_first_rating_is_neither_and_a_last_one_has_nothing_after_it():
    assert after_low([therapy(2.0, None), therapy(6.0, 6.0, 3.0)])["low"] == NOTHING


def test_half_a_point_below_the_usual_level_is_low_and_less_is_not():
    low, other = (after_low([therapy(*[6.0] * 9, last, 6.0)])["low"]["n"] for last in (5.4, 5.6))
    assert (low, other) == (1, 0)


def test_whether_nobody_asked_is_told_apart_from_no_answer():
    before = therapy(6.0, 6.0, 4.0)
    silent = AskedSession("Jon", None, asked=False, answered=False)
    closed = AskedSession("Kim", None, asked=True, answered=True)
    found = after_low([[*before, silent], [*before, closed]])
    assert found["low"] == {"n": 2, "by": 2, "answered": 1, "not_asked": 1}


def test_sessions_before_the_time_that_is_told_of_give_the_level_only():
    found = after_low([[*therapy(6.0, 6.0, 6.0, 4.0, counts=False), *therapy(None, 6.0, 6.0)]])
    assert found["low"]["n"] == 1
    assert found["other"]["n"] == 1
    assert after_low([therapy(6.0, 6.0, 4.0, None, counts=False)]) == {"low": NOTHING, "other": NOTHING}


def test_therapies_are_not_run_together():
    assert after_low([therapy(6.0, 6.0, 4.0), therapy(None, 6.0)])["low"] == NOTHING


def counts(n, answered, by=5):
    return {"n": n, "by": by, "answered": answered, "not_asked": 0}


def test_two_shares_differ_beyond_chance_as_a_textbook_has_it():
    """40 of 100 against 100 of 400: together .28, error .0502, 2.99 errors apart. 32 of 100: 1.41."""
    assert is_more_often(counts(100, 60), counts(400, 300))
    assert not is_more_often(counts(100, 68), counts(400, 300))
    assert not is_more_often(counts(100, 90), counts(400, 300))


def test_the_sentence_says_more_with_counts_or_no_more():
    more = sentence({"low": counts(101, 60), "other": counts(402, 300)})
    assert "missing more often than otherwise: 41% of 100 sessions, against 25% of 400." in more
    assert sentence({"low": counts(101, 75), "other": counts(402, 300)}) == NO_MORE


@pytest.mark.parametrize(
    ("low", "other"),
    [
        (counts(0, 0), counts(0, 0)),
        (counts(9, 0), counts(400, 300)),
        (counts(100, 91), counts(400, 300)),
        (counts(100, 50), counts(400, 391)),
        (counts(100, 50, by=2), counts(400, 300)),
    ],
)
def test_small_numbers_say_nothing(low, other):
    assert sentence({"low": low, "other": other}) == TOO_FEW_TO_SAY
