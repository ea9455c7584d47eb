"""The layout of the trend figure: panels from top to bottom, sessions from left to right. Heights are in pixels."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MARGIN = {"t": 24, "r": 8, "b": 44, "l": 26}
OVERALL_RANGE = [0.7, 8.1]
STRIP_RANGE = [0.6, 7.4]

BAR_SHARE = 0.006  # of the axis, to either side of a session that has a bar of its own
EDGE = 0.6  # of a session, left free at either end
PHONE_WIDTH = 288  # what is left for the sessions at 390 px
DIGIT_WIDTH, LABEL_GAP = 7, 2
DATE_LABELS = 5
EVERY_SESSION_TICKED = 26
LONG_SPAN = timedelta(days=330)

Position = float | str


@dataclass(frozen=True)
class Sizes:
    """Heights of the panels and sizes of their letters, in pixels; `lane` is the room for events above the 7 line."""

    margin: dict[str, int]
    overall: int
    lane: int
    gap: int
    header: int
    strip: int
    title: float
    name: float
    tick: float


SCREEN = Sizes(MARGIN, overall=236, lane=29, gap=6, header=26, strip=64, title=15, name=14, tick=13)
PAPER_MARGIN = {"t": 20, "r": 6, "b": 34, "l": 20}
PAPER = Sizes(PAPER_MARGIN, overall=146, lane=18, gap=4, header=21, strip=35, title=12.5, name=12, tick=10.5)


@dataclass(frozen=True)
class Panel:
    """One graph of the figure: where its heading (`header`) and its plot (`top` to `bottom`) are, from the top."""

    key: str
    label: str
    axis: str
    header: int
    top: int
    bottom: int
    is_part: bool = False
    sizes: Sizes = SCREEN


def stack_panels(rows: Iterable[tuple[str, str, bool]], sizes: Sizes = SCREEN) -> list[Panel]:
    """Place the overall panel and, under it, one strip for each row: its key, label, and whether it is a component."""
    panels = [Panel("overall", "Overall", "y", 0, 0, sizes.overall, sizes=sizes)]
    for number, (key, label, is_part) in enumerate(rows, start=2):
        header = panels[-1].bottom + sizes.gap
        top = header + sizes.header
        panels.append(Panel(key, label, f"y{number}", header, top, top + sizes.strip, is_part, sizes))
    return panels


def level(panels: Sequence[Panel], pixels: float) -> float:
    """Turn pixels from the top of the plot into Plotly's paper height, 1 at the top and 0 at the bottom."""
    return round(1 - pixels / panels[-1].bottom, 5)


def y_axes(panels: Sequence[Panel]) -> dict[str, dict[str, Any]]:
    axes = {}
    for panel in panels:
        overall = panel.axis == "y"
        axes[panel.axis.replace("y", "yaxis")] = {
            "domain": [level(panels, panel.bottom), level(panels, panel.top)],
            "range": OVERALL_RANGE if overall else STRIP_RANGE,
            "tickvals": [1, 2, 3, 4, 5, 6, 7] if overall else [1, 4, 7],
            "tickfont": {"size": panel.sizes.tick},
            "fixedrange": True,
        }
    return axes


@dataclass(frozen=True)
class SessionAxis:
    """The x axis of the trend: its options for Plotly, and the places on it.

    `sessions` are the places of the sessions, `sides` the edges of a bar at each, `fractions` the same places as shares
    of the width, `halfway` those between neighbours, `missed` those of missed sessions.
    """

    options: dict[str, Any]
    sessions: Sequence[Position]
    sides: Sequence[tuple[Position, Position]]
    fractions: Sequence[float]
    halfway: Sequence[Position]
    missed: Sequence[Position]


def axis_by_number(numbers: Sequence[int], dates: Sequence[date], missed: Sequence[date]) -> SessionAxis:
    """Return an axis with sessions at equal distances, missed ones between them."""
    gaps = Counter(bisect_right(dates, day) for day in missed)
    low = numbers[0] - EDGE - gaps[0] / 2
    high = numbers[-1] + EDGE + gaps[len(numbers)] / 2
    thin = (high - low) * BAR_SHARE
    step = _step(numbers) if len(numbers) > EVERY_SESSION_TICKED else 1
    ticks = [number for number in numbers if number % step == 0]
    options = {
        "type": "linear",
        "range": [low, high],
        "tickvals": ticks,
        "ticktext": _number_labels(ticks, dict(zip(numbers, dates, strict=True)), high),
    }
    return SessionAxis(
        options=options | {"fixedrange": True},
        sessions=numbers,
        sides=[(round(number - thin, 4), round(number + thin, 4)) for number in numbers],
        fractions=[round((number - low) / (high - low), 4) for number in numbers],
        halfway=[(left + right) / 2 for left, right in pairwise(numbers)],
        missed=[place for gap in sorted(gaps) for place in _places_in_gap(numbers, gap, gaps[gap])],
    )


def _places_in_gap(numbers: Sequence[int], gap: int, count: int) -> list[float]:
    """Spread missed sessions between their neighbours; half a session each before the first and after the last."""
    if gap == 0:
        return [numbers[0] - (count - place) / 2 for place in range(count)]
    left = numbers[gap - 1]
    if gap == len(numbers):
        return [left + (place + 1) / 2 for place in range(count)]
    return [round(left + (numbers[gap] - left) * (place + 1) / (count + 1), 3) for place in range(count)]


def _step(numbers: Sequence[int]) -> int:
    """Return how many sessions apart the numbers are that fit on a phone."""
    fitting = PHONE_WIDTH / (DIGIT_WIDTH * len(str(numbers[-1])) + LABEL_GAP)
    return next((step for step in (1, 2, 5, 10, 20, 50) if len(numbers) / step <= fitting), 100)


def _number_labels(ticks: Sequence[int], dates: dict[int, date], high: float) -> list[str]:
    numbers = list(dates)
    step = _step(numbers)
    labelled = [tick for tick in ticks if step == 1 or tick % step == 0] or list(ticks)
    per_session = PHONE_WIDTH / (high - numbers[0] + EDGE)
    roomy = [tick for tick in labelled if (high - tick) * per_session > 14]
    dated = set(roomy[:: ceil(len(labelled) / DATE_LABELS)])
    span = dates[numbers[-1]] - dates[numbers[0]]
    return [
        f"{tick}<br>{_date_label(dates[tick], span)}" if tick in dated else str(tick) if tick in labelled else ""
        for tick in ticks
    ]


def _date_label(day: date, span: timedelta) -> str:
    return f"{day:%b %Y}" if span > LONG_SPAN else f"{day.day} {day:%b}"


def axis_by_date(dates: Sequence[date], missed: Sequence[date]) -> SessionAxis:
    """Return an axis of days."""
    first, last = min([*dates, *missed]), max([*dates, *missed])
    room = timedelta(days=max(3, ceil((last - first).days * 0.03)))
    low, high = first - room, last + room
    thin = timedelta(seconds=round((high - low).total_seconds() * BAR_SHARE))
    ticks = _date_ticks(first, last)
    options = {
        "type": "date",
        "range": [low.isoformat(), high.isoformat()],
        "tickvals": [day.isoformat() for day in ticks],
        "ticktext": [_date_label(day, last - first) for day in ticks],
    }
    return SessionAxis(
        options=options | {"fixedrange": True},
        sessions=[day.isoformat() for day in dates],
        sides=[((place - thin).isoformat(), (place + thin).isoformat()) for place in map(_midnight, dates)],
        fractions=[round((day - low) / (high - low), 4) for day in dates],
        halfway=[(left + (right - left) / 2).isoformat() for left, right in pairwise(dates)],
        missed=[day.isoformat() for day in missed],
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a place on the axis, not an instant


def _date_ticks(first: date, last: date) -> list[date]:
    """Return about five days to label: whole weeks in a short therapy, the first of the month in a longer one."""
    days = (last - first).days
    if days <= 63:
        step = 7 * max(1, ceil(days / 7 / DATE_LABELS))
        return [first + timedelta(days=offset) for offset in range(0, days + 1, step)]
    months = range(first.year * 12 + first.month, last.year * 12 + last.month)
    starts = [date(month // 12, month % 12 + 1, 1) for month in months]
    step = next((step for step in (1, 2, 3, 6, 12) if len(starts) / step <= DATE_LABELS + 1), 24)
    return [day for day in starts if (day.month - 1 + 12 * day.year) % step == 0]
