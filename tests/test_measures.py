"""docs/measures.md says what the code says."""

import re

import pytest

from ratings.analysis.all_rules import RULES
from ratings.analysis.scores import overall
from ratings.elements import ITEM_KEYS
from tools.measures import DOCUMENT, SECTIONS, written

TEXT = DOCUMENT.read_text()
AUTHORS = ["Jacobson", "Wallace", "Shrout", "Bland", "Durbin", "NIST", "Rubel", "Safran", "Eubanks", "Hill", "Hatcher"]


def test_the_tables_are_those_of_the_code():
    assert written(TEXT) == TEXT, "run `python -m tools.measures`"


@pytest.mark.parametrize("name", SECTIONS)
def test_a_missing_part_is_named(name):
    with pytest.raises(ValueError, match=f"no part named {name}"):
        written(TEXT.replace(f"from the code: {name} ", "gone "))


def test_every_rule_has_a_version_a_source_and_a_rate_by_chance():
    for rule in RULES.values():
        assert f"`{rule.id}`, version {rule.version} |" in TEXT
        row = re.search(rf"^\| `{rule.id}` \| (.*) \|$", TEXT, re.MULTILINE)[1].split(" | ")
        assert row[0] == rule.threshold
        assert row[-2] == rule.citation
        assert re.fullmatch(r"\d+\.\d|none: .+", row[-1])


@pytest.mark.parametrize(("answers", "score"), [("4 6 6 6 6 6 6", "5.8667"), ("6 6 6 6 6 6 4", "5.6")])
def test_a_worked_example_of_scoring_is_right(answers, score):
    items = dict(zip(ITEM_KEYS, map(int, answers.split()), strict=True))
    assert overall(items) == pytest.approx(float(score), abs=5e-5)
    assert re.search(rf"^\| {answers[:5]}, {answers[6:]} \|.*{re.escape(score)} \|$", TEXT, re.MULTILINE)


def test_the_eight_honest_sentences_are_there():
    section = TEXT.split("## Limits, before anything else")[1].split("\n## ")[0]
    assert re.findall(r"^(\d)\. ", section, re.MULTILINE) == list("12345678")


@pytest.mark.parametrize("author", AUTHORS)
def test_who_is_cited_is_in_the_list_of_sources(author):
    assert re.search(rf"^- .*{author}", TEXT.split("## Sources")[1], re.MULTILINE)
