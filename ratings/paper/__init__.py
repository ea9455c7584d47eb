"""Paper: PDF files set by typst from the templates beside this file. It reads nothing else, and needs no network."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import typst
from django.conf import settings

HERE = Path(__file__).parent
FONTS = Path(settings.BASE_DIR, "static", "vendor", "fonts")
WITHOUT_FONT = re.compile(r'the text `"(.+?)"` could not be displayed')
STAND_IN = "□"


def pdf(template: str, contents: dict[str, Any]) -> bytes:
    """Set a template with these values as an accessible PDF (PDF/UA-1).

    The standard allows no letter without a shape: where no font of this machine has one, a box takes its place.
    """
    given = orjson.dumps(contents).decode()
    try:
        return _compiled(template, given)
    except typst.TypstError as error:
        letters = "".join(WITHOUT_FONT.findall(error.diagnostic))
        if not letters:
            raise
        return _compiled(template, re.sub(f"[{re.escape(letters)}]", STAND_IN, given))


@cache
def _fonts() -> typst.Fonts:
    """The app's own letters first; those of the machine for what they lack."""
    return typst.Fonts(font_paths=[FONTS] if FONTS.is_dir() else [])


def _compiled(template: str, given: str) -> bytes:
    made: bytes = typst.compile(
        HERE / f"{template}.typ",
        root=HERE,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"contents": given},
        pdf_standards=["ua-1"],
    )
    return made
