"""A figure as a page holds it: drawn as SVG, as JSON for a script to draw again, and described in words."""

from dataclasses import dataclass
from typing import Any

import orjson
from django.utils.safestring import SafeString, mark_safe

from ratings.figures.svg import figure_svg

CHART = "Alliance by session"
UNSAFE = {b"<": b"\\u003c", b">": b"\\u003e", b"&": b"\\u0026"}


@dataclass(frozen=True)
class DrawnFigure:
    """A figure as a page holds it, for both drawings, with its name and what it shows in words."""

    figure: dict[str, Any]
    title: str
    description: str

    @property
    def svg(self) -> SafeString:
        """Draw it for a page, which stretches it. It is there at once, also without JavaScript."""
        return self.svg_of_width(None)

    def svg_of_width(self, width: float | None) -> SafeString:
        """Draw it for paper of this width in pixels, or stretching where there is none."""
        drawing = figure_svg(self.figure, title=self.title, description=self.description, width=width)
        return mark_safe(drawing)  # noqa: S308 - it escapes texts

    @property
    def json(self) -> SafeString:
        """Write it for a script element that Plotly draws from, so that nothing in it can end that element."""
        text = orjson.dumps(self.figure)
        for character, escaped in UNSAFE.items():
            text = text.replace(character, escaped)
        return mark_safe(text.decode())  # noqa: S308 - what could end the element is escaped

    @property
    def label(self) -> str:
        return f"{self.title}. {self.description}"
