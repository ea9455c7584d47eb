"""The two figures of a caseload: a funnel of the latest ratings, and ratings by stage of therapy."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import ceil, floor
from statistics import median
from typing import TYPE_CHECKING, Any

from ratings.figures.trend import COLOURS

if TYPE_CHECKING:
    from collections.abc import Sequence

Dict = dict[str, Any]

LIMITS = (1.2, 1.8, 2.4)  # the limits of z: docs/measures.md#the-usual-level
HEIGHT = 330
LEAST_FOR_MEDIAN = 5
STAGES = ((1, 3, "Sessions 1 to 3"), (4, 8, "4 to 8"), (9, 16, "9 to 16"), (17, None, "17 and over"))
BINS_A_POINT = 4
STACKED = 0.11  # of a row, from one dot to the next
MARGIN = {"t": 10, "b": 48}
CHANCE_SIDES, STAGE_SIDES = {"l": 52, "r": 44}, {"l": 142, "r": 12}  # static/css/figure.css has them too
LEFT = 0.4  # where sessions begin
MOST_TICKS = 12
STEPS = (1, 2, 5, 10, 20, 50)
FONT = {"size": 13, "color": COLOURS["ink-3"]}
INK = {"color": COLOURS["ink"]}
AXES = {"xaxis": "x", "yaxis": "y", "cliponaxis": False}


@dataclass(frozen=True)
class LatestRating:
    """One client: rated sessions so far, the latest overall, and its `z`: above 0 where it is higher than usual."""

    code: str
    sessions: int
    overall: float | None
    z: float | None
    flagged: bool = False


@dataclass(frozen=True)
class Stage:
    """The latest overall ratings of the clients in one stage of therapy."""

    label: str
    scores: tuple[float, ...]

    @property
    def median(self) -> float | None:
        """Return the median from five clients on; of fewer it says too little."""
        return median(self.scores) if len(self.scores) >= LEAST_FOR_MEDIAN else None

    @property
    def size(self) -> str:
        count = len(self.scores)
        words = f"{count} client{'' if count == 1 else 's'}"
        return words if self.median is not None else f"{words}, no median"


def stages_of(clients: Sequence[LatestRating]) -> list[Stage]:
    """Sort clients by how many sessions have been rated."""
    found = []
    for first, last, label in STAGES:
        here = [client for client in clients if first <= client.sessions and (last is None or client.sessions <= last)]
        found.append(Stage(label, tuple(sorted(client.overall for client in here if client.overall is not None))))
    return found


def funnel(clients: Sequence[LatestRating]) -> Dict:
    """Draw each client whose latest rating can be read against a usual level of their own.

    Raises ValueError where there is none, as there is nothing to draw.
    """
    shown = [client for client in clients if client.z is not None]
    if not shown:
        raise ValueError("A funnel needs at least one client with a usual level")
    last = max(client.sessions for client in shown)
    low = min(-3.0, *(client.z for client in shown if client.z is not None)) - 0.4
    high = max(2.0, *(client.z for client in shown if client.z is not None)) + 0.4
    ordinary = {"symbol": "circle", "size": 8, "color": COLOURS["surface"]}
    flagged = {"symbol": "triangle-down", "size": 12, "color": COLOURS["ink"]}
    right = last + max(1.5, last / 8)
    data = [
        _usual(right),
        _dots("Usual", [p for p in shown if not p.flagged], ordinary | _outline("line-strong")),
        _dots("Below usual", [p for p in shown if p.flagged], flagged | _outline("ink")),
    ]
    levels = range(ceil(low), floor(high) + 1)
    layout = _layout(
        CHANCE_SIDES,
        x={"range": [LEFT, right], "tickvals": _sessions(last), "showgrid": False},
        y={"range": [low, high], "tickvals": list(levels), "ticktext": [_tick(value) for value in levels]},
    )
    layout["shapes"] = [_level(-limit) for limit in LIMITS]
    codes = [_code(client, on_the_left=client.sessions > last * 0.7) for client in shown if client.flagged]
    layout["annotations"] = [_title("Rated sessions so far"), *map(_limit_words, LIMITS), *codes]
    return {"data": [trace for trace in data if trace["x"]], "layout": layout}


def _sessions(last: int) -> list[int]:
    """Return the numbers of sessions to write under the figure: a dozen at most."""
    step = next(step for step in STEPS if last <= step * MOST_TICKS or step == STEPS[-1])
    return list(range(step, last + 1, step))


def _tick(value: int) -> str:
    return "usual" if value == 0 else f"+{value}" if value > 0 else f"\u2212{-value}"


def _outline(colour: str) -> Dict:
    return {"line": {"color": COLOURS[colour], "width": 1.5}}


def _dots(name: str, clients: Sequence[LatestRating], marker: Dict) -> Dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [client.sessions for client in clients],
        "y": [round(client.z, 3) for client in clients if client.z is not None],
        "marker": marker,
    } | AXES


def _usual(right: float) -> Dict:
    """Draw the line at usual as a trace: above the grid, beneath the marks."""
    line = {"color": COLOURS["line-strong"], "width": 1}
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "At usual",
        "x": [LEFT, right],
        "y": [0, 0],
        "line": line,
    } | AXES


def _code(client: LatestRating, *, on_the_left: bool) -> Dict:
    """Write a client's code beside the mark: near the right edge to its left."""
    side = {"xanchor": "right", "xshift": -8} if on_the_left else {"xanchor": "left", "xshift": 8}
    at = {"xref": "x", "x": client.sessions} | side
    return at | _beside("y", client.z, escape(client.code), {"size": 13} | INK)


def _beside(yref: str, y: float | None, text: str, font: Dict) -> Dict:
    return {"yref": yref, "y": y, "yanchor": "middle", "text": text, "showarrow": False, "font": font}


def _level(height: float) -> Dict:
    line = {"color": COLOURS["line-strong"], "width": 1, "dash": "dash"}
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "yref": "y",
        "y0": height,
        "y1": height,
        "line": line,
        "layer": "below",
    }


def _limit_words(limit: float) -> Dict:
    at = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 6}
    return at | _beside("y", -limit, f"\u2212{limit}", FONT)


def stages(rows: Sequence[Stage]) -> Dict:
    """Draw one row a stage, first stage at the top: dots stacked where ratings are alike, a tick at the median."""
    data, heights = [], []
    for number, row in enumerate(rows):
        base = -number
        heights.append(base + 0.12)
        data.append(_stack(row, base))
        if row.median is not None:
            data.append(_median(row.median, base, row.label))
    words = [f"{row.label}<br>{row.size}" for row in rows]
    layout = _layout(
        STAGE_SIDES,
        x={"range": [0.8, 7.2], "tickvals": [1, 2, 3, 4, 5, 6, 7]},
        y={
            "range": [0.7 - len(rows), 0.95],
            "tickvals": heights,
            "ticktext": words,
            "showgrid": False,
            "tickfont": {"size": 14} | INK,
        },
    )
    layout["annotations"] = [_title("Latest overall rating")]
    return {"data": data, "layout": layout}


def _stack(row: Stage, base: float) -> Dict:
    """Round each rating to a quarter of a point, and stack those that fall on the same one."""
    piles: dict[float, int] = {}
    x, y = [], []
    for score in row.scores:
        place = round(score * BINS_A_POINT) / BINS_A_POINT
        x.append(place)
        y.append(round(base + STACKED * piles.get(place, 0), 3))
        piles[place] = piles.get(place, 0) + 1
    marker = {"symbol": "circle", "size": 7.5, "color": COLOURS["clinician"], "line": {"width": 0}}
    return {"type": "scatter", "mode": "markers", "name": row.label, "x": x, "y": y, "marker": marker} | AXES


def _median(value: float, base: float, label: str) -> Dict:
    ends = {"x": [value, value], "y": [base - 0.14, base + 0.62]}
    line = {"color": COLOURS["ink"], "width": 2}
    return {"type": "scatter", "mode": "lines", "name": f"{label}, median", "line": line} | ends | AXES


def _title(text: str) -> Dict:
    """Return the title of the x axis."""
    at = {"xref": "paper", "x": 0.5, "xanchor": "center", "yref": "paper", "y": 0, "yanchor": "top", "yshift": -24}
    return at | {"text": text, "showarrow": False, "font": FONT}


def _layout(sides: Dict, *, x: Dict, y: Dict) -> Dict:
    return {
        "height": HEIGHT,
        "margin": MARGIN | sides,
        "showlegend": False,
        "hovermode": False,
        "dragmode": False,
        "xaxis": x,
        "yaxis": y,
    }
