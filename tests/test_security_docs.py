"""The tables about threats, hazards and requirements, held to the tests they name."""

import ast
import re

import pytest
from django.conf import settings

DOCS = settings.BASE_DIR / "docs"
PAGES = ["threat-model.md", "hazard-log.md", "asvs.md"]
STATES = {"met", "by design", "partly", "not met", "service"}


def text_of(page: str) -> str:
    return (DOCS / page).read_text()


def rows_under(page: str, heading: str) -> list[dict[str, str]]:
    """Return the rows of every table of the page that has a column with this heading."""
    rows, names = [], []
    for line in text_of(page).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            names = []
        elif not names:
            names = cells
        elif heading in names and not set(line) <= set("|-"):
            rows.append(dict(zip(names, cells, strict=True)))
    return rows


def named_in(text: str) -> set[str]:
    return set(re.findall(r"`(tests/[^`]+)`", text))


def functions_of(path: str) -> set[str]:
    file = settings.BASE_DIR / path
    tree = ast.parse(file.read_text()) if file.is_file() else ast.Module([], [])
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("document", PAGES)
def test_every_test_that_a_page_names_exists(document):
    named = {name for name in named_in(text_of(document)) if "::" in name}
    assert named
    assert [name for name in sorted(named) if name.split("::")[1] not in functions_of(name.split("::")[0])] == []


@pytest.mark.parametrize("document", PAGES[:2])
def test_every_threat_and_hazard_has_a_test(document):
    rows = rows_under(document, "test")
    assert rows
    assert [row for row in rows if not named_in(row["test"])] == []
    assert [row for row in rows if not all(row.values())] == []


def test_hazards_are_numbered_in_order():
    for number, row in enumerate(rows_under("hazard-log.md", "id"), start=1):
        assert row["id"] == f"H{number}", row


def test_a_requirement_counts_as_met_only_with_a_test():
    for row in rows_under("asvs.md", "test"):
        assert row["state"] in STATES, row
        assert bool(named_in(row["test"])) == (row["test"] != "none"), row
        assert row["state"] != "met" or named_in(row["test"]), row


def test_no_requirement_stands_there_twice():
    numbers = [number for row in rows_under("asvs.md", "test") for number in row["id"].split(", ")]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", number) for number in numbers)
    assert sorted(numbers) == sorted(set(numbers))


def test_a_test_that_is_gone_is_noticed():
    assert "test_a_test_that_is_gone_is_noticed" in functions_of("tests/test_security_docs.py")
    assert functions_of("tests/test_of_no_file.py") == set()
    assert rows_under("asvs.md", "no such heading") == []
