"""Emergency access: reading the record of a client one is not responsible for, with a reason that others see."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from alliance_tracker.accounts.actions import lock_person
from alliance_tracker.accounts.models import User
from alliance_tracker.audit.actions import record
from clients.models import EMERGENCY_LASTS, Client, EmergencyAccess
from clients.notices import A_DAY, OPENED, REFUSED, attempts_left

TOO_MANY = f"You have asked {A_DAY} times within a day. Ask the clinician, their supervisor or an administrator."
NOT_FOUND = "There is no client with this code. The attempt is in the audit trail."


def open_emergency_access(*, sought: str, reason: str, by: User) -> Client:
    """Let this person read the client of exactly this code or id for four hours. What is refused is recorded too."""
    with transaction.atomic():
        person = lock_person(by)
        allowed = attempts_left(person) > 0
        client = client_of(sought) if allowed else None
        if client is None:
            record(REFUSED if allowed else "emergency_access.throttled", by=person)
        elif not Client.objects.visible_to(person).contains(client):
            opened_at = timezone.now()
            access = EmergencyAccess.objects.create(
                client=client, user=person, reason=reason, opened_at=opened_at, expires_at=opened_at + EMERGENCY_LASTS
            )
            record(OPENED, by=person, target=access, client_id=client.pk)
        else:
            record("emergency_access.not_needed", by=person, client_id=client.pk)
    if client is None:
        raise ValidationError(NOT_FOUND if allowed else TOO_MANY)
    return client


def client_of(sought: str) -> Client | None:
    try:
        return Client.objects.filter(pk=UUID(sought)).first()
    except ValueError:
        return Client.objects.filter(code__iexact=sought).first()


@transaction.atomic
def review_emergency_access(access: EmergencyAccess, *, verdict: str, remark: str, by: User) -> None:
    access = EmergencyAccess.objects.select_for_update().get(pk=access.pk)
    if access.reviewed_at:
        raise ValidationError("This was reviewed already.")
    if access.user_id == by.pk:
        raise ValidationError("Someone else reviews your own emergency access.")
    access.verdict, access.remark = verdict, remark
    access.reviewed_at, access.reviewed_by = timezone.now(), by
    access.save(update_fields=["verdict", "remark", "reviewed_at", "reviewed_by"])
    record("emergency_access.reviewed", by=by, target=access, client_id=access.client_id)
