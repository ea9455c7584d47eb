import json
import re
from pathlib import Path

import pytest
from plotly.offline import get_plotlyjs_version

ROOT = Path(__file__).resolve().parent.parent
LOCK = json.loads((ROOT / "package-lock.json").read_text())["packages"]
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
SYMBOLS = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static" / "icons.svg").read_text()))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
PICTURES = sorted((ROOT / "static").glob("*.svg"))
OWN = [*SHEETS, *SCRIPTS, *PICTURES]
TOKENS = ROOT / "static" / "css" / "tokens.css"
FAVICON = ROOT / "static" / "favicon.svg"
PYTHON = [path for app in ("alliance_tracker", "clients", "ratings") for path in (ROOT / app).rglob("*.py")]
FETCHED = (
    r"""(?:src|srcset|href|action|poster|data|content)=["']|url\(["']?|@import\s+["']?|(?:fetch|import|open)\(["']"""
)
NAMESPACES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAPER = sorted((ROOT / "ratings").rglob("*.typ"))
COLOUR = re.compile(r"#(?:[0-9a-f]{3,4}){1,2}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(\s*[\d\"'.]", re.IGNORECASE)


def test_the_locked_plotly_js_is_the_one_that_the_python_package_expects():
    assert LOCK["node_modules/plotly.js-basic-dist-min"]["version"] == get_plotlyjs_version()


def test_the_lock_has_hashes_and_names_no_registry():
    packages = [package for path, package in LOCK.items() if path]
    assert all(package["integrity"].startswith("sha512-") for package in packages)
    assert not any("resolved" in package for package in packages)


def test_every_colour_and_size_that_a_sheet_uses_is_defined():
    naming = "".join(path.read_text() for path in [*OWN, *PYTHON])
    used = set(re.findall(r"var\((--(?:at|rate)-[\w-]+)", naming))
    defined = set(re.findall(r"(--(?:at|rate)-[\w-]+):", "".join(sheet.read_text() for sheet in SHEETS)))
    assert used <= defined


@pytest.mark.parametrize(
    "text", ["color: #fff", 'fill="#0072B2"', "rgb(16 36 44 / .05)", "hsl(1, 2%, 3%)", 'rgb("#000")']
)
def test_a_colour_is_found(text):
    assert COLOUR.search(text)


@pytest.mark.parametrize(
    "text", ["var(--at-ink)", "rgb(colours.at(name))", 'href="#errors"', "&#x27;", "# deal with it"]
)
def test_other_things_are_not_taken_for_colours(text):
    assert not COLOUR.search(text)


def test_colours_are_written_in_one_place():
    """All else names them. The favicon stands alone in the browser, where no sheet reaches it."""
    written = [path for path in [*OWN, *PYTHON, *PAPER, *TEMPLATES] if COLOUR.search(path.read_text())]
    assert set(written) == {TOKENS, FAVICON}


def test_the_favicon_has_the_colours_of_the_brand():
    light = dict(re.findall(r"--at-([\w-]+): light-dark\((#[0-9a-f]{6}),", TOKENS.read_text()))
    assert set(COLOUR.findall(FAVICON.read_text())) == {light["brand"], light["on-brand"]}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_script_says_what_it_is_for_and_is_strict_in_a_scope_of_its_own(path):
    assert re.fullmatch(r'/\* .+? \*/\n\(\(\) => \{\n  "use strict";\n\n.+\n\}\)\(\);\n', path.read_text(), re.DOTALL)


def test_what_the_linter_needs_is_not_installed_where_the_service_runs():
    wanted = json.loads((ROOT / "package.json").read_text())
    named = {path.removeprefix("node_modules/") for path, package in LOCK.items() if path and not package.get("dev")}
    assert wanted["dependencies"].keys() <= named
    assert not wanted["devDependencies"].keys() & named
    assert "npm ci --omit=dev" in (ROOT / "Dockerfile").read_text()


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
