"""Unusually low, version 2: where words count, the evidence decides; everywhere else nothing changes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.analysis.all_rules import IN_USE, RULES, WHERE_WORDS_COUNT, rule_at, rule_of
from ratings.analysis.derived import AMBER, RED, derive, opened_by
from ratings.analysis.reading import Reading, SessionAnswers
from ratings.analysis.rule import Finding
from ratings.analysis.said import POINTS, first_session_of_alarm
from tests.ratings.analysis.cases import answers, reading

FIFTHS = st.none() | st.integers(5, 35).map(lambda fifths: fifths / 5)
WORDS = st.sampled_from(["", *POINTS])
SERIES = st.lists(st.tuples(FIFTHS, FIFTHS, WORDS, WORDS), min_size=1, max_size=9)


def therapy(rows, *, since=0):
    """Read a therapy of client's and clinician's scores and words; words count from the session `since` on."""
    sessions = [
        SessionAnswers(
            client=None if client is None else answers(client, strain=by_client),
            clinician=None if clinician is None else answers(clinician, "ada", strain=by_clinician),
            said_counts=index >= since,
        )
        for index, (client, clinician, by_client, by_clinician) in enumerate(rows)
    ]
    return Reading(sessions)


def low(*rows, since=0):
    """Return the signals of an unusually low session: session, rule, version."""
    found = derive(therapy(rows, since=since))[1]
    return [(each.session, each.rule, each.of_rule.version) for each in found if each.rule in {RED, AMBER}]


STEADY = [(6.0, None, "", "")] * 4


def sentence(*rows):
    [finding] = [each.finding for each in derive(therapy(rows))[1] if each.rule in {RED, AMBER}]
    return finding.sentence


def test_a_small_drop_with_a_reported_strain_is_flagged_where_words_count():
    rows = [*STEADY, (5.0, None, "slight", "")]
    assert low(*rows, since=99) == []
    assert low(*rows) == [(4, AMBER, 2)]


def test_a_drop_at_which_both_said_none_may_not_be():
    rows = [*STEADY, (4.8, 6.0, "none", "none")]
    assert low(*rows, since=99) == [(4, AMBER, 1)]
    assert low(*rows) == []


def test_sessions_before_the_switch_keep_their_flag_and_version():
    rows = [*STEADY, (3.0, None, "", ""), *STEADY, (6.0, None, "", ""), (3.0, None, "", "")]
    assert low(*rows, since=99)[0] == (4, RED, 1)
    assert low(*rows, since=5)[0] == (4, RED, 1)


@given(SERIES, st.integers(0, 9))
def test_the_switch_changes_no_signal_of_an_earlier_session(rows, since):
    signals = [derive(therapy(rows, since=when))[1] for when in (99, since)]
    before, after = ([(s.session, s.rule, s.finding) for s in each if s.session < since] for each in signals)
    assert after == before


@given(SERIES)
def test_a_flag_stands_where_the_evidence_says_and_its_arithmetic_adds_up(rows):
    read = therapy(rows)
    for index, row in enumerate(read.evidence):
        for rule, flag in ((RED, "red"), (AMBER, "amber")):
            verdict = rule_at(rule, read.sessions[index]).find(read, index)
            assert isinstance(verdict, Finding) == (row is not None and row.flag == flag)
            if isinstance(verdict, Finding):
                assert verdict.values["E"] == pytest.approx(row.evidence)
                assert f"= {row.evidence:.4f}" in "".join(verdict.arithmetic)
                assert verdict.rater == row.form


def test_the_level_is_frozen_before_the_first_session_of_the_alarm():
    rows = [*STEADY, (5.4, None, "slight", ""), (5.4, None, "slight", "")]
    read = therapy(rows)
    first, second = read.evidence[4:]
    assert 1.2 <= first.evidence < 1.8
    assert 1.2 <= second.evidence < 1.8
    assert low(*rows) == [(5, AMBER, 2)]
    assert first_session_of_alarm(read.evidence, 5) == 4
    assert first_session_of_alarm(therapy([*STEADY, (5.0, None, "slight", "")]).evidence, 4) == 4
    assert opened_by(read, 5, "client", AMBER, None).course.level == read.before("client", 4)[0]


def test_no_version_is_lost():
    assert (RED, 1) in IN_USE
    assert (RED, 2) in IN_USE
    assert rule_of(RED, 1) is RULES[RED]
    assert rule_of(RED, 2) is WHERE_WORDS_COUNT[RED]
    assert rule_of("gap", 7) is RULES["gap"]
    assert [rule_at(key, SessionAnswers(said_counts=True)).version for key in (RED, AMBER)] == [2, 2]
    assert [replace(rule, find=None, version=1).id for rule in WHERE_WORDS_COUNT.values()] == [RED, AMBER]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [*STEADY, (5.0, None, "slight", "")],
            "overall 5.0 is lower than this client's own usual level of 5.9. The client",
        ),
        (
            [*STEADY, (5.0, None, "slight", "")],
            "a slight strain. Together this is out of the ordinary for this client.",
        ),
        (
            [(6.0, 6.0, "clear", "clear")],
            "Rated by the client, overall 6.0 is the first rating, so there is no usual level",
        ),
        ([(6.0, 6.0, "clear", "clear")], "The client reported a clear strain. The clinician reported a clear strain."),
        ([*STEADY, (3.0, None, "", "")], "of 5.9. That is more than these ratings normally move."),
        ([*STEADY, (5.8, 6.0, "clear", "clear")], "overall 5.8 is"),
    ],
)
def test_the_sentence_says_what_was_rated_and_what_was_said(rows, words):
    assert words in sentence(*rows)


def test_without_the_switch_a_reading_is_as_before():
    scores = [6.0, 5.4, 6.0, 5.8, 3.6, 4.0]
    assert low(*[(score, None, "clear", "") for score in scores], since=99) == [
        (each.session, each.rule, 1) for each in derive(reading(scores))[1] if each.rule in {RED, AMBER}
    ]
