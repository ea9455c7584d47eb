import json
import re
from pathlib import Path

from plotly.offline import get_plotlyjs_version

ROOT = Path(__file__).resolve().parent.parent
LOCK = json.loads((ROOT / "package-lock.json").read_text())["packages"]
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
SYMBOLS = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static" / "icons.svg").read_text()))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def test_the_locked_plotly_js_is_the_one_that_the_python_package_expects():
    assert LOCK["node_modules/plotly.js-basic-dist-min"]["version"] == get_plotlyjs_version()


def test_the_lock_has_hashes_and_names_no_registry():
    packages = [package for path, package in LOCK.items() if path]
    assert all(package["integrity"].startswith("sha512-") for package in packages)
    assert not any("resolved" in package for package in packages)


def test_every_colour_and_size_that_a_sheet_uses_is_defined():
    sheets = "".join(sheet.read_text() for sheet in SHEETS)
    used = set(re.findall(r"var\((--(?:at|rate)-[\w-]+)", sheets))
    defined = set(re.findall(r"(--(?:at|rate)-[\w-]+):", sheets))
    assert used <= defined


def test_every_icon_that_a_template_names_is_drawn():
    named = {name for page in TEMPLATES for name in re.findall(r'{% icon "([\w-]+)"', page.read_text())}
    assert named <= SYMBOLS


def test_no_template_has_inline_style_or_script():
    for page in TEMPLATES:
        text = page.read_text()
        assert not re.search(r"\sstyle=|\son\w+=|<style", text), page
        assert not re.search(r"<script(?![^>]*(\ssrc=|application/json))", text), page


def test_every_page_with_a_form_shows_the_error_summary():
    for page in TEMPLATES:
        text = page.read_text()
        included = [ROOT / "templates" / name for name in re.findall(r'{% include "(parts/[^"]+)"', text)]
        text += "".join(part.read_text() for part in included)
        if page.parent.name != "parts" and re.search(r"{% crispy |\|crispy", text):
            assert "parts/error_summary.html" in text, page
