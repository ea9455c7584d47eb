import json
import re
from pathlib import Path

import plotly.graph_objects as go
import pytest

from ratings.figures.trend import COLOURS, Mark
from tests.ratings.figures.chart_cases import cursor, draw, everything, headers, line, mark, names, point, sessions

SPLIT = pytest.mark.parametrize("split", [False, True])
BY_DATE = pytest.mark.parametrize("by_date", [False, True])
STATIC = Path(__file__).parents[3] / "static"


@pytest.mark.parametrize("count", [1, 2, 3, 16, 30, 120])
@pytest.mark.parametrize("raters", ["both", "clinician", "client"])
@SPLIT
@BY_DATE
def test_plotly_accepts_the_figure(count, raters, split, by_date):
    go.Figure(draw(sessions(count, raters), split=split, by_date=by_date))


@SPLIT
@BY_DATE
def test_plotly_accepts_a_figure_with_one_of_each(split, by_date):
    figure = everything(split=split, by_date=by_date)
    go.Figure(figure)
    assert json.loads(json.dumps(figure))["data"]


def test_no_session_is_an_error():
    with pytest.raises(ValueError, match="at least one session"):
        draw([])


def test_held_sessions_without_a_rating_are_drawn_without_lines():
    figure = draw([point(1), point(2)])
    go.Figure(figure)
    assert figure["data"] == []
    assert cursor(figure)["notes"] == {"0": "No ratings to show.", "1": "No ratings to show."}


def test_an_unrated_session_is_a_gap():
    figure = draw([point(1, clinician=mark(4)), point(2), point(3, clinician=mark(6))])
    trace = line(figure, "Overall, clinician")
    assert trace["y"] == [4, None, 6]
    assert trace["connectgaps"] is False
    assert cursor(figure)["raters"][0]["unrated"] == [1]


def test_one_session_is_a_dot():
    figure = draw([point(1, clinician=mark(4))])
    assert line(figure, "Overall, clinician")["x"] == [1]
    assert figure["layout"]["xaxis"]["range"] == [0.4, 1.6]


def test_only_those_who_rated_have_a_line():
    assert not [name for name in names(draw(sessions(3, "clinician"))) if "client" in name.split(", ")]
    assert headers(draw(sessions(3, "client"), labels=("you", "Robin")))[6] == "Robin 5.0"


def test_the_two_raters_differ_by_more_than_colour():
    figure = draw(sessions(3))
    clinician, client = line(figure, "Trust, clinician"), line(figure, "Trust, client")
    assert clinician["line"]["dash"] != client["line"]["dash"]
    assert clinician["marker"]["symbol"] != client["marker"]["symbol"]


@pytest.mark.parametrize("state", [{"late": True}, {"partial": True}])
def test_late_and_partial_ratings_are_marked(state):
    figure = draw([point(1, clinician=mark(), client=mark()), point(2, clinician=mark(**state), client=mark(**state))])
    clinician, client = line(figure, "Overall, clinician")["marker"], line(figure, "Overall, client")["marker"]
    assert clinician["color"] == [COLOURS["clinician"], COLOURS["surface"]]
    assert client["symbol"] == ["diamond", "diamond-dot"]
    kind = next(iter(state))
    assert cursor(figure)["notes"] == {"1": f"You: {kind} rating. Client: {kind} rating."}


def test_an_answer_not_observed_is_a_cross():
    points = [point(1, clinician=mark(), client=mark(trust=None)), point(2, clinician=mark(trust=None)), point(3)]
    figure = draw(points)
    crosses = [trace for trace in figure["data"] if trace.get("marker", {}).get("symbol") == "x-thin"]
    assert [(cross["name"], cross["x"]) for cross in crosses] == [
        ("Trust, client, not observed", [1]),
        ("Trust, clinician, not observed", [2]),
    ]
    assert line(figure, "Trust, clinician")["y"] == [5, None, None]


def test_too_few_answers_leave_no_cross_in_the_overall_panel():
    figure = draw([point(1, clinician=mark(overall=None, partial=True))])
    assert not [trace for trace in figure["data"] if "not observed" in trace["name"]]


def test_a_session_without_a_score_has_no_mark_invented_for_it():
    figure = draw([point(1, clinician=Mark({"overall": 5.0}))])
    assert line(figure, "Trust, clinician")["y"] == [None]


def test_scores_are_drawn_as_computed():
    figure = draw([point(1, clinician=mark(overall=88 / 15))])
    assert line(figure, "Overall, clinician")["y"] == [pytest.approx(88 / 15, abs=1e-4)]


def test_headers_give_the_latest_scores():
    points = [point(1, clinician=mark(6, overall=5.25), client=mark(4)), point(2, clinician=mark(3, overall=None))]
    texts = headers(draw(points, labels=("you", "Robin")))[6:]
    assert texts[:4] == ["Robin 4.0", "you 5.3", "Robin 4.0", "you 3.0"]
    assert texts[4:6] == ["Robin 4", "you 3"]


def test_a_row_never_answered_has_a_dash_for_its_score():
    assert headers(draw([point(1, clinician=mark(trust=None))]))[6:9] == ["you 5.0", "you 5.0", "you –"]  # noqa: RUF001


def test_the_read_out_knows_every_session():
    figure = everything(labels=("you", "Robin Alexander"))
    known = cursor(figure)
    assert known["sessions"] == [1, 2, 3, 4]
    assert known["dates"][3] == "2026-10-02"
    assert known["at"] == sorted(known["at"])
    assert [row["label"] for row in known["rows"]] == headers(figure)[:6]
    assert [rater["label"] for rater in known["raters"]] == ["Robin Alexander", "you"]
    assert known["raters"][0]["short"] == "Robin Ale…"
    assert known["notes"] == {
        "0": "You: late rating. Robin Alexander: partial rating.",
        "1": "No ratings to show.",
        "2": "First session after 7 weeks. After 1 missed session. You: partial rating. Robin Alexander: no rating.",
        "3": "From here with Ana Ruiz. Followed by 1 missed session. Robin Alexander: late rating.",
    }


def test_the_read_out_finds_its_lines_and_shapes():
    figure = everything()
    known = cursor(figure)
    start = known["lines"]
    for row, panel in enumerate(known["rows"]):
        for rater, who in enumerate(("client", "clinician")):
            assert figure["data"][start + row * 2 + rater]["name"] == f"{panel['label']}, {who}"
    first, end = known["shapes"]
    assert [shape.get("visible", True) for shape in figure["layout"]["shapes"]] == [True] * first + [False] * 6
    assert end == len(figure["layout"]["shapes"])


def texts_of(figure):
    layout = figure["layout"]
    return [
        *headers(figure),
        *names(figure),
        *layout["xaxis"]["ticktext"],
        *(r["short"] for r in cursor(figure)["raters"]),
    ]


@pytest.mark.parametrize("label", ["Robin", "<b>Robin</b>", "<a href=x>", "A & B", "</script>"])
def test_no_text_carries_markup_that_the_policy_refuses(label):
    for text in texts_of(everything(labels=("you", label), split=True)):
        assert not re.search(r"<(?!br>)", text)
        assert not re.search(r"&(?!lt;|gt;|amp;)", text)


def test_every_colour_is_named_and_has_both_themes():
    written = json.dumps([everything(), everything(split=True), draw(sessions(3))])
    assert set(re.findall(r"var\([^)]*\)", written)) <= set(COLOURS.values())
    assert not re.search(r"#[0-9a-f]{3}|rgb|hsl", written)
    tokens = (STATIC / "css" / "tokens.css").read_text()
    themed = re.findall(r"(--at-[\w-]+): light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\);", tokens)
    assert set(COLOURS.values()) <= {f"var({name})" for name in themed}


def test_sixty_sessions_of_two_raters_stay_small():
    assert len(json.dumps(draw(sessions(60)), separators=(",", ":"))) < 32_000


def test_the_module_knows_neither_django_nor_plotly():
    for path in (Path(__file__).parents[3] / "ratings" / "figures").glob("*.py"):
        source = path.read_text()
        imported = set(re.findall(r"^(?:from|import) (\w+)", source, re.MULTILINE))
        assert imported <= {
            "__future__",
            "bisect",
            "collections",
            "dataclasses",
            "datetime",
            "decimal",
            "functools",
            "html",
            "itertools",
            "math",
            "statistics",
            "typing",
            "ratings",
        }
