"""What people do about a client's record as a whole: hold it, erase it, note that the client disagrees with it.

Each action is one transaction with its audit event. After an erasure the trail still has the client's id, and no record
has it.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from alliance_tracker.accounts.models import ServiceSettings, User
from alliance_tracker.audit.actions import record
from clients.actions import lock_therapies
from clients.models import Client
from ratings.models import LegalHold, Rectification, Tombstone
from ratings.privacy.erasure import erase_rows, try_to_list_erasures
from ratings.privacy.retention import due_on


@transaction.atomic
def hold_record(client: Client, *, reason: str, until: date | None, by: User) -> LegalHold:
    """Keep a record from being erased. A hold that has run out is lifted for the new one."""
    lock_therapies(client)
    today = timezone.localdate()
    if until and until < today:
        raise ValidationError({"until": "That day is past. Choose a later one, or leave it empty."})
    if LegalHold.objects.active(today).filter(client=client).exists():
        raise ValidationError("This record is on hold already. Lift that hold first.")
    client.legal_holds.filter(lifted_at=None).update(lifted_at=timezone.now())
    hold = LegalHold.objects.create(client=client, reason=reason, until=until, held_by=by)
    record("hold.set", by=by, target=hold, client_id=client.pk)
    return hold


@transaction.atomic
def lift_hold(hold: LegalHold, *, by: User) -> None:
    lock_therapies(hold.client)
    hold.refresh_from_db()
    if hold.lifted_at:
        raise ValidationError("This hold has been lifted already.")
    hold.lifted_by, hold.lifted_at = by, timezone.now()
    hold.save(update_fields=["lifted_by", "lifted_at"])
    record("hold.lifted", by=by, target=hold, client_id=hold.client_id)


@transaction.atomic
def erase_client(client: Client, *, basis: str, by: User) -> Tombstone:
    """Erase everything about a client for good. A tombstone stays: an id, a day, the basis and who approved it."""
    episodes, today = lock_therapies(client), timezone.localdate()
    if LegalHold.objects.active(today).filter(client=client).exists():
        raise ValidationError("This record is on hold, so it must be kept.")
    due = due_on(max(episodes, key=lambda episode: episode.started_on, default=None), ServiceSettings.objects.current())
    if basis == Tombstone.Basis.RETENTION and (due is None or due > today):
        when = f"until {due:%-d %B %Y}" if due else "while the therapy is open"
        raise ValidationError(f"The time to keep this record is not over: it is kept {when}.")
    tombstone = Tombstone.objects.create(client_id=client.pk, basis=basis, approved_by_id=by.pk)
    erase_rows(tombstone.client_id)
    record("client.erased", by=by, target=tombstone, client_id=tombstone.client_id)
    transaction.on_commit(try_to_list_erasures)
    return tombstone


def reapply_erasures(tombstones: Iterable[Tombstone]) -> list[UUID]:
    """Erase again the clients that a restored backup brought back; their ids.

    Holds do not count: they were set before the erasure.
    """
    return [tombstone.client_id for tombstone in tombstones if reapply_erasure(tombstone)]


@transaction.atomic
def reapply_erasure(tombstone: Tombstone) -> bool:
    if not Tombstone.objects.filter(client_id=tombstone.client_id).exists():
        tombstone.save(force_insert=True)
    client = Client.objects.filter(pk=tombstone.client_id).only("pk").first()
    if client is None:
        return False
    lock_therapies(client)
    erase_rows(tombstone.client_id)
    record("client.erased_again", by=None, client_id=tombstone.client_id)
    transaction.on_commit(try_to_list_erasures)
    return True


@transaction.atomic
def add_rectification(client: Client, *, text: str, by: User) -> Rectification:
    """Note what the client disagrees with in the record. The record itself stays as it was written."""
    lock_therapies(client)
    noted = Rectification.objects.create(client=client, text=text, added_by=by)
    record("rectification.added", by=by, target=noted, client_id=client.pk)
    return noted
