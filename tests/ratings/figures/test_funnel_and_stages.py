"""The two figures of a caseload: what is drawn, where, and what is said of few clients."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from plotly import graph_objects

from ratings.figures.funnel_and_stages import (
    CHANCE_SIDES,
    LIMITS,
    STAGE_SIDES,
    LatestRating,
    Stage,
    funnel,
    stages,
    stages_of,
)
from ratings.figures.svg import figure_svg

SHEET = Path(__file__).parents[3] / "static" / "css" / "figure.css"
SVG = "{http://www.w3.org/2000/svg}"


def client(code="C-1", sessions=5, overall=5.0, z=0.0, *, flagged=False):
    return LatestRating(code, sessions, overall, z, flagged=flagged)


def trace(figure, name):
    return next(each for each in figure["data"] if each["name"] == name)


def test_both_are_figures_that_plotly_accepts():
    places = [client(f"C-{number}", number, 4 + number / 4, number / 3 - 1, flagged=number == 1) for number in range(9)]
    for figure in (funnel(places), stages(stages_of(places))):
        graph_objects.Figure(figure)
        assert figure["layout"]["height"] == 330


def test_the_funnel_places_each_client_by_sessions_and_by_how_unusual_the_latest_is():
    figure = funnel([client("C-1", 3, z=0.4), client("C-2", 12, z=-2.5, flagged=True), client("C-3", 7, z=-1)])
    usual, below = trace(figure, "Usual"), trace(figure, "Below usual")
    assert (usual["x"], usual["y"]) == ([3, 7], [0.4, -1])
    assert (below["x"], below["y"]) == ([12], [-2.5])
    assert below["marker"]["symbol"] == "triangle-down"
    codes = [note for note in figure["layout"]["annotations"] if note["text"].startswith("C-")]
    assert [(note["x"], note["y"], note["text"]) for note in codes] == [(12, -2.5, "C-2")]


def test_the_funnel_has_lines_at_usual_and_at_the_three_limits_below_and_none_above():
    heights = [shape["y0"] for shape in funnel([client()])["layout"]["shapes"]]
    assert heights == [-limit for limit in LIMITS]
    assert trace(funnel([client()]), "At usual")["y"] == [0, 0]


@pytest.mark.parametrize(("last", "ticks"), [(1, [1]), (12, [*range(1, 13)]), (13, [2, 4, 6, 8, 10, 12]), (90, 9)])
def test_sessions_are_counted_in_a_dozen_steps_at_most(last, ticks):
    found = funnel([client("C-1", last)])["layout"]["xaxis"]["tickvals"]
    assert found == ticks or len(found) == ticks


@pytest.mark.parametrize("z", [-7.3, 0.0, 4.9])
def test_the_server_can_draw_both_and_no_word_lies_outside(z):
    places = [client("<C> & 1", 40, z=z, flagged=True), *(client(overall=score / 4) for score in range(4, 29))]
    for figure in (funnel(places), stages(stages_of(places))):
        drawn = ET.fromstring(figure_svg(figure, title="Caseload", description="All", width=600))  # noqa: S314
        places_of_words = [
            group.get("transform") for group in drawn.iter(f"{SVG}g") if group.find(f"{SVG}text") is not None
        ]
        downs = [float(place.split()[1].rstrip(")")) for place in places_of_words]
        assert all(-10 <= down <= 330 for down in downs)


def test_the_sheet_knows_their_sides():
    for name, sides in (("chance", CHANCE_SIDES), ("stages", STAGE_SIDES)):
        rule = (
            f"{name} .figure:not([viewBox]) {{ width: calc(100% - {sum(sides.values())}px); margin-left: {sides['l']}px"
        )
        assert rule in SHEET.read_text()


def test_the_funnel_leaves_out_who_has_no_usual_level_yet_and_needs_someone():
    figure = funnel([client(z=None), client("C-2", 4)])
    assert [each["x"] for each in figure["data"] if each["mode"] == "markers"] == [[4]]
    with pytest.raises(ValueError, match="at least one client"):
        funnel([client(z=None)])


@pytest.mark.parametrize("z", [-7.3, -3.0, 4.9])
def test_the_funnel_shows_every_mark_within_its_scale(z):
    low, high = funnel([client(z=z), client("C-2", 40)])["layout"]["yaxis"]["range"]
    assert low < z < high
    assert funnel([client("C-2", 40)])["layout"]["xaxis"]["range"][1] > 40


def test_stages_are_cut_after_three_eight_and_sixteen_sessions():
    sessions = [0, 1, 3, 4, 8, 9, 16, 17, 60]
    found = stages_of([client(sessions=number, overall=number / 10) for number in sessions])
    assert [row.scores for row in found] == [(0.1, 0.3), (0.4, 0.8), (0.9, 1.6), (1.7, 6.0)]


def test_a_median_is_drawn_from_five_clients_on():
    four, five = Stage("4 to 8", (4, 5, 6, 7)), Stage("9 to 16", (3, 4, 5, 6, 7))
    assert (four.median, four.size) == (None, "4 clients, no median")
    assert (five.median, five.size) == (5, "5 clients")
    assert Stage("1", (4,)).size == "1 client, no median"
    names = [each["name"] for each in stages([four, five])["data"]]
    assert names == ["4 to 8", "9 to 16", "9 to 16, median"]


def test_who_has_no_overall_rating_is_not_counted():
    assert stages_of([client(overall=None)])[1].scores == ()


def test_dots_of_like_ratings_stand_on_one_another():
    (dots,) = stages([Stage("4 to 8", (5.0, 5.1, 5.6))])["data"]
    assert dots["x"] == [5.0, 5.0, 5.5]
    assert dots["y"] == [0, 0.11, 0]
