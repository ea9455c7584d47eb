"""The two figures of a caseload as plain dicts: who has moved more than chance explains, and where clients are."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from ratings.charts import COLOURS

if TYPE_CHECKING:
    from collections.abc import Sequence

Dict = dict[str, Any]

TICKS = range(-12, 13)
LIMITS = (1.2, 1.8, 2.4)  # how far below usual: measurement.md, section 4
HEIGHT = 330
LEAST_FOR_MEDIAN = 5
STAGES = ((1, 3, "Sessions 1 to 3"), (4, 8, "4 to 8"), (9, 16, "9 to 16"), (17, None, "17 and over"))
BINS_A_POINT = 4
STACKED = 0.11  # of a row, from one dot to the next
FONT = {"size": 13, "color": COLOURS["ink-3"]}
INK = {"color": COLOURS["ink"]}


@dataclass(frozen=True)
class Place:
    """One client: rated sessions so far, the latest overall, and how unusual it is (`z` up = higher than usual)."""

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


def stages_of(places: Sequence[Place]) -> list[Stage]:
    """Sort clients by how many sessions have been rated."""
    found = []
    for first, last, label in STAGES:
        here = [place for place in places if first <= place.sessions and (last is None or place.sessions <= last)]
        found.append(Stage(label, tuple(sorted(place.overall for place in here if place.overall is not None))))
    return found


def funnel(places: Sequence[Place]) -> Dict:
    """Draw each client whose latest rating can be read against a usual level of their own.

    Raises ValueError where there is none, as there is nothing to draw.
    """
    shown = [place for place in places if place.z is not None]
    if not shown:
        raise ValueError("A funnel needs at least one client with a usual level")
    last = max(place.sessions for place in shown)
    low = min(-3.0, *(place.z for place in shown if place.z is not None)) - 0.4
    high = max(2.0, *(place.z for place in shown if place.z is not None)) + 0.4
    ordinary = {"symbol": "circle", "size": 8, "color": COLOURS["surface"]}
    flagged = {"symbol": "triangle-down", "size": 12, "color": COLOURS["ink"]}
    data = [
        _dots("Usual", [p for p in shown if not p.flagged], ordinary | _outline("line-strong")),
        _dots("Below usual", [p for p in shown if p.flagged], flagged | _outline("ink"), codes=True),
    ]
    layout = _layout(
        x={"title": _title("Rated sessions so far"), "range": [0.4, last + max(1.5, last / 8)], "showgrid": False},
        y={
            "range": [low, high],
            "tickvals": list(range(-9, 10)),
            "ticktext": [_tick(value) for value in range(-9, 10)],
        },
        left=52,
        right=44,
    )
    layout["shapes"] = [_level(0, "solid"), *(_level(-limit, "dash") for limit in LIMITS)]
    layout["annotations"] = [_limit_words(limit) for limit in LIMITS]
    return {"data": [trace for trace in data if trace["x"]], "layout": layout}


def _tick(value: int) -> str:
    return "usual" if value == 0 else f"+{value}" if value > 0 else f"\u2212{-value}"


def _outline(colour: str) -> Dict:
    return {"line": {"color": COLOURS[colour], "width": 1.5}}


def _dots(name: str, places: Sequence[Place], marker: Dict, *, codes: bool = False) -> Dict:
    text = {"text": [place.code for place in places], "textposition": "middle right", "textfont": {"size": 13} | INK}
    return {
        "type": "scatter",
        "mode": "markers+text" if codes else "markers",
        "name": name,
        "x": [place.sessions for place in places],
        "y": [round(place.z, 3) for place in places if place.z is not None],
        "marker": marker,
        "cliponaxis": False,
    } | (text if codes else {})


def _level(height: float, dash: str) -> Dict:
    line = {"color": COLOURS["line-strong"], "width": 1, "dash": dash}
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": height,
        "y1": height,
        "line": line,
        "layer": "below",
    }


def _limit_words(limit: float) -> Dict:
    place = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 6, "y": -limit, "yanchor": "middle"}
    return place | {"text": f"\u2212{limit}", "showarrow": False, "font": FONT}


def stages(rows: Sequence[Stage]) -> Dict:
    """Draw one row a stage, first stage at the top: dots stacked where ratings are alike, a tick at the median."""
    data, heights = [], []
    for turn, row in enumerate(rows):
        base = -turn
        heights.append(base + 0.12)
        data.append(_stack(row, base))
        if row.median is not None:
            data.append(_median(row.median, base, row.label))
    words = [f"{row.label}<br>{row.size}" for row in rows]
    layout = _layout(
        x={"title": _title("Latest overall rating"), "range": [0.8, 7.2], "tickvals": [1, 2, 3, 4, 5, 6, 7]},
        y={
            "range": [0.7 - len(rows), 0.95],
            "tickvals": heights,
            "ticktext": words,
            "showgrid": False,
            "tickfont": {"size": 14} | INK,
        },
        left=142,
    )
    return {"data": data, "layout": layout}


def _stack(row: Stage, base: float) -> Dict:
    """Put each rating at its quarter point, above those that are there already."""
    piles: dict[float, int] = {}
    x, y = [], []
    for score in row.scores:
        place = round(score * BINS_A_POINT) / BINS_A_POINT
        x.append(place)
        y.append(round(base + STACKED * piles.get(place, 0), 3))
        piles[place] = piles.get(place, 0) + 1
    marker = {"size": 7.5, "color": COLOURS["clinician"]}
    return {"type": "scatter", "mode": "markers", "name": row.label, "x": x, "y": y, "marker": marker}


def _median(value: float, base: float, label: str) -> Dict:
    ends = {"x": [value, value], "y": [base - 0.14, base + 0.62]}
    line = {"color": COLOURS["ink"], "width": 2}
    return {"type": "scatter", "mode": "lines", "name": f"{label}, median", "line": line} | ends


def _title(text: str) -> Dict:
    return {"text": text, "font": FONT}


def _layout(*, x: Dict, y: Dict, left: int, right: int = 12) -> Dict:
    return {
        "height": HEIGHT,
        "margin": {"t": 10, "r": right, "b": 48, "l": left},
        "showlegend": False,
        "hovermode": False,
        "dragmode": False,
        "xaxis": x,
        "yaxis": y,
    }
