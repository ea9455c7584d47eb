"""The small trend picture of a table row: the last overall scores as SVG, without words."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WIDTH, HEIGHT = 132, 40
LEFT, RIGHT, EDGE = 4, WIDTH - 4, 4
LONGEST = 12
LOWEST, HIGHEST = 1, 7

Dot = tuple[float, float]


def sparkline(
    scores: Sequence[float | None], band: tuple[float, float] | None = None, *, by_client: bool = False
) -> str:
    """Draw the last 12 scores on the 1-7 scale, gaps left open, over the usual range; a dash where there are none.

    The client's are a dotted line that ends in a diamond, as in the figure of their page; the clinician's are solid.
    """
    shown = scores[-LONGEST:]
    dots = [None if score is None else (_across(place, len(shown)), _down(score)) for place, score in enumerate(shown)]
    drawn = [dot for dot in dots if dot]
    shapes = [_band(*band)] if band else []
    shapes += [_run(run) for run in _runs(dots)]
    last, name = (_diamond, "spark spark--client") if by_client else (_circle, "spark")
    shapes.append(last(drawn[-1], 4.2 if by_client else 3.2) if drawn else _dash())
    return (
        f'<svg class="{name}" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'aria-hidden="true" focusable="false">{"".join(shapes)}</svg>'
    )


def _across(place: int, count: int) -> float:
    return RIGHT - (count - 1 - place) * (RIGHT - LEFT) / max(1, count - 1)


def _down(score: float) -> float:
    inside = min(HIGHEST, max(LOWEST, score))
    return EDGE + (HIGHEST - inside) / (HIGHEST - LOWEST) * (HEIGHT - 2 * EDGE)


def _runs(dots: Sequence[Dot | None]) -> Iterator[list[Dot]]:
    for drawn, run in groupby(dots, key=bool):
        if drawn:
            yield [dot for dot in run if dot]


def _run(dots: Sequence[Dot]) -> str:
    if len(dots) == 1:
        return _circle(dots[0], 2.3)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)
    return f'<polyline class="spark__line" points="{points}" fill="none"/>'


def _circle(dot: Dot, radius: float) -> str:
    return f'<circle class="spark__dot" cx="{dot[0]:.1f}" cy="{dot[1]:.1f}" r="{radius}"/>'


def _diamond(dot: Dot, radius: float) -> str:
    r = f"{radius:g}"
    return f'<path class="spark__diamond" d="M{dot[0]:.1f} {dot[1] - radius:.1f}l{r} {r}-{r} {r}-{r}-{r}z"/>'


def _band(low: float, high: float) -> str:
    top, bottom = _down(high), _down(low)
    return f'<rect class="spark__band" x="0" y="{top:.1f}" width="{WIDTH}" height="{bottom - top:.1f}" rx="2"/>'


def _dash() -> str:
    ends = f'x1="{WIDTH / 2 - 6:.0f}" x2="{WIDTH / 2 + 6:.0f}" y1="{HEIGHT / 2:.0f}" y2="{HEIGHT / 2:.0f}"'
    return f'<line class="spark__none" {ends} stroke="currentColor" stroke-opacity=".4"/>'
