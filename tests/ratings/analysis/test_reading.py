import pytest

from ratings.analysis.reading import CLIENT, CLINICIAN, Answers, Reading, SessionAnswers
from ratings.analysis.usual import Prior, usual_levels
from tests.ratings.analysis.cases import answered, answers, items, reading

STEADY = [5.4, 5.6, 5.4, 5.6, 5.4]


def test_each_form_has_a_series_of_its_own():
    read = reading(client=[5, 5.2, None, 5], clinician=[6, None, 6.2, 6])
    assert read.levels[CLIENT] == usual_levels([5, 5.2, None, 5])
    assert read.levels[CLINICIAN] == usual_levels([6, None, 6.2, 6])


def test_each_form_begins_with_its_own_prior():
    read = reading(client=[5], clinician=[5], priors={CLIENT: Prior(m0=4.0)})
    assert [read.levels[name][0].level for name in (CLIENT, CLINICIAN)] == [4.0, 5.2]


def test_the_clinicians_series_starts_anew_where_another_clinician_rates():
    first, second = answered([5, 5.2, 5], "A"), answered([6, 6.2], "B")
    read = reading(client=[5, 5.2, 5, None, 6, 6.2], clinician=[*first, None, *second])
    assert read.levels[CLINICIAN] == [*usual_levels([5, 5.2, 5, None]), *usual_levels([6, 6.2])]
    assert read.levels[CLIENT] == usual_levels([5, 5.2, 5, None, 6, 6.2])


def test_a_clinician_who_comes_back_starts_anew_too():
    read = reading(clinician=[answers(5, "A"), answers(5, "B"), answers(5, "A")])
    assert [level.z for level in read.levels[CLINICIAN]] == [None, None, None]


@pytest.mark.parametrize("unrated", [0, 2])
def test_the_slow_values_start_anew_with_the_series(unrated):
    first, second = answered([3.0] * 6, "A"), answered([6.0, 6.2] * 3, "B")
    read = reading(clinician=[*first, *[None] * unrated, *second])
    new = len(first) + unrated
    assert read.low_edges[CLINICIAN][new : new + 2] == [None, None]
    assert read.erosion[CLINICIAN][new : new + 4] == [None] * 4
    assert read.phases[CLINICIAN][new : new + 5] == [None] * 5
    assert read.same_answers[CLINICIAN][:6] == [1, 2, 3, 4, 5, 6]
    assert read.same_answers[CLINICIAN][new] == 1


def test_the_clients_form_may_alarm_where_it_has_a_score_else_the_clinicians():
    two_skipped = Answers(items(5) | {"bond": None, "trust": None})
    read = reading(client=[5, None, two_skipped, None], clinician=[5, 5, 5, None])
    assert [read.alarm_rater(index) for index in range(4)] == [CLIENT, CLINICIAN, CLINICIAN, None]


def test_what_held_before_a_session_is_known_without_a_rating_there():
    read = reading(client=[None, 5, None, 5.2])
    assert read.before(CLIENT, 0) == (5.2, 0.5)
    first = read.levels[CLIENT][1]
    assert read.before(CLIENT, 1) == (first.level, first.scale)
    assert read.before(CLIENT, 2) == (first.next_level, first.next_scale)


def test_what_held_before_a_new_clinicians_first_session_is_the_prior():
    read = reading(clinician=[*answered([3, 3, 3], "A"), None, answers(6, "B")])
    assert read.before(CLINICIAN, 4) == (5.2, 0.5)
    assert read.rated_before(CLINICIAN, 4) is None
    assert read.rated_before(CLINICIAN, 3) == read.levels[CLINICIAN][2]


@pytest.mark.parametrize(
    ("lower", "named"),
    [
        ({"trust": 2}, ["trust"]),
        ({"trust": 2, "empathy": 3}, ["trust", "empathy"]),
        ({"trust": 2, "empathy": 3, "engagement": 3, "responsiveness": 1}, ["responsiveness", "trust"]),
        ({"goals": 2, "tasks": 2, "bond": 2}, ["working_alliance"]),
        ({"trust": 2, "empathy": 5}, ["trust"]),
        ({"trust": None}, []),
        ({}, []),
    ],
)
def test_the_one_or_two_elements_that_fell_most_are_named_furthest_first(lower, named):
    usual = dict.fromkeys(items(6), 6)
    read = reading(client=[*answered([6] * 5), Answers(usual | lower)])
    assert read.fell_most(CLIENT, 5) == named


def test_nothing_fell_at_a_first_rating_or_where_nothing_was_rated():
    read = reading(client=[2, None])
    assert read.fell_most(CLIENT, 0) == read.fell_most(CLIENT, 1) == read.fell_most(CLINICIAN, 0) == []


def test_elements_are_read_against_the_same_clinicians_ratings_only():
    read = reading(clinician=[*answered([7] * 5, "A"), *answered([6.0] * 4, "B")])
    assert read.fell_most(CLINICIAN, 8) == []


def test_gaps_are_client_minus_clinician_with_the_mean_of_the_earlier_pairs():
    read = reading(client=[5, None, 5.4, 4], clinician=[4, 5, 5.0, 6])
    expected = [(1.0, 0.0, 0), (None, 1.0, 1), (0.4, 1.0, 1), (-2.0, 0.7, 2)]
    for found, numbers in zip(read.gaps, expected, strict=True):
        assert found == pytest.approx(numbers)


def test_unrated_sessions_count_all_those_that_wait_whatever_was_rated_since():
    waiting, excused, rated = SessionAnswers(), SessionAnswers(waits=False), SessionAnswers(clinician=answers(5))
    read = Reading([waiting, waiting, rated, waiting, excused, waiting])
    assert read.unrated == [1, 2, 2, 3, 3, 4]


def test_an_empty_episode_reads_as_nothing():
    read = Reading([])
    assert read.levels == {CLINICIAN: [], CLIENT: []}
    assert read.gaps == read.unrated == []
