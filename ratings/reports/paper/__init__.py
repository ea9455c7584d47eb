"""Paper: PDF files set by typst from the templates beside this file, in the colours of the app. It needs no network."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import typst
from django.conf import settings

HERE = Path(__file__).parent
FONTS = Path(settings.BASE_DIR, "static", "vendor", "fonts")
TOKENS = Path(settings.BASE_DIR, "static", "css", "tokens.css")
COLOUR = re.compile(r"--at-([\w-]+): (?:light-dark\()?(#[0-9a-f]{6})\b")
WITHOUT_FONT = re.compile(r'the text `"(.+?)"` could not be displayed')
BY_NUMBER = re.compile(r"\\u\{([0-9a-f]+)\}")
CONTROLS = re.compile(r"(?<!\\)\\u00[0-9a-f]{2}")
STAND_IN = "□"
MAX_ASCII = 0x7F


def pdf(template: str, contents: dict[str, Any]) -> bytes:
    """Set a template with these values as an accessible PDF (PDF/UA-1).

    The standard allows no letter without a shape: where no font of this machine has one, a box takes its place.
    """
    given = CONTROLS.sub(STAND_IN, orjson.dumps(contents).decode())
    try:
        return _compiled(template, given)
    except typst.TypstError as error:
        missing = _letters_without_font(error.diagnostic)
        if not missing:
            raise
        return _compiled(template, given.translate(dict.fromkeys(missing, STAND_IN)))


def _letters_without_font(complaint: str) -> set[int]:
    """Read which letters typst could not show; some it writes by their number."""
    named = " ".join(WITHOUT_FONT.findall(complaint))
    numbers = {int(number, 16) for number in BY_NUMBER.findall(named)}
    return {number for number in numbers | {ord(letter) for letter in named} if number > MAX_ASCII}


@cache
def _fonts() -> typst.Fonts:
    """Return the app's own fonts; typst takes those of the machine for letters that they lack."""
    return typst.Fonts(font_paths=[FONTS] if FONTS.is_dir() else [])


@cache
def colours() -> str:
    """Return the colours of the app's light theme by name, as JSON."""
    return orjson.dumps(dict(COLOUR.findall(TOKENS.read_text()))).decode()


def _compiled(template: str, given: str) -> bytes:
    made: bytes = typst.compile(
        HERE / f"{template}.typ",
        root=HERE,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"contents": given, "colours": colours()},
        pdf_standards=["ua-1"],
    )
    return made
