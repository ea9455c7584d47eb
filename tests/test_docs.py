"""What the written part says, held to the files and the settings it speaks of."""

import ast
import re
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
README = (ROOT / "README.md").read_text()
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
READERS = {"get", "getenv", "flag", "listed", "secret_from"}
KINDS = (".py", ".html", ".css", ".js", ".md", ".yml", ".toml", ".txt", ".json", ".png")
LARGEST_PICTURE = 200_000
OWN = [
    "alliance_tracker",
    "bench",
    "clients",
    "docs",
    "ratings",
    "static/css",
    "static/js",
    "templates",
    "tests",
    "tools",
]
DECISIONS = sorted(ROOT.glob("docs/decisions/[0-9]*.md"))
BY = r"by \[\d+\]\(\d{4}-[\w-]+\.md\)"
STATUS = rf"accepted(?:; amended {BY}(?:, {BY})*)?|superseded {BY}"
HEAD = re.compile(rf"# (\d+)\. (.+)\n\n- Date: (\d{{4}}-\d\d-\d\d)\n- Status: ({STATUS})\n\n")


def tables(text: str, first_column: str) -> Iterator[set[str]]:
    """Yield the names in the first column of each table whose head begins with `first_column`."""
    for table in re.findall(rf"^\| {first_column} \|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE):
        yield set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))


def variables_of_the_settings() -> set[str]:
    return set(variables_read_in(ast.parse((ROOT / "alliance_tracker" / "settings.py").read_text())))


def variables_read_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(args=[ast.Constant(value=name), *_]) if ast.unparse(node.func).split(".")[-1] in READERS:
                yield name
            case ast.Subscript(slice=ast.Constant(value=name)) if ast.unparse(node.value) == "os.environ":
                yield name


def variables_of_docker_compose() -> set[str]:
    """Return those that a person sets: filled in, or passed on as they are."""
    lines = [line.split(" #")[0] for line in (ROOT / "docker-compose.yml").read_text().splitlines()]
    text = "\n".join(line for line in lines if not line.startswith("#"))
    return set(re.findall(r"\$\{(\w+)", text)) | set(re.findall(r"^\s+([A-Z_]+):$", text, re.MULTILINE))


def paths_named_in(text: str) -> set[str]:
    """Return what stands in backticks and is a path: it has a folder, or the ending of a file."""
    quoted = re.findall(r"`([^`\s]+)`", text)
    return {name for name in quoted if not name.startswith("/") and ("/" in name or name.endswith(KINDS))}


def headings(text: str) -> set[str]:
    """Return the addresses within a page, as its headings give them."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("command", ["demo", "run", "test"])
def test_a_command_of_the_readme_is_a_make_target(command):
    assert f"make {command}\n" in README
    assert re.search(rf"^{command}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_command_in_a_page_exists(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`(?:[A-Z]+=\S+ )*make ([a-z-]+)`", page.read_text())) - targets == set()


def test_the_configuration_table_lists_what_the_settings_read():
    configuration, _ = tables(README, "variable")
    assert configuration == variables_of_the_settings()


def test_the_variables_of_docker_compose_are_in_the_tables():
    configuration, compose_only = tables(README, "variable")
    assert compose_only == variables_of_docker_compose() - configuration


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        path, _, part = target.partition("#")
        if not re.match(r"[a-z]+:", target):
            found = (page.parent / path).resolve() if path else page
            assert found.exists(), target
            assert not part or part in headings(found.read_text()), target


def texts() -> Iterator[tuple[str, str]]:
    """Yield path and text of each file of this project that is code or a document."""
    folders = [path for folder in OWN for path in (ROOT / folder).rglob("*")]
    for path in (*ROOT.glob("*.md"), ROOT / "Makefile", ROOT / "pyproject.toml", *folders):
        if path.is_file() and path.suffix in {"", ".md", ".py", ".html", ".css", ".js", ".toml", ".typ", ".json"}:
            yield str(path.relative_to(ROOT)), path.read_text()


def test_every_heading_of_the_measures_that_is_named_exists():
    there = headings((ROOT / "docs" / "measures.md").read_text())
    named = [(path, part) for path, text in texts() for part in re.findall(r"measures\.md#([\w-]+)", text)]
    assert len(named) > 10
    assert [(path, part) for path, part in named if part not in there] == []


def from_elsewhere(text: str) -> list[str]:
    """Return what a text cites that nobody can read here: an issue, a numbered section, a document that is not ours."""
    cited = re.findall(r"\b(?:issue|sections?)[ ]\d+\b|\bof the specification\b", text, re.IGNORECASE)
    ours = {page.name for page in PAGES}
    return cited + [name for name in re.findall(r"[\w-]+\.md\b", text) if name not in ours]


def test_no_source_outside_of_the_repository_is_cited():
    assert {path: cited for path, text in texts() if (cited := from_elsewhere(text))} == {}


def test_what_is_from_elsewhere_is_found():
    text = "Issue" + " 7 and section" + " 5 " + "of the" + " specification, in other" + ".md; ours is README.md."
    assert from_elsewhere(text) == ["Issue" + " 7", "section" + " 5", "of the" + " specification", "other" + ".md"]


def test_what_the_architecture_names_exists():
    assert {name for name in paths_named_in(ARCHITECTURE) if not (ROOT / name).exists()} == set()


@pytest.mark.parametrize(
    "page", [*DECISIONS, ROOT / "docs" / "measures.md", ROOT / "docs" / "two-walks.md"], ids=lambda page: page.name
)
def test_what_a_decision_or_the_measures_name_exists(page):
    assert {name for name in paths_named_in(page.read_text()) if not (ROOT / name).exists()} == set()


def test_what_the_walked_examples_name_exists_but_for_the_page_that_they_invent():
    named = {
        name
        for name in paths_named_in((ROOT / "CONTRIBUTING.md").read_text())
        if "not_suitable" not in name and not name.startswith("var/")
    }
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_the_architecture_names_every_package():
    """A new package gets its line in docs/architecture.md; its modules speak by their names and docstrings."""
    apps = ("alliance_tracker", "clients", "ratings")
    packages = {path.parent.relative_to(ROOT) for app in apps for path in (ROOT / app).glob("*/**/*.py")}
    named = {path for path in packages if path.name not in {"views", "forms", "migrations", "management", "commands"}}
    assert [str(path) for path in sorted(named) if f"`{path}/`" not in ARCHITECTURE] == []


def test_the_changelog_has_a_place_for_the_next_release():
    assert re.search(r"^## Unreleased$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


def test_decisions_are_numbered_without_gaps_and_have_one_head():
    for number, page in enumerate(DECISIONS, start=1):
        assert page.name.startswith(f"{number:04}-")
        assert HEAD.match(page.read_text())[1] == str(number)


def test_the_index_of_decisions_says_what_their_heads_say():
    heads = [HEAD.match(page.read_text()).groups() for page in DECISIONS]
    rows = [
        f"| {number} | [{title}]({page.name}) | {date} | {status} |"
        for (number, title, date, status), page in zip(heads, DECISIONS, strict=True)
    ]
    index = (ROOT / "docs" / "decisions" / "README.md").read_text()
    assert [line for line in index.splitlines() if re.match(r"\| \d", line)] == rows


@pytest.mark.parametrize("name", re.findall(r"docs/screenshots/\w+\.png", README))
def test_pictures_are_wide_enough_to_read_and_small_enough_to_load(name):
    picture = (ROOT / name).read_bytes()
    assert struct.unpack(">I", picture[16:20]) == (1440,)
    assert len(picture) <= LARGEST_PICTURE
