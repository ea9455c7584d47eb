"""The course of a rupture, with the golden series: docs/measures.md#from-rupture-to-repair."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.analysis.rupture_course import first_of_alarm, follow, from_flag
from ratings.analysis.usual import usual_levels

GOLDEN = json.loads(Path(__file__).parents[2].joinpath("data", "golden_usual.json").read_text())
SERIES = st.lists(st.none() | st.integers(15, 105).map(lambda fifteenths: fifteenths / 15), max_size=40)
LEVEL, SCALE = 5.5, 0.4
BACK, LOW = 5.3, 5.29


def course(*later):
    """Follow a rupture opened at index 0 and judged against 5.5 with a scale of 0.4: back in range from 5.3."""
    found = follow([4.0, *later], 0, LEVEL, SCALE)
    return found.repair_proposed, found.unresolved


def ruptures(levels, scores):
    """Follow the ruptures that flags alone open in one series; each ends where its repair is proposed."""
    found = []
    for index, usual in enumerate(levels):
        if usual is None or usual.flag is None:
            continue
        last = found[-1] if found else None
        if last is None or (last.repair_proposed is not None and last.repair_proposed < index):
            found.append(from_flag(levels, scores, index))
    return found


@pytest.mark.parametrize("name", GOLDEN)
def test_a_golden_series_opens_and_closes_its_ruptures_where_it_says(name):
    series = GOLDEN[name]["series"]
    found = ruptures(usual_levels(series), series)
    assert len(found) == len(GOLDEN[name]["ruptures"])
    for rupture, expected in zip(found, GOLDEN[name]["ruptures"], strict=True):
        places = ("opened", "repair_proposed", "unresolved")
        assert {key: getattr(rupture, key) for key in places} == {key: expected[key] for key in places}
        assert rupture.level == pytest.approx(expected["level"], abs=1e-6)
        assert rupture.scale == pytest.approx(expected["scale"], abs=1e-6)


@pytest.mark.parametrize(
    ("later", "proposed", "unresolved"),
    [
        ((), None, None),
        ((BACK,), None, None),
        ((BACK, BACK), 2, None),
        ((LOW, BACK, BACK), 3, None),
        ((BACK, LOW, BACK), None, 3),
        ((LOW, LOW), None, None),
        ((LOW, LOW, LOW), None, 3),
        ((LOW, LOW, LOW, BACK, BACK), 5, 3),
        ((BACK, LOW, BACK, BACK), 4, 3),
        ((BACK, None, BACK), 3, None),
        ((None, None, None, LOW, None, LOW, LOW), None, 7),
        ((BACK, BACK, 3.0, 3.0, 3.0), 2, None),
    ],
)
def test_two_sessions_running_propose_repair_and_three_without_leave_it_unresolved(later, proposed, unresolved):
    assert course(*later) == (proposed, unresolved)


def test_back_in_range_is_from_half_a_scale_below_the_frozen_level():
    assert follow([4.0], 0, LEVEL, SCALE).back_from == pytest.approx(BACK)


def test_the_alarm_begins_a_session_earlier_where_two_made_the_flag():
    once = [5.5, 5.6, 5.4, 5.6, 4.0]
    assert first_of_alarm(usual_levels(once), 4) == 4
    twice = [5.5, 5.6, 5.4, 5.6, 4.8, None, 4.6]
    levels = usual_levels(twice)
    assert levels[6].flag == "amber"
    assert first_of_alarm(levels, 6) == 4
    assert from_flag(levels, twice, 6).level == levels[4].level


def test_a_flag_after_a_proposed_repair_opens_a_second_rupture():
    series = [5.6, 5.4, 5.6, 5.6, 3.8, 5.6, 5.6, 5.6, 5.4, 3.4]
    found = ruptures(usual_levels(series), series)
    assert [(each.opened, each.repair_proposed) for each in found] == [(4, 6), (9, None)]


@pytest.mark.parametrize("series", [[None, 5.0], [5.0]])
def test_following_a_session_without_a_flag_is_refused(series):
    with pytest.raises(ValueError, match="no flag at index 0"):
        first_of_alarm(usual_levels(series), 0)


@given(SERIES)
def test_ruptures_of_a_series_never_overlap_and_open_at_flags_only(scores):
    levels = usual_levels(scores)
    found = ruptures(levels, scores)
    assert all(levels[each.opened].flag for each in found)
    ends = [each.repair_proposed for each in found]
    assert all(end is not None and end < later.opened for end, later in zip(ends, found[1:], strict=False))
    assert not any(level.flag for level in levels if level) or found


@given(SERIES)
def test_sessions_without_a_score_change_no_course(scores):
    rated = [score for score in scores if score is not None]
    place = [index for index, score in enumerate(scores) if score is not None]
    with_gaps, without = (ruptures(usual_levels(series), series) for series in (scores, rated))
    assert [each.opened for each in with_gaps] == [place[each.opened] for each in without]
    assert [each.level for each in with_gaps] == [each.level for each in without]
