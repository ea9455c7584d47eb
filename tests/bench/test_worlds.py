"""The worlds in which "low, and said" is tried, and what signals amount to over a therapy: how they are counted."""

import json
from random import Random

import pytest

from bench.signals import therapies, worlds
from bench.signals.__main__ import FIGURES
from bench.signals.raters import CLIENT_RATER, LASTING, ORDINARY, RATERS, STRAINED, PlantedStrain, SimulatedClient
from bench.signals.worlds import WORLDS, World, outcome_in, pair_in

KEPT = json.loads(FIGURES.read_text())


def seeded(seed):
    return Random(seed)  # noqa: S311


@pytest.mark.parametrize("world", WORLDS)
def test_the_same_seed_gives_the_same_figures(world):
    assert outcome_in(world, 3, 40) == outcome_in(world, 3, 40)


@pytest.mark.parametrize("world", WORLDS)
def test_both_raters_meet_the_same_strains_and_answer_only_where_they_rated(world):
    pair = pair_in(world, seeded(5))
    assert (pair.client.states, pair.client.strains) == (pair.clinician.states, pair.clinician.strains)
    for said, own, theirs in zip(pair.said, pair.client.answers, pair.clinician.answers, strict=True):
        by_client, by_clinician = said
        assert by_client is None or own is not None
        assert by_clinician is None or theirs is not None


def test_who_never_reports_a_strain_is_flagged_no_more_often_than_by_the_drop_alone():
    silent = outcome_in(World("silent", 0, 0, 0, 0), 3, 60)
    assert silent.caught_said <= silent.caught_alone
    assert silent.false_said <= silent.false_alone
    assert silent.ratio == 0


def test_where_answers_tell_of_strains_the_kept_figures_reach_what_was_asked_of_the_rule():
    base = KEPT["worlds"][0]
    assert base["world"] == "answers tell of strains"
    assert base["caught_said"] >= 50 > base["caught_alone"]
    assert base["false_said"] <= 1.9 < base["false_alone"]


def test_the_condition_tells_the_first_world_from_those_without_a_shared_mood():
    ratios = {row["world"]: row["ratio"] for row in KEPT["worlds"]}
    assert [name for name, ratio in ratios.items() if ratio >= 1.75] == [
        "answers tell of strains",
        "both answer by one mood only",
    ]


@pytest.mark.parametrize("rater", RATERS)
def test_a_quiet_therapy_has_twenty_sessions_and_no_strain(rater):
    for client in therapies.quiet_clients(rater, 1, 5):
        assert client.states == [ORDINARY] * 20
        assert client.strains == []


def test_a_therapy_flagged_twice_counts_once():
    client = SimulatedClient([], [6.0, 6, 6, 6, 3, 6, 6, 3], [ORDINARY] * 8, [], [0.0, 1.0])
    found = therapies.quiet_therapies(CLIENT_RATER, [client, SimulatedClient([], [6.0] * 8, [ORDINARY] * 8, [])])
    assert found.once == 50
    assert found.false == pytest.approx(100 * 2 / 14)


def test_changeable_clients_are_flagged_more_often_in_the_kept_figures():
    rates = list(KEPT["steadiness"].values())
    assert rates == sorted(rates)


def test_a_flag_counts_as_followed_from_three_later_ratings_on():
    low, states = [6.0, 6, 6, 6, 3], [ORDINARY] * 4 + [STRAINED] * 4
    strain = PlantedStrain(LASTING, 4, 7)
    two = SimulatedClient([], [*low, 3, 3], states[:7], [strain])
    three = SimulatedClient([], [*low, 3, None, 3, 3], [*states, STRAINED], [strain])
    assert list(therapies.first_flags(two)) == []
    [(kind, course)] = therapies.first_flags(three)
    assert (kind, course.opened) == (therapies.LASTS, 4)
    assert therapies.unresolved([three])[-1].share == 100


def test_the_figures_are_printed():
    assert any("answers tell of strains" in line for line in worlds.lines(KEPT))
    assert any("calmest fourth" in line for line in therapies.lines(KEPT))
