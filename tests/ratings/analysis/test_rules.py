"""Each rule's severity, tier and rank, and the first session at which it holds: docs/measures.md#the-rules."""

import pytest

from ratings.analysis.all_rules import RULES
from ratings.analysis.reading import CLIENT, CLINICIAN, Answers, Reading, SessionAnswers
from ratings.analysis.rule import Finding
from tests.ratings.analysis.cases import answered, answers, items, reading

STEADY = [5.4, 5.6, 5.4, 5.6, 5.4]
TABLE = {
    "unusually-low-red": ("high", "supervision", 1, "rupture", True),
    "unresolved-rupture": ("high", "supervision", 2, "rupture", False),
    "unusually-low-amber": ("medium", "review", 3, "rupture", True),
    "strain-reported": ("medium", "review", 3, "rupture", True),
    "gap": ("medium", "review", 4, "condition", False),
    "low-from-start": ("low", "review", 5, "condition", False),
    "not-rated": ("low", "review", 6, "condition", False),
    "erosion": ("low", "note", 7, "condition", False),
    "little-information": ("low", "note", 8, "condition", False),
    "phase-change": ("none", "note", None, "condition", False),
}


def verdict(rule, read, index=-1):
    """Say what a rule finds at a session: its finding's form, False, or None for nothing to say."""
    said = RULES[rule].find(read, range(len(read.sessions))[index])
    return said.rater if isinstance(said, Finding) else said


def test_the_rules_are_those_of_the_table_in_its_order():
    said = {rule.id: (rule.severity, rule.tier, rule.rank, rule.closes, rule.opens_rupture) for rule in RULES.values()}
    assert said == TABLE
    assert list(RULES) == list(TABLE)


def test_a_rule_has_a_version_words_a_citation_and_its_parameters():
    for rule in RULES.values():
        assert rule.version >= 1
        assert all((rule.title, rule.sees, rule.threshold, rule.citation))
        assert all(isinstance(value, float | int) for value in rule.parameters.values())
    assert [rule.id for rule in RULES.values() if rule.seen_closes] == ["gap"]


@pytest.mark.parametrize(
    ("last", "amber", "red"),
    [
        ([4.6], False, False),
        ([4.4], CLIENT, False),
        ([4.2], CLIENT, False),
        ([4.0], False, CLIENT),
        ([4.6, 4.8], False, False),
        ([4.6, 4.6], CLIENT, False),
        ([4.4, 4.2], False, CLIENT),
        ([None], None, None),
    ],
)
def test_a_session_is_unusually_low_beyond_its_threshold(last, amber, red):
    read = reading(client=[*STEADY, *last])
    assert verdict("unusually-low-amber", read) == amber
    assert verdict("unusually-low-red", read) == red


def test_the_clients_form_alarms_and_the_clinicians_only_where_the_client_has_no_score():
    low = [*STEADY, 3.6]
    assert verdict("unusually-low-red", reading(client=[*STEADY, 5.4], clinician=low)) is False
    assert verdict("unusually-low-red", reading(client=low, clinician=[*STEADY, 5.4])) == CLIENT
    assert verdict("unusually-low-red", reading(client=STEADY, clinician=low)) == CLINICIAN


def test_a_first_rating_is_never_unusually_low():
    assert verdict("unusually-low-red", reading(client=[1])) is None
    assert verdict("unusually-low-red", reading(clinician=[*answered(STEADY, "A"), answers(1, "B")])) is None


@pytest.mark.parametrize(
    ("strain", "talked", "expected"),
    [
        ("none", "", False),
        ("slight", "", CLIENT),
        ("slight", "no", CLIENT),
        ("slight", "partly", CLIENT),
        ("clear", "no", CLIENT),
        ("slight", "yes", False),
        ("clear", "yes", False),
        ("", "", None),
    ],
)
def test_a_strain_is_one_that_was_not_talked_about_fully(strain, talked, expected):
    assert verdict("strain-reported", reading(client=[answers(5, strain=strain, talked=talked)])) == expected


def test_a_strain_counts_from_either_form_and_without_a_score():
    few = Answers({"bond": 4}, strain="slight")
    assert verdict("strain-reported", reading(client=[5], clinician=[few])) == CLINICIAN
    assert verdict("strain-reported", reading(client=[few], clinician=[few])) == CLIENT


@pytest.mark.parametrize(
    ("client", "clinician", "expected"),
    [
        ([5.2] * 4 + [4.0], [5.0] * 5, CLIENT),
        ([5.2] * 4 + [4.2], [5.0] * 5, False),
        ([5.2] * 4 + [3.6], [5.0] * 4 + [4.6], CLIENT),
        ([5.0] * 4 + [4.0], [5.0] * 5, False),
        ([4.8] * 4 + [4.0], [5.0] * 5, False),
        ([5.2] * 3 + [4.0], [5.0] * 4, None),
        ([5.2] * 4 + [None], [5.0] * 5, None),
        ([5.2] * 4 + [4.0], [5.0] * 4, None),
    ],
)
def test_a_gap_is_a_point_or_more_against_the_usual_way_round(client, clinician, expected):
    assert verdict("gap", reading(client=client, clinician=clinician)) == expected


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([3.4] * 2, None), ([3.4] * 3, CLIENT), ([3.6] * 3, False), ([3.6] * 4, CLIENT), ([5.4] * 9, False)],
)
def test_low_from_the_start_needs_three_ratings_and_little_doubt(scores, expected):
    assert verdict("low-from-start", reading(client=scores)) == expected


def test_two_held_sessions_without_a_rating_are_not_rated_whatever_was_rated_since():
    waiting, excused, rated = SessionAnswers(), SessionAnswers(waits=False), SessionAnswers(clinician=answers(5))
    assert verdict("not-rated", Reading([rated, waiting])) is False
    assert verdict("not-rated", Reading([rated, waiting, waiting])) == CLINICIAN
    assert verdict("not-rated", Reading([waiting, excused])) is None
    assert verdict("not-rated", Reading([waiting, excused, waiting])) == CLINICIAN
    assert verdict("not-rated", Reading([waiting, waiting, rated])) == CLINICIAN
    assert verdict("not-rated", Reading([waiting, rated, waiting])) == CLINICIAN
    assert verdict("not-rated", Reading([waiting, rated, rated])) is False
    assert verdict("not-rated", Reading([waiting, SessionAnswers(client=answers(5))])) == CLINICIAN


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([6, 6, 6, 6, 6, 5.6, 5.2, 4.8, 4.6, 4.4], CLIENT),
        ([6, 6, 6, 6, 6, 5.6, 5.2, 4.8, 4.6], False),
        ([6, 4, 2, 1], None),
        ([6, 6, 6, 4, 2], CLIENT),
    ],
)
def test_erosion_is_two_scales_below_the_best_running_average(scores, expected):
    assert verdict("erosion", reading(client=scores)) == expected


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([5.4] * 3, False), ([5.4] * 4, CLIENT), ([5.4] * 3 + [5.2], False), ([7] * 4, CLIENT), ([None], None)],
)
def test_the_same_answers_four_times_running_say_little(scores, expected):
    assert verdict("little-information", reading(client=scores)) == expected


def test_nothing_but_sevens_says_little_though_a_row_was_skipped_once():
    skipped = Answers(items(7) | {"empathy": None})
    assert verdict("little-information", reading(client=[7, skipped, 7, 7])) == CLIENT


def test_the_same_answers_by_two_clinicians_are_not_the_same():
    read = reading(clinician=[answers(6, "A"), answers(6, "A"), answers(6, "B"), answers(6, "B")])
    assert verdict("little-information", read) is False


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([4.0] * 3 + [5.0] * 2, None),
        ([4.0] * 3 + [5.0] * 3, CLIENT),
        ([4.0] * 3 + [4.8] * 3, False),
        ([4.6] * 3 + [3.6] * 3, CLIENT),
        ([4.6] * 3 + [3.8] * 3, False),
    ],
)
def test_a_phase_change_is_reliable_either_way_from_the_sixth_rating(scores, expected):
    assert verdict("phase-change", reading(client=scores)) == expected


@pytest.mark.parametrize("rule", TABLE)
def test_no_rule_says_anything_of_a_session_without_any_rating_that_need_not_be_rated(rule):
    assert verdict(rule, Reading([SessionAnswers(waits=False)])) is None


def test_the_unresolved_rupture_is_found_by_following_it_not_at_a_session():
    assert verdict("unresolved-rupture", reading(client=[*STEADY, 3, 3, 3, 3])) is None
