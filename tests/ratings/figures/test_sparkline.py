from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.figures.sparkline import HEIGHT, WIDTH, sparkline

SVG = "{http://www.w3.org/2000/svg}"
SCORES = st.floats(min_value=1, max_value=7)


def shapes(svg, name):
    return [shape for shape in ET.fromstring(svg) if shape.tag.removeprefix(SVG) == name]  # noqa: S314


def number(shape, name):
    return float(shape.get(name))


@given(st.lists(st.none() | SCORES, max_size=40), st.none() | st.tuples(SCORES, SCORES).map(sorted).map(tuple))
def test_every_series_stays_inside_its_box(scores, band):
    svg = sparkline(scores, band)
    for rect in shapes(svg, "rect"):
        assert number(rect, "y") >= 0
        assert number(rect, "height") >= 0
        assert number(rect, "y") + number(rect, "height") <= HEIGHT
    for circle in shapes(svg, "circle"):
        reach = number(circle, "r") + 0.7
        assert reach <= number(circle, "cx") <= WIDTH - reach + 1e-6
        assert reach <= number(circle, "cy") <= HEIGHT - reach
    for line in shapes(svg, "polyline"):
        for point in line.get("points").split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= WIDTH
            assert 0 <= y <= HEIGHT


@given(st.lists(st.none() | SCORES, max_size=40))
def test_it_is_well_formed_and_hidden_from_screen_readers(scores):
    root = ET.fromstring(sparkline(scores))  # noqa: S314
    assert root.get("viewBox") == "0 0 132 40"
    assert root.get("class") == "spark"
    assert root.get("aria-hidden") == "true"
    assert "style" not in sparkline(scores)
    assert "#" not in sparkline(scores)


@pytest.mark.parametrize("scores", [[], [None], [None, None, None]])
def test_no_score_shows_a_dash(scores):
    svg = sparkline(scores)
    assert len(shapes(svg, "line")) == 1
    assert not shapes(svg, "circle")


def test_only_the_last_twelve_are_drawn():
    assert sparkline([1.0] * 5 + [5.0] * 12) == sparkline([5.0] * 12)


def test_a_gap_breaks_the_line():
    lines = shapes(sparkline([4, 5, None, 5, 6]), "polyline")
    assert [len(line.get("points").split()) for line in lines] == [2, 2]


def test_a_score_between_gaps_is_a_dot():
    svg = sparkline([None, 4, None, 5, 6])
    assert len(shapes(svg, "polyline")) == 1
    assert len(shapes(svg, "circle")) == 2


def test_the_last_score_is_ringed_at_the_right():
    for scores in ([4], [4, 5], [3] * 12):
        assert shapes(sparkline(scores), "circle")[-1].get("cx") == "128.0"


def test_an_unrated_last_session_leaves_the_ring_at_the_last_score():
    assert shapes(sparkline([4, 5, None]), "circle")[-1].get("cx") == "66.0"


def test_the_scale_is_the_same_for_every_client():
    assert shapes(sparkline([1]), "circle")[0].get("cy") == "36.0"
    assert shapes(sparkline([7]), "circle")[0].get("cy") == "4.0"
    assert shapes(sparkline([4, 4.2]), "polyline")[0].get("points") == "4.0,20.0 128.0,18.9"


def test_the_usual_range_lies_beneath():
    svg = sparkline([4, 5], (3.0, 6.0))
    assert ET.fromstring(svg)[0].get("class") == "spark__band"  # noqa: S314
    assert shapes(svg, "rect")[0].get("height") == "16.0"


def test_the_clients_line_is_dotted_and_ends_in_a_diamond():
    svg = sparkline([4, 5, 3], (3.0, 6.0), by_client=True)
    assert ET.fromstring(svg).get("class") == "spark spark--client"  # noqa: S314
    assert [shape.get("class") for shape in shapes(svg, "path")] == ["spark__diamond"]
    assert shapes(svg, "circle") == []
    assert shapes(sparkline([4, 5, 3]), "path") == []
