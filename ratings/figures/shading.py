"""What is shaded in the trend figure: the usual range, the gap between two raters, strains from rupture to repair."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ratings.figures.axes import Position, Timeline

Dict = dict[str, Any]
Range = tuple[float, float]


@dataclass(frozen=True)
class Strain:
    """A possible rupture: the index of the session that opened it, and of the one that repaired or ended it.

    One that began before the first session shown is shaded from the start and has no mark there.
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
    band: Sequence[Range | None], indexes: Sequence[int], timeline: Timeline, *, thin: bool = False
) -> tuple[list[Position], list[float]]:
    """Return the outline of one stretch; a single session's reaches back half a session, or is a `thin` bar."""
    ranges = [found for index in indexes if (found := band[index])]
    places = [timeline.sessions[index] for index in indexes]
    if len(places) == 1:
        reaching = [start_of(timeline, indexes[0]), places[0]]
        places, ranges = list(timeline.sides[indexes[0]]) if thin else reaching, ranges * 2
    heights = [round(high, 3) for _, high in ranges] + [round(low, 3) for low, _ in reversed(ranges)]
    return [*places, *reversed(places)], heights


def start_of(timeline: Timeline, index: int) -> Position:
    """Return the place halfway between a session and the one before."""
    return timeline.halfway[index - 1] if index else timeline.axis["range"][0]


def shaded(strains: Sequence[Strain], timeline: Timeline, colour: str) -> Iterator[Dict]:
    """Shade each strain from its session to its repair; an open one runs to the edge."""
    for strain in strains:
        end = timeline.axis["range"][1] if strain.last is None else start_of(timeline, strain.last)
        yield {
            "type": "rect",
            "layer": "below",
            "xref": "x",
            "yref": "paper",
            "x0": start_of(timeline, strain.opened),
            "x1": end,
            "y0": 0,
            "y1": 1,
            "fillcolor": colour,
            "line": {"width": 0},
        }


def spoken_of(strains: Sequence[Strain]) -> dict[int, str]:
    """Say by index of the session where a strain opened and where it was repaired."""
    opened = {strain.opened: "Possible rupture." for strain in strains if strain.begins_here}
    return opened | {strain.repaired: "Repaired." for strain in strains if strain.repaired is not None}
