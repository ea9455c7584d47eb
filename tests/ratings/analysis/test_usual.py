"""The usual level against published examples and the golden series: docs/measures.md#the-usual-level."""

import json
from pathlib import Path

import pytest

from ratings.analysis.usual import Prior, band, band_of_next, flag_of, t_value, usual_levels, z_score

GOLDEN = json.loads(Path(__file__).parents[2].joinpath("data", "golden_usual.json").read_text())


@pytest.mark.parametrize("name", GOLDEN)
def test_a_golden_series_gives_every_golden_number(name):
    levels = usual_levels(GOLDEN[name]["series"])
    assert len(levels) == len(GOLDEN[name]["rows"])
    for found, expected in zip(levels, GOLDEN[name]["rows"], strict=True):
        if expected is None:
            assert found is None
            continue
        numbers = {key: getattr(found, key) for key in expected}
        assert numbers.pop("flag") == expected["flag"]
        assert numbers == pytest.approx({key: expected[key] for key in numbers}, abs=1e-6)


def test_the_golden_series_show_every_flag():
    flags = {row["flag"] for series in GOLDEN.values() for row in series["rows"] if row}
    assert flags == {None, "amber", "red"}


@pytest.mark.parametrize(("nu", "t", "z"), [(3, 3.0, 1.8883), (6, 2.0, 1.6820), (10, 2.5, 2.1503), (30, 2.0, 1.9218)])
def test_t_becomes_z_as_wallace_printed_it(nu, t, z):
    assert z_score(t, nu) == pytest.approx(z, abs=5e-5)
    assert z_score(-t, nu) == pytest.approx(-z, abs=5e-5)


@pytest.mark.parametrize("nu", [8, 11, 40])
def test_t_value_undoes_z_score(nu):
    assert z_score(t_value(1.8, nu), nu) == pytest.approx(1.8)


def test_the_weight_of_the_newest_session_settles_at_a_fifth():
    def weight_of_the_last(count):
        steady, raised = [5.2] * count, [5.2] * (count - 1) + [5.3]
        return (usual_levels(raised)[-1].next_level - usual_levels(steady)[-1].next_level) / 0.1

    assert [round(weight_of_the_last(count), 3) for count in (1, 2, 3, 4)] == [0.764, 0.449, 0.333, 0.277]
    assert weight_of_the_last(60) == pytest.approx(0.2, abs=1e-6)


def test_one_bad_day_moves_the_usual_level_only_so_far():
    bad, worse = (usual_levels([5.5, 5.5, 5.5, 5.5, low])[-1] for low in (3.0, 1.0))
    assert bad.next_level == worse.next_level
    assert bad.z < worse.z


@pytest.mark.parametrize(
    ("z", "previous", "step", "flag"),
    [
        (1.79, None, -1.0, None),
        (1.8, None, -1.0, "amber"),
        (1.2, 1.2, -1.0, "amber"),
        (1.2, 1.19, -1.0, None),
        (2.39, 1.79, -1.0, "amber"),
        (2.4, None, -1.0, "red"),
        (1.8, 1.8, -1.0, "red"),
        (3.0, 3.0, -0.5, "red"),
        (3.0, 3.0, -0.49, None),
    ],
)
def test_a_flag_needs_one_low_session_or_two_running_and_half_a_point(z, previous, step, flag):
    assert flag_of(z, previous, step) == flag


@pytest.mark.parametrize("score", [0, 0.99, 7.01, -3, float("nan"), float("inf"), "5", True])
def test_a_score_off_the_scale_is_refused_with_its_value_and_index(score):
    with pytest.raises(ValueError, match=rf"{score!r} at index 2"):
        usual_levels([5.0, None, score])


@pytest.mark.parametrize(
    "prior",
    [{"m0": 0.5}, {"m0": 7.5}, {"tau": 0}, {"sigma": 0}, {"sigma": -1}, {"nu0": 0}, {"m0": float("nan")}],
)
def test_a_prior_that_makes_no_sense_is_refused(prior):
    with pytest.raises(ValueError, match="a prior needs"):
        Prior(**prior)


def test_no_scores_give_no_levels():
    assert usual_levels([]) == []
    assert usual_levels([None, None]) == [None, None]


def test_the_usual_range_reaches_as_far_above_the_level_as_below_it_and_stays_on_the_scale():
    high = usual_levels([6.8, 6.8, 6.8])[-1]
    assert band(high) == (high.lower_edge, 7.0)
    settled = usual_levels([4.0] * 20)[-1]
    assert band(settled) == (settled.lower_edge, 2 * settled.level - settled.lower_edge)
    assert band(usual_levels([1.0] * 3)[-1])[0] == 1.0


def test_there_is_no_range_before_the_second_rating():
    assert band(usual_levels([6.0])[0]) == (5.2, 5.2)


@pytest.mark.parametrize("scores", [[5.4], [5.4, None], [5.4, 5.6, None, 5.2]])
def test_the_coming_range_is_the_one_that_the_next_score_is_read_against(scores):
    last = [usual for usual in usual_levels(scores) if usual][-1]
    assert band_of_next(last) == band(usual_levels([*scores, 1.0])[-1])
