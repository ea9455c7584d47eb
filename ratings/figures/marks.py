"""The shapes of marks and dashed lines in SVG, with the measures that Plotly uses, so that both drawings agree."""

from __future__ import annotations

from functools import lru_cache
from math import sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LEAST_DASH = 3  # pixels: of a thin line too
DASHES = {"solid": (), "dot": (1, 1), "dash": (3, 3)}  # in widths of the line


def short(value: float, decimals: int = 1) -> str:
    """Write a number with at most this many decimals."""
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def known(table: Mapping[Any, Any], name: Any, what: str) -> Any:
    """Look up a name that a figure uses. Raises ValueError for one that this drawing does not know."""
    if name not in table:
        raise ValueError(f"Cannot draw {what} {name!r}")
    return table[name]


def dashes(dash: str, width: float) -> str:
    """Return the attribute of a dashed line."""
    lengths = [short(part * max(width, LEAST_DASH)) for part in known(DASHES, dash, "the dash")]
    return f' stroke-dasharray="{" ".join(lengths)}"' if lengths else ""


def _path(corners: str) -> str:
    return f'<path d="{corners}"/>'


def _circle(radius: float) -> str:
    return f'<circle r="{radius:.4g}"/>'


def _diamond(radius: float) -> str:
    half = short(radius * 1.3)
    return _path(f"M{half} 0L0 {half}-{half} 0 0-{half}Z")


def _diamond_dot(radius: float) -> str:
    return _diamond(radius).replace("Z", "ZM0 .5L.5 0 0-.5-.5 0Z")


def _triangle(radius: float, way: int) -> str:
    half, base = short(radius * 2 / sqrt(3)), short(way * radius / 2)
    return _path(f"M-{half} {base}H{half}L0 {short(-way * radius)}Z")


def _thin_cross(radius: float) -> str:
    half = short(radius)
    return _path(f"M{half} {half}L-{half}-{half}M{half}-{half}L-{half} {half}")


def _upright(radius: float) -> str:
    half = short(radius * 1.4)
    return _path(f"M0 {half}V-{half}")


def _bowtie(radius: float) -> str:
    half = short(radius)
    return _path(f"M{half} {half}V-{half}L-{half} {half}V-{half}Z")


SYMBOLS: dict[str, Callable[[float], str]] = {
    "circle": _circle,
    "diamond": _diamond,
    "diamond-dot": _diamond_dot,
    "triangle-up": lambda radius: _triangle(radius, 1),
    "triangle-down": lambda radius: _triangle(radius, -1),
    "x-thin": _thin_cross,
    "line-ns": _upright,
    "bowtie": _bowtie,
}


@lru_cache(maxsize=64)
def symbol(name: str, size: float) -> str:
    """Draw a mark around 0, 0; its colours are those of the element around it."""
    shape: str = known(SYMBOLS, name, "the symbol")(size / 2)
    return shape
