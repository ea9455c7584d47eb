"""What is shaded in the trend figure: the usual range, the gap between two raters, strains from opening to repair."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ratings.figures.axes import Position, SessionAxis

Dict = dict[str, Any]
Range = tuple[float, float]


@dataclass(frozen=True)
class ShadedStrain:
    """A strain as the figure shades it: by index, the session that opened it and the one that repaired or ended it.

    Where it began before the first session shown, `begins_here` is False: it is shaded from there and has no mark.
    """

    opened: int
    repaired: int | None = None
    ended: int | None = None
    begins_here: bool = True

    @property
    def last(self) -> int | None:
        return self.ended if self.repaired is None else self.repaired


def runs(band: Sequence[Range | None]) -> Iterator[list[int]]:
    """Return the stretches of neighbouring sessions that have a range."""
    for has_range, indexes in groupby(range(len(band)), key=lambda index: band[index] is not None):
        if has_range:
            yield list(indexes)


def band_outline(
    band: Sequence[Range | None], indexes: Sequence[int], x_axis: SessionAxis, *, thin: bool = False
) -> tuple[list[Position], list[float]]:
    """Return the outline of one stretch: of a single session, half a session to the left, or a `thin` bar."""
    ranges = [found for index in indexes if (found := band[index])]
    places = [x_axis.sessions[index] for index in indexes]
    if len(places) == 1:
        reaching = [start_of(x_axis, indexes[0]), places[0]]
        places, ranges = list(x_axis.sides[indexes[0]]) if thin else reaching, ranges * 2
    heights = [round(high, 3) for _, high in ranges] + [round(low, 3) for low, _ in reversed(ranges)]
    return [*places, *reversed(places)], heights


def start_of(x_axis: SessionAxis, index: int) -> Position:
    """Return the place halfway between a session and the one before."""
    return x_axis.halfway[index - 1] if index else x_axis.options["range"][0]


def shaded(strains: Sequence[ShadedStrain], x_axis: SessionAxis, colour: str) -> Iterator[Dict]:
    """Shade each strain from its session to its repair; an open one runs to the edge."""
    for strain in strains:
        end = x_axis.options["range"][1] if strain.last is None else start_of(x_axis, strain.last)
        yield {
            "type": "rect",
            "layer": "below",
            "xref": "x",
            "yref": "paper",
            "x0": start_of(x_axis, strain.opened),
            "x1": end,
            "y0": 0,
            "y1": 1,
            "fillcolor": colour,
            "line": {"width": 0},
        }


def remarks_on(strains: Sequence[ShadedStrain]) -> dict[int, str]:
    """Return what is said of sessions at which a strain opened or was repaired, by the index of the session."""
    opened = {strain.opened: "Possible rupture." for strain in strains if strain.begins_here}
    return opened | {strain.repaired: "Repaired." for strain in strains if strain.repaired is not None}
