import json
import re
from pathlib import Path

import pytest
from plotly.offline import get_plotlyjs_version

ROOT = Path(__file__).resolve().parent.parent
LOCK = json.loads((ROOT / "package-lock.json").read_text())["packages"]
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
SYMBOLS = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static" / "icons.svg").read_text()))
OWN = [*SHEETS, *sorted((ROOT / "static" / "js").glob("*.js")), *sorted((ROOT / "static").glob("*.svg"))]
PYTHON = [path for app in ("alliance_tracker", "clients", "ratings") for path in (ROOT / app).rglob("*.py")]
FETCHED = (
    r"""(?:src|srcset|href|action|poster|data|content)=["']|url\(["']?|@import\s+["']?|(?:fetch|import|open)\(["']"""
)
NAMESPACES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink")
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


def foreign(text: str) -> list[str]:
    """Return the addresses of other sites that a page, sheet or script would ask or lead to."""
    return re.findall(rf"(?:{FETCHED})\s*((?:[a-z][a-z0-9+.-]*:)?//[^\s\"')>]+)", text, re.IGNORECASE)


@pytest.mark.parametrize(
    "text",
    [
        '<img src="https://example.org/pixel.gif">',
        "<link href='//fonts.example.org/a.css'>",
        "body { background: url(https://example.org/a.png) }",
        '@import "//example.org/a.css";',
        'fetch("https://example.org/")',
        '<form action="https://example.org/">',
    ],
)
def test_another_site_is_found(text):
    assert len(foreign(text)) == 1


@pytest.mark.parametrize(
    "text", ['<a href="/people/">', '<img src="data:image/png;base64,AA//AA">', "url(/static/a.svg)"]
)
def test_this_site_is_not_taken_for_another(text):
    assert foreign(text) == []


@pytest.mark.parametrize("path", [*OWN, *TEMPLATES], ids=lambda path: path.name)
def test_nothing_of_ours_asks_another_site_for_anything(path):
    text = path.read_text()
    for namespace in NAMESPACES:
        text = text.replace(namespace, "")
    assert foreign(text) == []
    assert path in TEMPLATES or not re.search(r"https?://", text)


def test_the_server_asks_no_other_site_but_the_mail_server():
    asking = r"^\s*(?:import|from) (?:requests|httpx|aiohttp|urllib3|urllib\.request|http\.client|socket)\b"
    assert [path.name for path in PYTHON if re.search(asking, path.read_text(), re.MULTILINE)] == []
