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


def test_what_the_architecture_names_exists():
    assert {name for name in paths_named_in(ARCHITECTURE) if not (ROOT / name).exists()} == set()


def test_the_architecture_names_every_package():
    """A new package gets its line in docs/architecture.md; its modules speak by their names and docstrings."""
    apps = ("alliance_tracker", "clients", "ratings")
    packages = {path.parent.relative_to(ROOT) for app in apps for path in (ROOT / app).glob("*/**/*.py")}
    named = {path for path in packages if path.name not in {"views", "forms", "migrations", "management", "commands"}}
    assert [str(path) for path in sorted(named) if f"`{path}/`" not in ARCHITECTURE] == []


def test_the_changelog_has_a_place_for_the_next_release():
    assert re.search(r"^## Unreleased$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


def test_decisions_are_numbered_without_gaps():
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    for number, page in enumerate(pages, start=1):
        assert page.name.startswith(f"{number:04}-")
        assert page.read_text().startswith(f"# {number}. ")


@pytest.mark.parametrize("name", re.findall(r"docs/screenshots/\w+\.png", README))
def test_pictures_are_wide_enough_to_read_and_small_enough_to_load(name):
    picture = (ROOT / name).read_bytes()
    assert struct.unpack(">I", picture[16:20]) == (1440,)
    assert len(picture) <= LARGEST_PICTURE
