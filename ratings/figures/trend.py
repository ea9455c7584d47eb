"""The trend of a client as a Plotly figure: plain dicts, colours by their names in tokens.css; chart.js adds fonts."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from ratings.analysis.words import spoken
from ratings.figures.axes import (
    PAPER,
    SCREEN,
    Panel,
    SessionAxis,
    axis_by_date,
    axis_by_number,
    level,
    stack_panels,
    y_axes,
)
from ratings.figures.points import Mark, Point, RaterLine, breaks, changes_of_clinician, notes
from ratings.figures.shading import Range, ShadedStrain, band_outline, remarks_on, runs, shaded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

__all__ = ["COLOURS", "Mark", "Point", "ShadedStrain", "trend"]

Dict = dict[str, Any]

NAMES = ("surface", "ink", "ink-3", "line-strong", "clinician", "client", "band", "gap", "episode")
COLOURS = {name: f"var(--at-{name})" for name in NAMES}  # static/css/tokens.css has them, in both themes
SHADES = {"Usual range": "band", "Gap": "gap"}
OVERALL_HEADER = {"x": 0, "xanchor": "left", "y": 1.002, "yanchor": "bottom"}
MANY_SESSIONS = 52
EVENT_LANE = 7.72  # above the 7 line of the overall panel
WORKING_ALLIANCE = "working_alliance"
DECIMALS = {"overall": 1, WORKING_ALLIANCE: 1}  # the other scores are the numbers chosen
NO_SCORE = "–"  # noqa: RUF001
WITHOUT_SCORE = {  # in a header, and in words
    "overall": (NO_SCORE, "too few answers"),
    "clinician": ("n/o", "not observed"),
    "client": (NO_SCORE, "skipped"),
}
LONGEST_LABEL, LETTER_WIDTH = 10, 7  # of a rater in a header, in letters and pixels
PENS: dict[str, Dict] = {
    "clinician": {"dash": "solid", "symbol": "circle", "widths": (2.4, 1.8), "sizes": (7.5, 5), "skipped_at": 1.2},
    "client": {"dash": "dot", "symbol": "diamond", "widths": (2, 1.4), "sizes": (8, 5.5), "skipped_at": 2.2},
}


def trend(
    points: Sequence[Point],
    *,
    elements: Sequence[tuple[str, str]],
    parts: Sequence[tuple[str, str]] = (),
    labels: tuple[str, str] = ("you", "client"),
    missed: Sequence[date] = (),
    band: Sequence[Range | None] = (),
    strains: Sequence[ShadedStrain] = (),
    split: bool = False,
    by_date: bool = False,
    on_paper: bool = False,
) -> Dict:
    """Draw held sessions, oldest first: overall above, a strip for each (key, label) of `elements` beneath.

    `parts` come under the working alliance when `split`; `labels` name the clinician and the client; `missed` are the
    days of missed sessions. `band` is the usual range before each session, None where there is none; `strains` are by
    index of session; `on_paper` makes all heights small. Raises ValueError without a session to draw.
    """
    if not points:
        raise ValueError("A trend needs at least one session")
    shown = sorted(day for day in missed if points[0].number == 1 or day >= points[0].date)
    panels = stack_panels(_rows(elements, parts if split else ()), PAPER if on_paper else SCREEN)
    raters = _raters(points, labels)
    dates = [point.date for point in points]
    x_axis = axis_by_date(dates, shown) if by_date else axis_by_number([point.number for point in points], dates, shown)
    ranges = [_shade("Usual range", band, indexes, x_axis) for indexes in runs(band)]
    pairs = _pairs(points)
    ranges += [_shade("Gap", pairs, indexes, x_axis, thin=True) for indexes in runs(pairs)]
    lines = [_line(panel, rater, x_axis) for panel in panels for rater in raters]
    others = [*_skipped_answers(panels, raters, x_axis), *_lane(points, strains, x_axis)]
    layout = _layout(points, panels, raters, x_axis, list(shaded(strains, x_axis, COLOURS["episode"])))
    layout["meta"]["cursor"] |= {"lines": len(ranges), "notes": notes(points, raters, shown, remarks_on(strains))}
    return {"data": ranges + lines + others, "layout": layout}


def _shade(
    name: str, ranges: Sequence[Range | None], indexes: Sequence[int], x_axis: SessionAxis, *, thin: bool = False
) -> Dict:
    """Shade the range of each session in one stretch, beneath everything else."""
    x, y = band_outline(ranges, indexes, x_axis, thin=thin)
    return _trace("lines", "y", name, x=x, y=y, fill="toself", fillcolor=COLOURS[SHADES[name]], line={"width": 0})


def _pairs(points: Sequence[Point]) -> list[Range | None]:
    """Return both overall scores of each session that has them."""
    found: list[Range | None] = []
    for point in points:
        scores = [mark.scores.get("overall") for mark in (point.client, point.clinician) if mark]
        client, clinician = scores if len(scores) == 2 else (None, None)
        found.append(None if client is None or clinician is None else (client, clinician))
    return found


def _rows(elements: Sequence[tuple[str, str]], parts: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, bool]]:
    for key, label in elements:
        yield key, label, False
        if key == WORKING_ALLIANCE:
            yield from ((part, name, True) for part, name in parts)


def _raters(points: Sequence[Point], labels: tuple[str, str]) -> list[RaterLine]:
    """Return the lines of those who have rated, in the order of drawing: the clinician's is on top."""
    client = RaterLine("client", labels[1], [point.client for point in points])
    clinician = RaterLine("clinician", labels[0], [point.clinician for point in points])
    return [rater for rater in (client, clinician) if any(rater.marks)]


def _trace(mode: str, axis: str, name: str, **details: Any) -> Dict:
    return {"type": "scatter", "mode": mode, "xaxis": "x", "yaxis": axis, "name": name, "cliponaxis": False} | details


def _line(panel: Panel, rater: RaterLine, x_axis: SessionAxis) -> Dict:
    pen, size = PENS[rater.key], panel.axis != "y"
    return _trace(
        "lines+markers",
        panel.axis,
        f"{panel.label}, {rater.key}",
        x=x_axis.sessions,
        y=[score if score is None else round(score, 4) for score in rater.scores(panel.key)],
        connectgaps=False,
        line={"color": COLOURS[rater.key], "width": pen["widths"][size], "dash": pen["dash"]},
        marker=_marker(rater, pen["symbol"], pen["sizes"][size]),
    )


def _marker(rater: RaterLine, symbol: str, size: float) -> Dict:
    """Fill the clinician's circles unless late or partial; the client's diamonds are open, those with a dot inside."""
    surface, colour = COLOURS["surface"], COLOURS[rater.key]
    scale = 0.7 if len(rater.marks) > MANY_SESSIONS else 1
    outline = 1.6 * scale
    marker: Dict = {"symbol": symbol, "size": size * scale, "color": colour, "line": {"color": colour, "width": 0}}
    hollow = [bool(mark and mark.is_hollow) for mark in rater.marks]
    if rater.key == "client":
        marker |= {"color": surface, "line": {"color": colour, "width": outline}}
        if any(hollow):
            marker["symbol"] = [f"{symbol}-dot" if is_hollow else symbol for is_hollow in hollow]
    elif any(hollow):
        marker["color"] = [surface if is_hollow else colour for is_hollow in hollow]
        marker["line"]["width"] = [outline * is_hollow for is_hollow in hollow]
    return marker


def _skipped_answers(panels: Sequence[Panel], raters: Sequence[RaterLine], x_axis: SessionAxis) -> Iterator[Dict]:
    for panel in panels[1:]:
        for rater in raters:
            answers = zip(x_axis.sessions, rater.marks, rater.scores(panel.key), strict=True)
            places = [place for place, mark, score in answers if mark and score is None]
            if places:
                name = f"{panel.label}, {rater.key}, not observed"
                heights = [PENS[rater.key]["skipped_at"]] * len(places)
                cross = {"symbol": "x-thin", "size": 6, "line": {"color": COLOURS[rater.key], "width": 1.4}}
                yield _trace("markers", panel.axis, name, x=places, y=heights, marker=cross)


def _lane(points: Sequence[Point], strains: Sequence[ShadedStrain], x_axis: SessionAxis) -> Iterator[Dict]:
    """Yield the marks of events, above the overall panel."""
    opened = [x_axis.sessions[strain.opened] for strain in strains if strain.begins_here]
    repaired = [x_axis.sessions[strain.repaired] for strain in strains if strain.repaired is not None]
    events = (
        ("Possible rupture", opened, {"symbol": "triangle-down", "size": 11, "color": COLOURS["ink"]}),
        ("Repaired", repaired, {"symbol": "triangle-up", "size": 11, "color": COLOURS["surface"]}),
        ("Missed", x_axis.missed, {"symbol": "line-ns", "size": 12}),
        (
            "Change of clinician",
            [x_axis.halfway[index - 1] for index in changes_of_clinician(points)],
            {"symbol": "bowtie", "size": 12, "color": COLOURS["ink"]},
        ),
    )
    for name, places, marker in events:
        if places:
            line = {"color": COLOURS["ink"], "width": 1.6}
            yield _trace("markers", "y", name, x=places, y=[EVENT_LANE] * len(places), marker=marker | {"line": line})


def _layout(
    points: Sequence[Point],
    panels: Sequence[Panel],
    raters: Sequence[RaterLine],
    x_axis: SessionAxis,
    shades: list[Dict],
) -> Dict:
    fixed = [*shades, *_uprights(points, panels, x_axis)]
    moving = [shape | {"visible": False} for shape in _upright(panels, x_axis.sessions[-1], "solid", "ink-3")]
    cursor = {
        "sessions": [point.number for point in points],
        "dates": [point.date.isoformat() for point in points],
        "at": x_axis.fractions,
        "rows": [_row_words(panel) for panel in panels],
        "raters": [_rater_words(rater) for rater in raters],
        "shapes": [len(fixed), len(fixed) + len(moving)],
    }
    margin = panels[0].sizes.margin
    return {
        "height": panels[-1].bottom + margin["t"] + margin["b"],
        "margin": margin,
        "showlegend": False,
        "hovermode": False,
        "dragmode": False,
        "xaxis": x_axis.options | {"anchor": panels[-1].axis, "tickfont": {"size": panels[0].sizes.tick}},
        **y_axes(panels),
        "shapes": fixed + moving,
        "annotations": [*_panel_names(panels), *_latest_scores(panels, raters)],
        "meta": {"cursor": cursor},
    }


def _row_words(panel: Panel) -> Dict:
    words: Dict = {"label": panel.label, "decimals": DECIMALS.get(panel.key, 0)}
    return words | {"none": WITHOUT_SCORE[panel.key]} if panel.key in WITHOUT_SCORE else words


def _rater_words(rater: RaterLine) -> Dict:
    unrated = [index for index, mark in enumerate(rater.marks) if not mark]
    return {
        "label": rater.label,
        "short": _short(rater.label),
        "unrated": unrated,
        "none": WITHOUT_SCORE[rater.key],
    }


def _uprights(points: Sequence[Point], panels: Sequence[Panel], x_axis: SessionAxis) -> Iterator[Dict]:
    """Yield a dotted line at each break and a dashed one at each change of clinician."""
    for indexes, dash in ((breaks(points), "dot"), (changes_of_clinician(points), "dash")):
        for index in indexes:
            yield from _upright(panels, x_axis.halfway[index - 1], dash, "line-strong")


def _upright(panels: Sequence[Panel], place: float | str, dash: str, colour: str) -> Iterator[Dict]:
    """Yield an upright line through each panel: not through the events above, nor the words between the panels."""
    line = {"color": COLOURS[colour], "width": 1.2, "dash": dash}
    for panel in panels:
        ends = {"y0": level(panels, panel.bottom), "y1": level(panels, panel.top or panel.sizes.lane)}
        yield {"type": "line", "xref": "x", "yref": "paper", "x0": place, "x1": place, "line": line} | ends


def _panel_names(panels: Sequence[Panel]) -> Iterator[Dict]:
    for panel in panels:
        sizes = panel.sizes
        size = sizes.name if panel.header else sizes.title
        font = {"size": size, "color": COLOURS["ink"], "weight": 400 if panel.is_part else 600}
        shift = 16 * panel.is_part - sizes.margin["l"]
        yield _text(panel.label, font, _header_place(panels, panel) | {"xshift": shift})


def _latest_scores(panels: Sequence[Panel], raters: Sequence[RaterLine]) -> Iterator[Dict]:
    for panel in panels:
        shift = 0
        for rater in raters:
            latest = next((score for score in reversed(rater.scores(panel.key)) if score is not None), None)
            text = NO_SCORE if latest is None else spoken(latest, DECIMALS.get(panel.key, 0))
            place = _header_place(panels, panel) | {"x": 1, "xanchor": "right", "xshift": -shift}
            font = {"size": panel.sizes.name, "color": COLOURS[rater.key], "weight": 600}
            yield _text(f"{_short(rater.label)} {text}", font, place)
            shift += (min(len(rater.label), LONGEST_LABEL) + 4) * LETTER_WIDTH + 14


def _header_place(panels: Sequence[Panel], panel: Panel) -> Dict:
    return OVERALL_HEADER | ({"y": level(panels, panel.header), "yanchor": "top"} if panel.header else {})


def _text(text: str, font: Dict, place: Dict) -> Dict:
    return {"text": text, "font": font, "xref": "paper", "yref": "paper", "showarrow": False} | place


def _short(label: str) -> str:
    """Shorten a label to the room in a header, escaped so that Plotly does not read it as markup."""
    cut = label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1].rstrip()}…"
    return escape(cut, quote=False)
