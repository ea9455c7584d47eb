"""A figure as SVG, drawn on the server from the same dict that Plotly draws in the browser.

It is for the first paint, paper, and browsers without JavaScript. Colours are names from static/css/tokens.css, which
has them for both themes. With a width the drawing is in pixels; without one it stretches sideways.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape, unescape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ratings.figures.marks import dashes, known, short, symbol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["figure_svg"]

Dict = dict[str, Any]

GRID, TICK_COLOUR, TICK_SIZE = "var(--at-grid)", "var(--at-ink-3)", 13
STRETCHED = 1000  # the width that paths are drawn in before they are stretched
LINE_HEIGHT = 1.3
FONTS = "Source Sans 3, Libertinus Serif, sans-serif"  # the second one is there on paper
PAD = 1  # around an annotation, as Plotly has it
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
PADDING = {"left": PAD, "center": 0, "right": -PAD}
BASELINES = {
    "top": (1.07, PAD),
    "middle": (0.285, 0),
    "bottom": (-0.5, 0),
}  # from the anchor: in heights of the letters, and in pixels
MODES = {"lines": (True, False), "markers": (False, True), "lines+markers": (True, True)}
FILLS = {None: False, "none": False, "toself": True}
TRACES, SHAPES, LAYERS = ({"scatter": True}, {"rect": True, "line": True}, {"below": True, "above": False})


@dataclass(frozen=True)
class Axis:
    """One axis: its values from `low` to `high` lie between `start` and `end`, which are shares of the plot."""

    low: float
    high: float
    start: float
    end: float
    is_date: bool = False

    def place(self, value: float | str) -> float:
        """Return where a value lies, as a share of the plot."""
        share_of_axis = (_number(value, self.is_date) - self.low) / (self.high - self.low)
        return self.start + share_of_axis * (self.end - self.start)


def _number(value: float | str, is_date: bool) -> float:
    return datetime.fromisoformat(str(value)).timestamp() if is_date else float(value)


def _axis(options: Dict) -> Axis:
    is_date = known({"linear": False, "date": True}, options.get("type", "linear"), "an axis of type")
    low, high = (_number(end, is_date) for end in options["range"])
    start, end = options.get("domain", (0, 1))
    return Axis(low, high, start, end, is_date)


class Drawing:
    """Draws the parts of one figure: places on its axes become pixels, or per cent without a width."""

    def __init__(self, figure: Dict, width: float | None) -> None:
        self.data, self.layout = figure["data"], figure["layout"]
        self.margin, self.width = self.layout["margin"], width
        self.high: float = self.layout["height"] - self.margin["t"] - self.margin["b"]
        self.wide = width - self.margin["l"] - self.margin["r"] if width else STRETCHED
        names = [name for name in self.layout if name.startswith(("xaxis", "yaxis"))]
        self.axes = {name.replace("axis", ""): _axis(self.layout[name]) for name in names}
        self.places = self.axes | {"paper": Axis(0, 1, 0, 1)}

    # Places: across as a share of the plot, down in pixels from its top.

    def across(self, name: str, value: float | str) -> float:
        axis: Axis = known(self.places, name, "on the axis")
        return axis.place(value)

    def down(self, name: str, value: float | str) -> float:
        return (1 - self.across(name, value)) * self.high

    def at(self, across: float) -> str:
        """Write a place or a length across, for an attribute."""
        return short(across * self.wide) if self.width else f"{short(across * 100, 2)}%"

    def point(self, across: float, down: float) -> str:
        return f"{short(across * self.wide)} {short(down)}"

    def put(self, across: float, down: float, inner: str) -> str:
        """Move what is drawn around 0, 0 to its place; it is not stretched with the figure."""
        if self.width:
            return f'<g transform="translate({self.at(across)} {short(down)})">{inner}</g>'
        return f'<svg x="{self.at(across)}" y="{short(down)}">{inner}</svg>'

    def path(self, corners: str, attributes: str) -> str:
        """Draw a path that is stretched with the figure; its line keeps its width."""
        drawn = f'<path d="{corners}" {attributes} vector-effect="non-scaling-stroke"/>'
        if self.width:
            return drawn.replace(' vector-effect="non-scaling-stroke"', "")
        box = f'width="100%" height="{short(self.high)}" viewBox="0 0 {STRETCHED} {short(self.high)}"'
        return f'<svg {box} preserveAspectRatio="none">{drawn}</svg>'

    # What is drawn, from the bottom up.

    def shapes(self, *, below: bool) -> Iterator[str]:
        for shape in self.layout.get("shapes", []):
            known(SHAPES, shape["type"], "a shape of type")
            if known(LAYERS, shape.get("layer", "above"), "a shape in the layer") == below and shape.get("visible", 1):
                yield self._shape(shape)

    def _shape(self, shape: Dict) -> str:
        x0, x1 = (self.across(shape["xref"], shape[end]) for end in ("x0", "x1"))
        y0, y1 = (self.down(shape["yref"], shape[end]) for end in ("y0", "y1"))
        if shape["type"] == "rect":
            size = f'width="{self.at(abs(x1 - x0))}" height="{short(abs(y1 - y0))}"'
            return f'<rect x="{self.at(min(x0, x1))}" y="{short(min(y0, y1))}" {size} fill="{shape["fillcolor"]}"/>'
        ends = f'x1="{self.at(x0)}" y1="{short(y0)}" x2="{self.at(x1)}" y2="{short(y1)}"'
        return f"<line {ends}{_pen(shape['line'])}/>"

    def grid(self) -> str:
        """Draw the lines of all axes as one path."""
        lines, right = [], short(self.wide)
        for name, axis in self.axes.items():
            if name.startswith("y"):
                lines += [f"M0 {short(self.down(name, tick))}H{right}" for tick in self._grid_at(name)]
                top, bottom = ((1 - end) * self.high for end in (axis.end, axis.start))
                places = [self.across("x", tick) for tick in self._grid_at("x")]
                lines += [f"M{self.point(place, top)}V{short(bottom)}" for place in places]
        return self.path("".join(lines), f'fill="none" stroke="{GRID}" shape-rendering="crispEdges"')

    def _options(self, name: str) -> Dict:
        options: Dict = self.layout[name.replace("x", "xaxis").replace("y", "yaxis")]
        return options

    def _grid_at(self, name: str) -> Sequence[float | str]:
        options = self._options(name)
        ticks: Sequence[float | str] = options["tickvals"] if options.get("showgrid", True) else ()
        return ticks

    def labels(self) -> Iterator[str]:
        """Write the words at the ticks: to the left of each panel, and under the last one."""
        for name in self.axes:
            options = self._options(name)
            font = {"size": TICK_SIZE, "color": TICK_COLOUR} | options.get("tickfont", {})
            size = font["size"]
            texts = list(map(str, options["ticktext"] if "ticktext" in options else options["tickvals"]))
            for tick, text in zip(options["tickvals"], texts, strict=True):
                if name == "x" and text:
                    yield self.put(self.across(name, tick), self.high + size + PAD, _text(text, font, "center"))
                elif name != "x":
                    middle = size * (0.35 - text.count("<br>") * LINE_HEIGHT / 2)
                    inner = _text(text, font, "right", -PAD, middle)
                    yield self.put(0, self.down(name, tick), inner)

    def traces(self) -> Iterator[str]:
        for trace in self.data:
            known(TRACES, trace["type"], "a trace of type")
            known({False: True}, trace.get("cliponaxis", True), "a trace with cliponaxis")
            lines, markers = known(MODES, trace["mode"], "a trace in the mode")
            drawn = self._lines(trace) if lines else ""
            yield f'<g class="trace">{drawn}{self._markers(trace) if markers else ""}</g>'

    def _dots(self, trace: Dict) -> list[tuple[float, float] | None]:
        pairs = zip(trace["x"], trace["y"], strict=True)
        x, y = trace["xaxis"], trace["yaxis"]
        return [None if None in (at, value) else (self.across(x, at), self.down(y, value)) for at, value in pairs]

    def _lines(self, trace: Dict) -> str:
        """Join neighbouring points; a gap interrupts the line."""
        is_filled = known(FILLS, trace.get("fill"), "the fill")
        known({False: True}, trace.get("connectgaps", False), "a trace with connectgaps")
        runs = [list(run) for drawn, run in groupby(self._dots(trace), key=bool) if drawn]
        corners = ["M" + "L".join(self.point(*dot) for dot in run if dot) for run in runs if len(run) > 1]
        if not corners:
            return ""
        if is_filled:
            return self.path("Z".join(corners) + "Z", f'fill="{trace["fillcolor"]}"')
        return self.path("".join(corners), f'fill="none"{_pen(trace["line"])}')

    def _markers(self, trace: Dict) -> str:
        marker = trace["marker"]
        line = marker["line"]
        dots = self._dots(trace)
        each = (marker["symbol"], marker["size"], marker.get("color", "none"), line["width"])
        drawn = []
        for dot, name, size, fill, width in zip(dots, *(_for_each(value, len(dots)) for value in each), strict=True):
            if dot:
                look = f'fill="{fill}"' + (f' stroke="{line["color"]}" stroke-width="{width:.4g}"' if width else "")
                drawn.append((look, self.put(dot[0], dot[1], symbol(name, size))))
        groups = groupby(drawn, key=lambda pair: pair[0])
        return "".join(f"<g {look}>{''.join(mark for _, mark in marks)}</g>" for look, marks in groups)

    def annotations(self) -> Iterator[str]:
        for note in self.layout.get("annotations", []):
            known({False: True}, note.get("showarrow", True), "an annotation with showarrow")
            factor, pad = known(BASELINES, note["yanchor"], "an annotation with the yanchor")
            across = self.across(note["xref"], note["x"])
            down = self.down(note["yref"], note["y"]) - note.get("yshift", 0)
            shift = known(PADDING, note["xanchor"], "an annotation with the xanchor") + note.get("xshift", 0)
            inner = _text(note["text"], note["font"], note["xanchor"], shift, factor * note["font"]["size"] + pad)
            yield self.put(across, down, inner)


def _for_each(value: Any, count: int) -> list[Any]:
    return value if isinstance(value, list) else [value] * count


def _pen(line: Dict) -> str:
    width = line["width"]
    return f' stroke="{line["color"]}" stroke-width="{width:.4g}"{dashes(line.get("dash", "solid"), width)}'


def _text(text: str, font: Dict, anchor: str, right: float = 0, down: float = 0) -> str:
    """Write one or more lines; `<br>` and escaped signs are all the markup that a figure's text may have."""
    first, *others = (escape(unescape(line), quote=False) for line in text.split("<br>"))
    step = short(font["size"] * LINE_HEIGHT)
    x = short(right)
    lines = first + "".join(f'<tspan x="{x}" dy="{step}">{line}</tspan>' for line in others)
    weight = f' font-weight="{font["weight"]}"' if "weight" in font else ""
    look = f'fill="{font["color"]}" font-size="{font["size"]}"{weight} text-anchor="{ANCHORS[anchor]}"'
    return f'<text x="{x}" y="{short(down)}" {look}>{lines}</text>'


def figure_svg(figure: Dict, *, title: str, description: str, width: float | None = None) -> str:
    """Draw the figure with its name and a description for those who do not see it.

    Raises ValueError for what only Plotly can draw.
    """
    drawing = Drawing(figure, width)
    height, margin = drawing.layout["height"], drawing.margin
    parts = [
        *drawing.shapes(below=True),
        drawing.grid(),
        *drawing.traces(),
        *drawing.shapes(below=False),
        *drawing.labels(),
        *drawing.annotations(),
    ]
    size = f'height="{height}"'
    if width:
        size += f' width="{short(width)}" viewBox="0 0 {short(width)} {height}"'
    room = f"translate({margin['l'] if width else 0} {margin['t']})"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="figure" role="img" {size} '
        f'font-family="{FONTS}" stroke-miterlimit="2"><title>{escape(title)}</title><desc>{escape(description)}</desc>'
        f'<g transform="{room}">{"".join(parts)}</g></svg>'
    )
