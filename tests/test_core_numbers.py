"""The first numbers of docs/validation.md: the app, its extract by other formulas, and R where it is there, agree."""

import csv
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from ratings.demo.actions import load_caseload
from ratings.elements import ITEM_KEYS
from ratings.models import OPENS_AFTER
from ratings.privacy import codebook
from ratings.reports.service_months import measured
from tests.conftest import MONDAY
from tests.databases import rows_for_many_tests
from tools.validation import core_numbers

SCRIPT = Path(core_numbers.__file__).with_name("analysis.R")
SIX_BY_FOUR = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
R = which("Rscript")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The extract of the demo's caseload, and the numbers that the app has of the same sessions."""
    file = tmp_path_factory.mktemp("demo") / "extract.csv"
    with rows_for_many_tests(django_db_blocker):
        with django_db_blocker.unblock(), time_machine.travel(MONDAY, tick=False):
            load_caseload(timezone.now())
            call_command("validation_extract", file, by="supervisor@example.org", basis="Invented")
            numbers = measured(LONG_AGO, MONDAY - OPENS_AFTER + timedelta(microseconds=1), MONDAY)["measurement"]
        yield file, numbers


@pytest.mark.slow
@pytest.mark.django_db
def test_the_extract_gives_the_numbers_of_the_app(demo):
    file, of_the_app = demo
    found = core_numbers.core_numbers(core_numbers.read(file))
    assert found.keys() == of_the_app.keys()
    for rater, numbers in of_the_app.items():
        assert found[rater] == pytest.approx(numbers, abs=1e-12), rater
    assert found["client"]["clients"] > 50
    assert all(value is not None for numbers in found.values() for value in numbers.values())


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.skipif(R is None, reason="R is not installed; nothing here needs it")
def test_r_computes_the_same(demo, tmp_path):
    file, _ = demo
    command = [R, SCRIPT, file, tmp_path / "core.csv"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - this project's own
    assert "== 6. What is missing after a low rating" in done.stdout
    rows = csv.reader((tmp_path / "core.csv").read_text().splitlines()[1:])
    by_r = {(rater, name): float(value) for rater, name, value in rows}
    of_twin = core_numbers.core_numbers(core_numbers.read(file))
    expected = {(rater, name): value for rater, numbers in of_twin.items() for name, value in numbers.items()}
    assert by_r == pytest.approx(expected, abs=1e-9)


def test_alpha_and_the_share_between_are_those_of_shrout_and_fleiss_1979():
    assert core_numbers.alpha(SIX_BY_FOUR) == pytest.approx(0.9093, abs=5e-5)
    assert core_numbers.between(SIX_BY_FOUR) == pytest.approx(0.1657, abs=5e-5)


def test_reliability_of_change_is_one_where_all_items_move_together_and_none_where_nothing_moves():
    together = [[score + place for place in range(7)] for score in (1, 2, 4)]
    assert core_numbers.within([together, together]) == pytest.approx(1.0)
    assert core_numbers.within([[[4] * 7] * 3]) is None
    assert core_numbers.within([]) is None


def test_reliability_of_change_by_hand():
    """Seven items at 4 but for one that is 5 at one of three sessions: mean squares 1/21 of sessions, 1/7 of error."""
    rows = [[4] * 7, [4] * 7, [5, *[4] * 6]]
    assert core_numbers.within([rows]) == pytest.approx(1 - (4 / 7 / 12) / (2 / 21 / 2))


def test_the_page_about_validation_names_every_column():
    page = (SCRIPT.parents[2] / "docs" / "validation.md").read_text()
    named = {*codebook.COLUMNS} - {*ITEM_KEYS[1:-1]}
    assert [column for column in sorted(named) if f"`{column}`" not in page] == []


def line(**given):
    return {"client": "c-1", "therapy": "e-1", "session": "1", "rater": "client", **given}


def test_nothing_rated_gives_no_numbers():
    numbers = {"clients": 0, "ratings": 0, "at_seven": 0, "alpha": None, "within": None, "between": None}
    pairs = {"clients": 0, "r": None}
    assert core_numbers.core_numbers([]) == {"clinician": numbers, "client": numbers, "pairs": pairs}


def test_a_rating_with_one_item_left_out_has_an_overall_score_and_one_with_two_has_none():
    one = line(**dict.fromkeys(ITEM_KEYS, "6") | {"bond": ""})
    assert core_numbers.overall(one) == 6
    assert core_numbers.overall(one | {"trust": ""}) is None


def test_only_rated_lines_are_read_in_the_order_of_days(tmp_path):
    (tmp_path / "extract.csv").write_text("client,days,rated\nc-1,14,yes\nc-1,7,no\nc-1,0,yes\n")
    assert [each["days"] for each in core_numbers.read(tmp_path / "extract.csv")] == ["0", "14"]


def test_it_prints_each_number_on_a_line(tmp_path, monkeypatch, capsys):
    heads = ["client", "therapy", "session", "days", "rater", "rated", *ITEM_KEYS]
    rows = [
        ["c-1", "e-1", "1", "0", "client", "yes", *"6666666"],
        ["c-2", "e-2", "1", "0", "client", "yes", *"5555555"],
    ]
    (tmp_path / "extract.csv").write_text("\n".join(",".join(row) for row in (heads, *rows)))
    monkeypatch.setattr("sys.argv", ["core_numbers", str(tmp_path / "extract.csv")])
    core_numbers.main()
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "rater,number,value"
    assert {"client,clients,2", "client,alpha,1", "client,within,", "pairs,r,"} <= set(said)
