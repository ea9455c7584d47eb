"""A figure as a page holds it: drawn as SVG, as JSON for a script to draw again, and told in words."""

from dataclasses import dataclass
from typing import Any

import orjson
from django.utils.safestring import SafeString, mark_safe

from ratings.figures.svg import figure_svg

CHART = "Alliance by session"
UNSAFE = {b"<": b"\\u003c", b">": b"\\u003e", b"&": b"\\u0026"}


def svg(figure: dict[str, Any], told: str, width: float | None = None, *, title: str = CHART) -> SafeString:
    """Draw a figure of ratings for a page, with what it shows told in words."""
    return mark_safe(figure_svg(figure, title=title, description=told, width=width))  # noqa: S308 - it escapes texts


@dataclass(frozen=True)
class Drawn:
    """A figure as a page holds it, for both drawings, with its name and what it shows told in words."""

    figure: dict[str, Any]
    title: str
    told: str

    @property
    def svg(self) -> SafeString:
        return svg(self.figure, self.told, title=self.title)

    @property
    def json(self) -> SafeString:
        return script_json(self.figure)

    @property
    def label(self) -> str:
        return f"{self.title}. {self.told}"


def script_json(figure: dict[str, Any]) -> SafeString:
    """Write a figure so that nothing in it can end the script element it stands in."""
    text = orjson.dumps(figure)
    for character, escaped in UNSAFE.items():
        text = text.replace(character, escaped)
    return mark_safe(text.decode())  # noqa: S308 - what could end the element is escaped
