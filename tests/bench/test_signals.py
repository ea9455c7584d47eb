"""The rivals are standard rules: worked examples first. The simulation gives the same clients for the same seed."""

import json
from itertools import pairwise
from random import Random
from statistics import fmean

import pytest

from bench.signals.__main__ import FIGURES, compare, kept, lines
from bench.signals.outcomes import alarms_of, at_ordinary, delays, tuned
from bench.signals.quiet import clearing, false_rates
from bench.signals.raters import (
    CLIENT_RATER,
    LASTING,
    ORDINARY,
    RATERS,
    SET_ASIDE,
    SHAPES,
    STRAINED,
    PlantedStrain,
    SimulatedClient,
    simulate,
)
from bench.signals.rivals import (
    MOVING_RANGE_TO_SIGMA,
    OURS,
    RIVALS,
    below,
    cusum,
    drop,
    ewma,
    from_best_of_three,
    individuals,
    reliable_change,
)
from ratings.analysis.all_rules import RULES

NIST = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]


def seeded(seed):
    return Random(seed)  # noqa: S311


def places(alarms):
    return [index for index, alarm in enumerate(alarms) if alarm]


def chart_limits(scores, width):
    """Return mean, lower and upper limit of an individuals chart, from the mean moving range of these scores."""
    reach = width * fmean(abs(after - before) for before, after in pairwise(scores)) / MOVING_RANGE_TO_SIGMA
    mean = fmean(scores)
    return mean, mean - reach, mean + reach


def test_the_individuals_chart_is_that_of_nist():
    assert chart_limits(NIST, 3) == pytest.approx((50.81, 45.8159, 55.8041), abs=5e-5)


def test_the_individuals_chart_looks_at_earlier_sessions_only():
    earlier, low = NIST[:9], chart_limits(NIST[:9], 3)[1]
    assert places(individuals([*earlier, low + 0.01], 3)) == []
    assert places(individuals([*earlier, low - 0.01], 3)) == [9]
    assert places(individuals([6, 6, 5], 2)) == []


@pytest.mark.parametrize(
    ("rule", "scores", "threshold", "alarms"),
    [
        (drop, [5, 4.8, 4.7, 5], 0.2, [1]),
        (below, [6.4, 6.3, 6.5], 0.6, [1]),
        (from_best_of_three, [6, 5.5, 5.5, 5.0, 5.0], 1.0, [3]),
        (reliable_change, [6, 4.7, 4.6], 1.96, [2]),
        (ewma, [5, 5, 5, 4, 4, 5], 2.5, [4]),
        (cusum, [5, 5, 5, 4, 4, 4, 4], 2.5, [4, 6]),
    ],
)
def test_a_rival_alarms_where_its_rule_says(rule, scores, threshold, alarms):
    assert places(rule(scores, threshold)) == alarms


@pytest.mark.parametrize("rival", [OURS, *RIVALS])
@pytest.mark.parametrize("scores", [[], [5.0], [5.0, 4.0], [5.0, 5.0, 5.0, 1.0]])
def test_every_rule_answers_for_every_session(rival, scores):
    alarms = rival.alarms(scores, rival.own[0])
    assert len(alarms) == len(scores)


@pytest.mark.parametrize("rater", RATERS)
def test_a_simulated_client_is_on_the_scale_and_the_same_for_the_same_seed(rater):
    clients = [simulate(seeded(7), rater) for _ in range(2)]
    assert clients[0] == clients[1]
    assert all(1 <= score <= 7 for score in clients[0].scores if score is not None)


def test_strains_of_every_shape_are_planted_and_never_at_the_first_session():
    rng = seeded(3)
    clients = [simulate(rng, CLIENT_RATER) for _ in range(200)]
    strains = [strain for client in clients for strain in client.strains]
    assert {strain.shape for strain in strains} == set(SHAPES)
    assert all(0 < strain.start <= strain.end for strain in strains)
    for client in clients:
        inside = {index for strain in client.strains for index in range(strain.start, strain.end + 1)}
        assert {index for index, state in enumerate(client.states) if state == STRAINED} == inside
        assert SET_ASIDE not in client.states or client.strains[-1].shape == LASTING
    assert {state for client in clients for state in client.states} == {ORDINARY, STRAINED, SET_ASIDE}


def test_alarms_are_counted_as_false_at_ordinary_sessions_and_by_their_delay_in_strains():
    scores = [6.0, None, 5.0, 6.0, 6.0, 5.0, None, 5.5]
    states = [ORDINARY] * 4 + [STRAINED] * 3 + [ORDINARY]
    client = SimulatedClient([], scores, states, [PlantedStrain(LASTING, 4, 6)])
    alarms = alarms_of(RIVALS[0], 1.0, client)
    assert alarms == [None, None, True, False, False, True, None, False]
    assert at_ordinary([client], [alarms]) == [True, False, False]
    assert delays([client], [alarms]) == [1]
    assert delays([client], [alarms], range(1, 4)) == []


def test_a_strain_that_no_rating_could_show_is_not_counted_as_missed():
    client = SimulatedClient([], [6.0, None, 6.0], [ORDINARY, STRAINED, ORDINARY], [PlantedStrain(LASTING, 1, 1)])
    assert delays([client], [alarms_of(RIVALS[0], 1.0, client)]) == []


def test_a_comparison_repeats_itself_and_no_tuned_rule_alarms_falsely_more_often():
    first, second = (compare(CLIENT_RATER, 5, 40) for _ in range(2))
    assert first == second
    ours = first[0]
    assert all(outcome.false <= ours.false for outcome in first if outcome.threshold.startswith("equal"))


def test_a_rule_is_tuned_to_the_lowest_threshold_that_does():
    rng = seeded(2)
    clients = [simulate(rng, CLIENT_RATER) for _ in range(60)]

    def false(threshold):
        alarms = [alarms_of(RIVALS[0], threshold, client) for client in clients]
        return sum(at_ordinary(clients, alarms)) / len(at_ordinary(clients, alarms)) * 100

    threshold = tuned(RIVALS[0], clients, 5.0)
    assert false(threshold) <= 5.0 < false(threshold - 0.1)


def test_steady_clients_give_every_rule_a_rate_or_a_reason():
    rates = false_rates(seeded(1), 20)
    assert list(rates) == list(RULES)
    assert all(isinstance(rate, str) or 0 <= rate <= 100 for rate in rates.values())
    assert [key for key, rate in rates.items() if isinstance(rate, str)] == ["strain-reported", "not-rated"]


def test_two_sessions_back_clear_no_more_than_one():
    rng = seeded(4)
    found = clearing([simulate(rng, CLIENT_RATER) for _ in range(150)])
    assert found.flagged > 0
    assert 0 <= found.by_two <= found.by_one <= 100


def test_the_kept_figures_are_written_as_they_are_kept_and_can_be_printed():
    found = json.loads(FIGURES.read_text())
    assert kept(found) == FIGURES.read_text()
    printed = lines(found)
    assert len(printed) > len(found["table"]) + len(found["rules"])
    assert len({len(line) for line in printed[: len(found["table"])]}) == 1
