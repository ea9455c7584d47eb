from datetime import timedelta
from itertools import pairwise

import pytest

from tests.ratings.figures.chart_cases import (
    ELEMENTS,
    FIRST,
    cursor,
    draw,
    everything,
    headers,
    line,
    mark,
    names,
    point,
    sessions,
    uprights,
)

SPLIT = pytest.mark.parametrize("split", [False, True])
BY_DATE = pytest.mark.parametrize("by_date", [False, True])


@SPLIT
@BY_DATE
def test_the_scale_is_never_cut(split, by_date):
    layout = everything(split=split, by_date=by_date)["layout"]
    for key, axis in layout.items():
        if key.startswith("yaxis"):
            low, high = axis["range"]
            assert low < 1
            assert high > 7
            assert axis["tickvals"][0] == 1
            assert axis["tickvals"][-1] == 7
            assert axis["fixedrange"]


def test_five_strips_stand_under_the_overall_panel():
    layout = draw(sessions(4))["layout"]
    assert headers({"layout": layout})[:6] == ["Overall", *(label for _, label in ELEMENTS)]
    assert layout["height"] == 784
    assert layout["xaxis"]["anchor"] == "y6"


def test_parts_stand_under_the_working_alliance_when_asked_for():
    figure = draw(sessions(4), split=True)
    assert headers(figure)[:6] == ["Overall", "Working alliance", "Goals", "Tasks", "Bond", "Trust"]
    assert figure["layout"]["height"] == 1072
    assert "Goals, client" in names(figure)
    assert "Goals, client" not in names(draw(sessions(4)))


def test_panels_do_not_overlap():
    layout = draw(sessions(4), split=True)["layout"]
    domains = [layout[f"yaxis{number}" if number else "yaxis"]["domain"] for number in (0, *range(2, 10))]
    assert domains[0][1] == 1
    assert domains[-1][0] == 0
    assert all(upper[0] > lower[1] for upper, lower in pairwise(domains))


def test_missed_sessions_stand_between_the_held_ones():
    missed = [FIRST + timedelta(days=days) for days in (3, 9, 10, 30)]
    figure = draw(sessions(4), missed=missed)
    assert line(figure, "Missed")["x"] == [1.5, 2.333, 2.667, 4.5]
    assert figure["layout"]["xaxis"]["range"] == [0.4, 5.1]
    notes = cursor(figure)["notes"]
    assert notes == {
        "1": "After 1 missed session.",
        "2": "After 2 missed sessions.",
        "3": "Followed by 1 missed session.",
    }


def test_sessions_missed_before_the_first_are_shown_only_at_the_start_of_therapy():
    missed = [FIRST - timedelta(days=7)]
    assert line(draw(sessions(2), missed=missed), "Missed")["x"] == [0.5]
    later = [point(27, clinician=mark(), day=FIRST), point(28, clinician=mark(), day=FIRST + timedelta(days=7))]
    assert "Missed" not in names(draw(later, missed=missed))


@pytest.mark.parametrize(("days", "marked"), [(28, set()), (29, {1.5})])
def test_a_break_of_more_than_four_weeks_is_marked(days, marked):
    points = [point(1, clinician=mark()), point(2, clinician=mark(), day=FIRST + timedelta(days=days))]
    figure = draw(points)
    assert uprights(figure, "dot") == marked
    assert ("1" in cursor(figure)["notes"]) == bool(marked)


def test_a_change_of_clinician_is_marked_and_said():
    points = [point(1, clinician=mark()), point(2, clinician=mark(), name="Ana Ruiz")]
    figure = draw(points)
    assert uprights(figure, "dash") == {1.5}
    assert line(figure, "Change of clinician")["x"] == [1.5]
    assert cursor(figure)["notes"] == {"1": "From here with Ana Ruiz."}


def test_an_unknown_clinician_is_not_a_change():
    points = [point(1, clinician=mark()), point(2, clinician=mark(), name="")]
    assert not uprights(draw(points), "dash")


def test_upright_marks_leave_the_headers_free():
    figure = everything()
    layout = figure["layout"]
    panels = [layout[f"yaxis{number}" if number > 1 else "yaxis"]["domain"] for number in range(1, 7)]
    for shape in layout["shapes"]:
        assert any(low <= shape["y0"] < shape["y1"] <= high for low, high in panels)


def test_by_date_the_sessions_stand_on_their_days():
    figure = everything(by_date=True)
    axis = figure["layout"]["xaxis"]
    assert axis["type"] == "date"
    assert line(figure, "Overall, clinician")["x"] == ["2026-07-27", "2026-08-03", "2026-09-25", "2026-10-02"]
    assert line(figure, "Missed")["x"] == ["2026-08-16", "2026-10-09"]
    assert axis["range"][0] < "2026-07-27"
    assert axis["range"][1] > "2026-10-09"
    assert axis["ticktext"] == ["1 Aug", "1 Sep", "1 Oct"]


@pytest.mark.parametrize("count", [1, 2, 5, 9, 30, 60, 120, 400])
def test_date_ticks_stay_few_and_inside(count):
    axis = draw(sessions(count), by_date=True)["layout"]["xaxis"]
    assert 1 <= len(axis["tickvals"]) <= 7
    assert axis["range"][0] <= axis["tickvals"][0] <= axis["tickvals"][-1] <= axis["range"][1]


@pytest.mark.parametrize("count", [1, 2, 3, 16, 18, 26, 27, 30, 60, 99, 120, 400])
def test_number_labels_fit_on_a_phone(count):
    labels = [text.split("<br>") for text in draw(sessions(count))["layout"]["xaxis"]["ticktext"]]
    written = [label for label in labels if label[0]]
    assert 1 <= len(written) * (7 * len(str(count)) + 2) <= 288
    dated = [label for label in written if len(label) == 2]
    assert 1 <= len(dated) <= 5


def test_every_session_has_its_own_tick_up_to_half_a_year():
    axis = draw(sessions(26))["layout"]["xaxis"]
    assert axis["tickvals"] == list(range(1, 27))
    assert axis["ticktext"][:4] == ["", "2<br>3 Aug", "", "4"]


def test_a_long_therapy_names_the_year():
    assert "Aug 2026" in draw(sessions(60))["layout"]["xaxis"]["ticktext"][0]
