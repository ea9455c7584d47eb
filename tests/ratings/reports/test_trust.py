"""How far signals can be trusted, in the service report: sessions low and high by the mirror, and outcomes of flags."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from ratings.models import Rupture, ServiceMonth
from ratings.reports.service_months import write_months
from ratings.reports.service_report import ServiceReport
from ratings.standing.rule_check import read_sessions
from tests.ratings.reports.service import fill_service, three_clinicians

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TITLE = "How far signals can be trusted"


@pytest.fixture
def filled(monday) -> None:
    fill_service(three_clinicians())
    write_months(timezone.now())


def year(month=10):
    return ServiceMonth.objects.get(month__month=month).figures["year"]


def line() -> list[str]:
    [table] = [table for table in ServiceReport(clinical=True).tables if table.title == TITLE]
    return list(table.lines[0].cells)


def test_sessions_are_counted_up_to_the_end_of_the_month(filled):
    read = [session for session in read_sessions(timezone.now()) if session.z is not None]
    october = year()["read"]
    assert october["n"] == len(read)
    assert october["low"] == sum(session.is_low for session in read)
    assert october["high"] == sum(session.is_high for session in read)
    assert october["by"] == 3
    in_september = [session for session in read if session.starts_at < datetime(2026, 10, 1, tzinfo=UTC)]
    assert year(9)["read"]["n"] == len(in_september) < len(read)


def test_a_second_count_and_the_check_of_the_months_agree(filled, capsys):
    before = list(ServiceMonth.objects.values_list("figures", flat=True))
    write_months(timezone.now())
    assert list(ServiceMonth.objects.values_list("figures", flat=True)) == before
    call_command("check_service_months")
    assert "2 months, 0 differ" in capsys.readouterr().out


def say(outcome: str, number: int, source: str = "unusually-low-red") -> None:
    """Have this many strains opened by a flag in October, with what somebody said of each on 20 October."""
    at = datetime(2026, 10, 20, tzinfo=UTC)
    for rupture in Rupture.objects.exclude(state="withdrawn").filter(outcome="")[:number]:
        said = {"outcome": outcome, "outcome_by": rupture.session.clinician, "outcome_at": at}
        Rupture.objects.filter(pk=rupture.pk).update(source=source, state="ended", closed_at=at, **said)


def test_outcomes_of_flags_are_counted_and_small_numbers_are_held_back(filled):
    assert line()[3:] == ["0", "none"]
    say("strain", 9)
    write_months(timezone.now())
    assert year()["outcomes"] == {"part": 9, "n": 9, "by": 3}
    assert line()[3:] == ["under 10", "under 10"]
    say("none", 3)
    write_months(timezone.now())
    assert line()[3:] == ["10", "under 84%"]


def test_a_strain_that_no_flag_opened_and_one_said_of_later_are_not_counted(filled):
    say("strain", 1, source="by-hand")
    say("strain", 1)
    Rupture.objects.filter(source="unusually-low-red", outcome="strain").update(
        outcome_at=datetime(2026, 11, 20, tzinfo=UTC)
    )
    write_months(timezone.now())
    assert year()["outcomes"]["n"] == 0
    with time_machine.travel(datetime(2026, 12, 2, tzinfo=UTC)):
        write_months(timezone.now())
        assert year(11)["outcomes"] == {"part": 1, "n": 1, "by": 1}


def test_a_month_written_before_these_were_counted_still_shows(filled):
    for month in ServiceMonth.objects.all():
        del month.figures["year"]["read"]
        month.save()
    assert line() == ["cannot be said"] * 5
