"""What a service may read from its own data: chance by the mirror, and whether answers about strain go with drops."""

import pytest

from ratings.analysis.rule_check import BlindAnswers, alarm_z, blind_answers, client_z, per_100
from tests.ratings.analysis.cases import reading


@pytest.mark.parametrize(
    ("counts", "ratio", "words"),
    [
        ((200, 42, 800, 96), 1.75, ""),
        ((200, 41, 800, 96), 1.708, "often enough"),
        ((199, 199, 800, 1), 800.0, "it takes 200 sessions"),
        ((200, 0, 800, 0), None, "often enough"),
        ((0, 0, 0, 0), None, "it takes 200 sessions"),
    ],
)
def test_the_condition_asks_for_enough_sessions_and_for_a_ratio(counts, ratio, words):
    found = BlindAnswers(*counts)
    assert found.ratio == (ratio and pytest.approx(ratio, abs=1e-3))
    assert words in found.refusal
    assert bool(words) == bool(found.refusal)


def test_sessions_between_the_two_groups_count_in_neither():
    pairs = [(1.8, "clear"), (1.79, "clear"), (0.01, "none"), (0.0, "slight"), (-2.0, "none"), (3.0, "none")]
    assert blind_answers(pairs) == BlindAnswers(low=2, low_reported=1, ordinary=2, ordinary_reported=1)


def test_the_z_of_an_alarm_is_the_clients_else_the_clinicians():
    read = reading(client=[5.0, None, 5.0], clinician=[6.0, 6.0, 3.0])
    assert alarm_z(read, 0) is None
    assert alarm_z(read, 1) == read.levels["clinician"][1].z
    assert alarm_z(read, 2) == client_z(read, 2) == read.levels["client"][2].z
    assert client_z(read, 1) is None


@pytest.mark.parametrize(
    ("part", "whole", "clinicians", "words"),
    [
        (0, 0, 5, "none"),
        (3, 9, 5, "under 10"),
        (30, 900, 2, "not shown"),
        (0, 100, 3, "0 in 100"),
        (9, 100, 3, "under 10 in 100"),
        (12, 100, 3, "12 in 100"),
        (12, 500, 3, "2.4 in 100"),
        (4, 500, 3, "under 2.0 in 100"),
    ],
)
def test_a_rate_is_written_as_it_may_be_printed(part, whole, clinicians, words):
    assert per_100(part, whole, clinicians) == words
