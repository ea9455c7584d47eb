"""`manage.py load_demo`: what it says, what it refuses, and that it never destroys what someone typed."""

import os
import subprocess
import sys
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.models import AuditEvent
from clients.models import Client, TherapySession
from ratings.caseload.today import clinicians_day
from ratings.demo.actions import LOADED
from ratings.demo.people import PASSWORD
from tests.factories import ClientFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOW = datetime(2026, 11, 23, 10, 58, tzinfo=ZoneInfo("Europe/London"))
YESTERDAY = datetime(2026, 11, 22, 23, 30, tzinfo=ZoneInfo("Europe/London"))
ROOT = Path(__file__).parents[3]
ANOTHER_DAY = """
import django, time_machine
django.setup()
from django.core.management import call_command
from alliance_tracker.audit.models import AuditEvent
from clients.models import Client
call_command("migrate", verbosity=0)
Client.objects.create(code="TYPED")
with time_machine.travel("2026-11-22T12:00Z"):
    AuditEvent.objects.create(action="demo.loaded")
with time_machine.travel("2026-11-23T12:00Z"):
    call_command("load_demo")
    print(Client.objects.count(), "clients now")
"""


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True
    settings.BASE_URL = "http://localhost:8123"


@time_machine.travel(NOW, tick=False)
def test_loads_and_says_who_signs_in(capsys):
    call_command("load_demo")
    said = capsys.readouterr().out
    assert f"Loaded 60 invented clients, {TherapySession.objects.filter(starts_at__lte=NOW).count()} sessions" in said
    assert f"http://localhost:8123 with the password {PASSWORD}" in said
    assert all(f"{mailbox}@example.org" in said for mailbox in ("clinician", "supervisor", "admin"))


@pytest.mark.parametrize(
    ("day", "hour", "due"),
    [(29, time(23, 30), 3), (23, time(0, 30), 0)],
    ids=["sunday at night", "monday after midnight"],
)
def test_today_has_sessions_at_any_hour(day, hour, due):
    now = datetime.combine(date(2026, 11, day), hour, NOW.tzinfo)
    with time_machine.travel(now, tick=False), timezone.override(NOW.tzinfo):
        call_command("load_demo")
        seen = clinicians_day(User.objects.get(email="clinician@example.org"), now)
    assert (len(seen.to_rate), len(seen.later)) == (3 + due, 3 - due)
    assert [each.waits_long for each in seen.to_rate][:3] == [True, False, False]


@time_machine.travel(NOW, tick=False)
def test_keeps_what_was_typed_on_the_same_day(capsys):
    AuditEvent.objects.create(action=LOADED)
    typed = ClientFactory(code="TYPED")
    call_command("load_demo")
    assert "there already" in capsys.readouterr().out
    assert list(Client.objects.all()) == [typed]


def test_refuses_outside_a_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="Set DEMO=1"):
        call_command("load_demo")
    assert not User.objects.exists()


@pytest.mark.parametrize("own", [UserFactory, ClientFactory])
def test_refuses_a_database_with_people_or_clients_of_its_own(own):
    own()
    before = Client.objects.count(), User.objects.count()
    with pytest.raises(CommandError, match="people or clients of its own"):
        call_command("load_demo")
    assert (Client.objects.count(), User.objects.count()) == before


def test_refuses_to_clear_a_database_that_is_not_a_file():
    with time_machine.travel(YESTERDAY, tick=False):
        AuditEvent.objects.create(action=LOADED)
    with time_machine.travel(NOW, tick=False), pytest.raises(CommandError, match="loaded on 22 November 2026"):
        call_command("load_demo")
    assert not Client.objects.exists()


def test_keeps_the_caseload_of_another_day_in_a_file_beside_the_new_one(tmp_path):
    variables = {
        "DEMO": "1",
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/demo.sqlite3",
        "DJANGO_SETTINGS_MODULE": "alliance_tracker.settings",
    }
    run = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", ANOTHER_DAY],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "The caseload of 22 November 2026 is out of date." in run.stdout
    assert run.stdout.endswith("60 clients now\n")
    assert b"TYPED" in (tmp_path / "demo-2026-11-22.sqlite3").read_bytes()
    assert b"TYPED" not in (tmp_path / "demo.sqlite3").read_bytes()
