from math import sqrt
from random import Random
from statistics import pvariance

import pytest

from ratings.analysis.service_priors import PriorEstimate, enough, estimate
from ratings.analysis.usual import Prior


def test_the_level_is_the_mean_of_first_scores_and_the_spread_comes_from_successive_differences():
    found = estimate([[3.0, 4.0, 3.0], [6.0, 6.5], [7.0]])
    assert found.m0 == pytest.approx(16 / 3)
    assert found.sigma == pytest.approx(sqrt((1 + 1 + 0.25) / 6))
    assert found.tau == pytest.approx(sqrt(pvariance([3.0, 6.0, 7.0]) - found.sigma**2))
    assert (found.clients, found.pairs) == (3, 3)


def test_the_spread_between_clients_never_falls_below_half_a_point():
    assert estimate([[5.0, 6.0], [5.0, 4.0], [5.0]]).tau == 0.5


@pytest.mark.parametrize("series", [[], [[]], [[5.0]], [[5.0], [6.0]]])
def test_without_a_first_score_and_a_pair_there_is_no_estimate(series):
    assert estimate(series) is None
    assert not enough(None)


@pytest.mark.parametrize(
    ("clients", "pairs", "sigma", "expected"),
    [(100, 500, 0.4, True), (99, 500, 0.4, False), (100, 499, 0.4, False), (100, 500, 0.0, False)],
)
def test_it_takes_a_hundred_clients_and_five_hundred_pairs_that_vary(clients, pairs, sigma, expected):
    assert enough(PriorEstimate(5.2, 0.9, sigma, clients, pairs)) is expected


def test_ratings_made_from_a_prior_give_that_prior_back():
    rng = Random(1)  # noqa: S311
    levels = [rng.gauss(5, 0.8) for _ in range(2000)]
    found = estimate([level + rng.gauss(0, 0.4) for _ in range(8)] for level in levels)
    assert (found.m0, found.tau, found.sigma) == pytest.approx((5, 0.8, 0.4), abs=0.05)
    assert Prior(m0=found.m0, tau=found.tau, sigma=found.sigma)
