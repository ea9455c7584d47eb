import re
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ratings.figures.axes import MARGIN
from ratings.figures.shading import ShadedStrain
from ratings.figures.svg import GRID, figure_svg
from ratings.figures.trend import COLOURS
from tests.ratings.figures.chart_cases import FIRST, draw, everything, mark, point, sessions

STATIC = Path(__file__).parents[3] / "static"
SVG = "{http://www.w3.org/2000/svg}"
WIDTH = 700
STRAINED = {
    "band": [None, None, *[(4.0, 6.0)] * 6],
    "strains": [ShadedStrain(3, repaired=5), ShadedStrain(6)],
    "missed": [FIRST + timedelta(days=10)],
}
FIGURES = {
    "one of each": everything(),
    "one of each, by date": everything(by_date=True),
    "parts too": everything(split=True),
    "strains and the usual range": draw(sessions(8), **STRAINED),
    "the same by date": draw(sessions(8), by_date=True, **STRAINED),
    "one rating": draw([point(1, clinician=mark(4))]),
    "no rating": draw([point(1), point(2)]),
    "a long therapy": draw(sessions(80)),
}
ALL = pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)


def drawing(figure, width=WIDTH):
    return ET.fromstring(figure_svg(figure, title="Alliance", description="All", width=width))  # noqa: S314


def number(value):
    return value if isinstance(value, int | float) else datetime.fromisoformat(value).timestamp()


def place(figure, trace, index):
    """Return where Plotly's own rules put a datum, in pixels of the plot."""
    layout = figure["layout"]
    low, high = (number(end) for end in layout["xaxis"]["range"])
    wide = WIDTH - MARGIN["l"] - MARGIN["r"]
    axis = layout[trace["yaxis"].replace("y", "yaxis")]
    tall = layout["height"] - MARGIN["t"] - MARGIN["b"]
    bottom, top = axis["domain"]
    part = (trace["y"][index] - axis["range"][0]) / (axis["range"][1] - axis["range"][0])
    across = (number(trace["x"][index]) - low) / (high - low) * wide
    return across, (1 - bottom - part * (top - bottom)) * tall


def numbers(text):
    return [float(found) for found in re.findall(r"-?\d*\.?\d+", text)]


def corners(path):
    """Return the stretches of a path, each a list of its corners."""
    runs = [numbers(run) for run in path.get("d").split("M")[1:]]
    return [list(zip(run[::2], run[1::2], strict=True)) for run in runs]


def marks(group):
    return [numbers(found.get("transform")) for found in group.iter(f"{SVG}g") if found.get("transform")]


def stretches(trace):
    indexes = range(len(trace["y"]))
    return [list(run) for is_drawn, run in groupby(indexes, key=lambda i: trace["y"][i] is not None) if is_drawn]


def near(places):
    return [pytest.approx(found, abs=0.06) for found in places]


@ALL
def test_each_datum_is_where_the_axes_put_it(figure):
    groups = drawing(figure).findall(f".//{SVG}g[@class='trace']")
    assert len(groups) == len(figure["data"])
    for trace, group in zip(figure["data"], groups, strict=True):
        runs = [[place(figure, trace, index) for index in run] for run in stretches(trace)]
        if "markers" in trace["mode"]:
            assert marks(group) == near(found for run in runs for found in run)
        if "lines" in trace["mode"]:
            drawn = [run for path in group.findall(f"{SVG}path") for run in corners(path)]
            assert drawn == [near(run) for run in runs if len(run) > 1]


@ALL
def test_every_word_is_there(figure):
    texts = [" ".join(text.itertext()) for text in drawing(figure).iter(f"{SVG}text")]
    ticks = [text.replace("<br>", " ") for text in figure["layout"]["xaxis"]["ticktext"] if text]
    headers = [annotation["text"] for annotation in figure["layout"]["annotations"]]
    assert [text for text in ticks + headers if text not in texts] == []


@ALL
def test_shapes_that_move_are_left_out(figure):
    drawn = drawing(figure)
    visible = [shape["type"] for shape in figure["layout"]["shapes"] if shape.get("visible", True)]
    for kind in ("rect", "line"):
        assert len(drawn.findall(f".//{SVG}{kind}")) == visible.count(kind)


def test_a_strain_is_shaded_from_its_session_to_its_repair():
    first, second = drawing(FIGURES["strains and the usual range"]).iter(f"{SVG}rect")
    a_session = 666 / 8.2
    assert float(first.get("x")) == pytest.approx(3.1 * a_session, abs=0.1)
    assert float(first.get("width")) == pytest.approx(2 * a_session, abs=0.1)
    assert float(second.get("x")) + float(second.get("width")) == pytest.approx(666, abs=0.1)
    assert first.get("height") == "716"


@given(st.lists(st.tuples(st.one_of(st.none(), st.floats(1, 7)), st.one_of(st.none(), st.floats(1, 7))), min_size=1))
@settings(max_examples=40, deadline=None)
def test_every_answer_has_a_mark_inside_its_panel(scores):
    rated = [tuple(None if score is None else mark(score) for score in pair) for pair in scores]
    figure = draw([point(n, clinician=mine, client=theirs) for n, (mine, theirs) in enumerate(rated, start=1)])
    found = [place for group in drawing(figure).findall(f".//{SVG}g[@class='trace']") for place in marks(group)]
    assert len(found) == 6 * sum(score is not None for pair in scores for score in pair)
    assert all(0 < across < 666 and 0 < down < 716 for across, down in found)


def test_without_a_width_it_stretches():
    figure = FIGURES["strains and the usual range"]
    wide, stretched = drawing(figure), drawing(figure, None)
    assert (wide.get("width"), wide.get("viewBox"), wide.get("height")) == ("700", "0 0 700 784", "784")
    assert (stretched.get("width"), stretched.get("viewBox"), stretched.get("height")) == (None, None, "784")
    first = trace(figure)
    at, _ = place(figure, first, 0)
    group = stretched.findall(f".//{SVG}g[@class='trace']")[figure["data"].index(first)]
    marker = group.find(f"{SVG}g/{SVG}svg")
    assert float(marker.get("x").removesuffix("%")) == pytest.approx(at / 6.66, abs=0.01)
    path = group.find(f"{SVG}svg/{SVG}path")
    assert path.get("vector-effect") == "non-scaling-stroke"
    assert corners(path)[0][0][0] == pytest.approx(at / 0.666, abs=0.06)


def test_the_sheet_knows_the_margins_of_a_figure_that_stretches():
    sheet = (STATIC / "css" / "figure.css").read_text()
    assert f"width: calc(100% - {MARGIN['l'] + MARGIN['r']}px); margin-left: {MARGIN['l']}px" in sheet


def test_it_has_a_name_and_a_description():
    drawn = drawing(FIGURES["one rating"])
    assert drawn.get("role") == "img"
    assert [(child.tag, child.text) for child in drawn[:2]] == [(f"{SVG}title", "Alliance"), (f"{SVG}desc", "All")]


@pytest.mark.parametrize("name", ["</svg><script>", 'Jo "x"', "A & B", "<b>Bo</b>"])
def test_a_name_is_text_and_nothing_else(name):
    figure = draw(sessions(2), labels=("you", name))
    drawn = ET.fromstring(figure_svg(figure, title=name, description=name))  # noqa: S314
    short = f"{name[:9].rstrip()}…" if len(name) > 10 else name
    assert f"{short} 5.0" in [text.text for text in drawn.iter(f"{SVG}text")]
    assert drawn[0].text == drawn[1].text == name
    assert {element.tag.removeprefix(SVG) for element in drawn.iter()} <= {
        *("svg", "title", "desc", "g", "path", "circle", "line", "text", "tspan")
    }


def test_it_carries_no_inline_style():
    assert "style=" not in figure_svg(FIGURES["one of each"], title="", description="")


def with_change(where, key, value):
    figure = everything()
    where(figure)[key] = value
    return figure


def trace(figure, place=0):
    """Return one of the traces with marks."""
    return [each for each in figure["data"] if "marker" in each][place]


def layout(figure):
    return figure["layout"]


@pytest.mark.parametrize(
    ("where", "key", "value", "named"),
    [
        (trace, "type", "bar", "type 'bar'"),
        (trace, "mode", "text", "mode 'text'"),
        (trace, "fill", "tozeroy", "fill 'tozeroy'"),
        (trace, "yaxis", "y99", "axis 'y99'"),
        (trace, "cliponaxis", True, "cliponaxis True"),
        (trace, "connectgaps", True, "connectgaps True"),
        (lambda figure: trace(figure)["marker"], "symbol", "hexagon", "symbol 'hexagon'"),
        (lambda figure: trace(figure, 1)["line"], "dash", "longdash", "dash 'longdash'"),
        (lambda figure: layout(figure)["shapes"][0], "type", "circle", "type 'circle'"),
        (lambda figure: layout(figure)["shapes"][0], "layer", "between", "layer 'between'"),
        (lambda figure: layout(figure)["xaxis"], "type", "log", "type 'log'"),
        (lambda figure: layout(figure)["annotations"][0], "showarrow", True, "showarrow True"),
        (lambda figure: layout(figure)["annotations"][0], "yanchor", "auto", "yanchor 'auto'"),
        (lambda figure: layout(figure)["annotations"][0], "xanchor", "auto", "xanchor 'auto'"),
    ],
)
def test_what_it_cannot_draw_is_an_error(where, key, value, named):
    with pytest.raises(ValueError, match=named):
        figure_svg(with_change(where, key, value), title="", description="")


def test_every_colour_follows_the_theme():
    tokens = (STATIC / "css" / "tokens.css").read_text()
    drawn = "".join(figure_svg(figure, title="", description="") for figure in FIGURES.values())
    colours = set(re.findall(r'(?:fill|stroke)="(.+?)"', drawn)) - {"none"}
    assert colours == {*COLOURS.values(), GRID}
    for colour in colours:
        assert f"{colour.removeprefix('var(').removesuffix(')')}: light-dark(#" in tokens


def test_it_stays_small():
    assert len(figure_svg(draw(sessions(26)), title="", description="")) < 40_000
