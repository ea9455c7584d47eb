"""Seals: what was sealed cannot be changed, removed or added to unnoticed, even with the triggers away."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from uuid_utils.compat import uuid7

from alliance_tracker.audit import seals
from alliance_tracker.audit.actions import record
from alliance_tracker.audit.append_only import statements
from alliance_tracker.audit.models import AuditEvent, AuditSeal
from alliance_tracker.audit.seals import FIELDS, faults, seal_trail

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SECOND = "Seal 2, 2026-11-24T00:00:00.000000+00:00 to 2026-11-25T00:00:00.000000+00:00"


@pytest.fixture
def trail_of_three_days(monday, ada, robin) -> datetime:
    """Two events on each of three days, each day sealed the night after; now is the fourth day."""
    for number in range(3):
        with time_machine.travel(monday + number * DAY, tick=False):
            record("client.viewed", by=ada, target=robin, client_id=robin.pk)
            record("client.updated", by=ada, target=robin, client_id=robin.pk, reason="Née Ó Briain \u2028")
        assert seal_trail(monday + (number + 1) * DAY).events == 2
    return monday + 3 * DAY


def flipped(value: object) -> object:
    """The same value with one bit of its last byte another; of nothing, something."""
    if value is None:
        return uuid7()
    if isinstance(value, UUID):
        return UUID(int=value.int ^ 1)
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    return value + 1 if isinstance(value, int) else value[:-1] + chr(ord(value[-1]) ^ 1)


@pytest.fixture
def no_triggers(trail_of_three_days) -> None:
    """The tables as someone who owns the database could have them."""
    with connection.cursor() as cursor:
        for table in ("audit_auditevent", "audit_auditseal"):
            for statement in statements(connection.vendor, table)[1]:
                cursor.execute(statement)


@pytest.fixture
def verify(capsys):
    """Run the command, which must fail; what it says."""

    def run(*arguments: str) -> str:
        capsys.readouterr()
        with pytest.raises(CommandError, match="not what was sealed"):
            call_command("verify_audit", *arguments)
        return capsys.readouterr().out

    return run


def test_the_digest_takes_in_every_field_there_is():
    assert set(FIELDS) == {field.attname for field in AuditEvent._meta.get_fields()}


def test_a_trail_that_nobody_touched_is_found_whole(trail_of_three_days, capsys):
    with time_machine.travel(trail_of_three_days, tick=False):
        record("caseload.viewed", by=None)
    with time_machine.travel(trail_of_three_days + DAY / 24, tick=False):
        call_command("verify_audit")
    last = AuditSeal.objects.get(number=3)
    assert capsys.readouterr().out == f"{last}\n1 events since, not sealed yet\n"
    assert list(faults()) == []


@pytest.mark.parametrize("field", FIELDS)
def test_one_flipped_byte_of_an_event_is_found_and_its_stretch_named(no_triggers, verify, field):
    event = AuditEvent.objects.exclude(reason="").order_by("at")[1]
    AuditEvent.objects.filter(pk=event.pk).update(**{field: flipped(getattr(event, field))})
    assert verify().splitlines()[0] == f"{SECOND}: an event, this seal or the one before was changed."


@pytest.mark.parametrize(("column", "always"), [("id", "7"), ("at", "2"), ("client_id", "7")])
def test_a_value_that_is_no_longer_one_is_found_too(no_triggers, verify, column, always):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL stores no such value.")
    event = AuditEvent.objects.order_by("at")[2]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE audit_auditevent SET {column} = replace({column}, '{always}', ';') WHERE id = %s",  # noqa: S608
            [event.pk.hex],
        )
    assert f"{SECOND}: {'2 events were sealed, 1' if column == 'at' else 'an event cannot be read.'}" in verify()


def test_an_event_taken_out_is_found(no_triggers, verify):
    AuditEvent.objects.order_by("at")[2].delete()
    assert f"{SECOND}: 2 events were sealed, 1 are there." in verify()


def test_an_event_put_in_later_is_found_also_when_it_was_only_late(trail_of_three_days, verify):
    AuditEvent.objects.create(action="user.renamed", at=trail_of_three_days - 2 * DAY)
    assert f"{SECOND}: 2 events were sealed, 3 are there." in verify()


def test_one_event_put_in_the_place_of_another_is_found(no_triggers, verify):
    event = AuditEvent.objects.order_by("at")[2]
    event.delete()
    event.pk = uuid7()
    event.save(force_insert=True)
    assert SECOND in verify()


@pytest.mark.parametrize("field", ["until", "events", "digest", "sealed_at"])
def test_a_changed_seal_is_found(no_triggers, verify, field):
    seal = AuditSeal.objects.get(number=2)
    AuditSeal.objects.filter(pk=2).update(**{field: flipped(getattr(seal, field))})
    assert "Seal 2, " in verify()


def test_a_seal_with_another_number_and_one_taken_out_are_found(no_triggers, verify):
    AuditSeal.objects.filter(number=2).delete()
    assert "Seal 2 is missing." in verify()
    AuditSeal.objects.filter(number=3).update(number=F("number") - 1)
    assert "Seal 2, " in verify()


def test_who_changes_the_trail_and_makes_its_seals_anew_is_found_by_the_printed_ones(no_triggers, verify, tmp_path):
    printed = tmp_path / "seals.txt"
    printed.write_text("".join(f"{seal}\n" for seal in AuditSeal.objects.all()) + "     1 seals added\n")
    call_command("verify_audit", "--kept", str(printed))
    for event in AuditEvent.objects.exclude(reason=""):
        event.delete()
    seals = list(AuditSeal.objects.order_by("number"))
    AuditSeal.objects.all().delete()
    for seal in seals:
        seal_trail(seal.sealed_at)
    assert list(faults()) == []
    assert verify("--kept", str(printed)).count("Kept elsewhere, but not in the database: Seal ") == 3


def test_a_seal_reaches_to_the_last_midnight_that_is_ten_minutes_past(monday, service):
    midnight = monday.replace(hour=0)
    AuditEvent.objects.create(action="user.renamed", at=midnight - timedelta(microseconds=1))
    AuditEvent.objects.create(action="user.renamed", at=midnight)
    assert seal_trail(midnight + timedelta(minutes=9, seconds=59)) is None
    seal = seal_trail(midnight + timedelta(minutes=10))
    assert (seal.number, seal.until, seal.events) == (1, midnight, 1)
    assert seal_trail(midnight + timedelta(hours=23)) is None
    assert seal_trail(midnight + DAY + timedelta(hours=1)).events == 1
    assert seal_trail(midnight + 4 * DAY).events == 0


def test_nothing_is_sealed_before_there_is_anything(monday):
    assert seal_trail(monday) is None


def test_nothing_is_sealed_while_others_keep_writing(trail_of_three_days, monkeypatch):
    waits = []
    monkeypatch.setattr(seals, "sleep", waits.append)
    monkeypatch.setattr(seals, "is_being_written", lambda: True)
    assert seal_trail(trail_of_three_days + DAY) is None
    assert len(waits) == seals.TRIES
    monkeypatch.setattr(seals, "is_being_written", lambda: False)
    assert seal_trail(trail_of_three_days + DAY).number == 4


def test_two_seals_of_one_number_are_refused(trail_of_three_days):
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditSeal.objects.create(number=3, until=trail_of_three_days, events=0, digest="0")


def test_nightly_prints_the_new_seal_once(monday, capsys):
    record("caseload.viewed", by=None)
    with time_machine.travel(monday + DAY, tick=False):
        for expected in (1, 0):
            call_command("nightly")
            assert capsys.readouterr().out.count(f"{AuditSeal.objects.get()}\n") == expected
