"""Seals over the audit trail: one a day. What was sealed cannot be changed, removed or added to unnoticed."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from time import sleep
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from alliance_tracker.audit.models import AuditEvent, AuditSeal, written

FIELDS = ("id", "at", "actor_id", "action", "target_type", "target_id", "client_id", "reason", "request_id")
SETTLED_AFTER = timedelta(minutes=10)
TRIES, PAUSE = 20, 0.25
WRITERS = """
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE relation = 'audit_auditevent'::regclass AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )
"""


def line(values: Iterable[Any]) -> bytes:
    """Write values as one line of JSON: the same bytes for the same values, whatever the engine."""
    return json.dumps([text(value) for value in values], separators=(",", ":")).encode() + b"\n"


def text(value: Any) -> Any:
    if isinstance(value, datetime):
        return written(value)
    return value if value is None or isinstance(value, int) else str(value)


def digest(seal: AuditSeal, before: AuditSeal | None) -> tuple[int, str]:
    """Count the events of a seal's stretch as they are now, and digest them with the seal's own values."""
    found = sha256(line([seal.number, seal.until, seal.sealed_at, before.digest if before else ""]))
    count = 0
    events = AuditEvent.objects.between(before.until if before else None, seal.until)
    for event in events.values_list(*FIELDS).iterator(chunk_size=2000):
        found.update(line(event))
        count += 1
    found.update(line([count]))
    return count, found.hexdigest()


def last_seal() -> AuditSeal | None:
    return AuditSeal.objects.order_by("-number").first()


def last_midnight(now: datetime) -> datetime:
    """Return the last local midnight that is some minutes past: what was recorded before it is written by now."""
    settled = timezone.localtime(now - SETTLED_AFTER)
    return settled.replace(hour=0, minute=0, second=0, microsecond=0)


def is_being_written() -> bool:
    """Whether another transaction has events that nobody else can see yet. SQLite has one writer, this one."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(WRITERS)
        return bool(cursor.fetchone()[0])


@transaction.atomic
def seal_trail(now: datetime) -> AuditSeal | None:
    """Seal every event up to the last midnight; None where that is done, or while others keep writing.

    Two at once cannot both add a seal: its number is its key.
    """
    before, until = last_seal(), last_midnight(now)
    nothing_yet = not before and not AuditEvent.objects.between(None, until).exists()
    if nothing_yet or (before and before.until >= until):
        return None
    for _ in range(TRIES):
        if not is_being_written():
            break
        sleep(PAUSE)
    else:
        return None
    seal = AuditSeal(number=before.number + 1 if before else 1, until=until, sealed_at=now)
    seal.events, seal.digest = digest(seal, before)
    seal.save(force_insert=True)
    return seal


def faults(kept: Iterable[str] = ()) -> Iterator[str]:
    """Say of each seal what is no longer as it was; `kept` are the lines of seals that were printed."""
    before, there = None, set()
    try:
        for seal in AuditSeal.objects.order_by("number"):
            yield from fault(seal, before)
            there.add(str(seal))
            before = seal
    except ValueError:
        yield f"The seal after {before.number if before else 0} cannot be read."
    yield from (f"Kept elsewhere, but not in the database: {printed}" for printed in kept if printed not in there)


def fault(seal: AuditSeal, before: AuditSeal | None) -> Iterator[str]:
    expected = before.number + 1 if before else 1
    if seal.number != expected:
        yield f"Seal {expected} is missing."
    stretch = f"Seal {seal.number}, {written(before.until) if before else 'the beginning'} to {written(seal.until)}"
    try:
        count, found = digest(seal, before)
    except ValueError:
        yield f"{stretch}: an event cannot be read."
        return
    if count != seal.events:
        yield f"{stretch}: {seal.events} events were sealed, {count} are there."
    elif found != seal.digest:
        yield f"{stretch}: an event, this seal or the one before was changed."
