"""Emergency access: reading the record of a client one is not responsible for, with a reason that others see."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from alliance_tracker.accounts.actions import lock_person
from alliance_tracker.accounts.models import User
from alliance_tracker.audit.actions import record
from alliance_tracker.audit.models import AuditEvent
from clients.models import EMERGENCY_LASTS, Client, EmergencyAccess
from clients.querysets import EmergencyAccessQuerySet

A_DAY = 5
SHOWN_FOR = timedelta(days=14)
REVIEW_WITHIN = timedelta(days=7)
COUNTED_FOR = timedelta(days=30)
OPENED, REFUSED = "emergency_access.opened", "emergency_access.refused"
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


def attempts_left(person: User) -> int:
    """Return how often this person may still ask today: codes that do not exist count too, so that nobody guesses."""
    since = timezone.now() - timedelta(days=1)
    asked = AuditEvent.objects.filter(actor_id=person.pk, action__in=[OPENED, REFUSED], at__gt=since)
    return max(0, A_DAY - asked.count())


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


@dataclass(frozen=True)
class Notice:
    """One emergency access, as those see it whom it concerns."""

    access: EmergencyAccess
    now: datetime

    @property
    def is_running(self) -> bool:
        return self.access.expires_at > self.now

    @property
    def is_waiting(self) -> bool:
        return self.access.reviewed_at is None

    @property
    def days(self) -> int:
        return (self.now - self.access.opened_at).days

    @property
    def is_overdue(self) -> bool:
        return self.is_waiting and self.now - self.access.opened_at > REVIEW_WITHIN


def notices(accesses: EmergencyAccessQuerySet, now: datetime) -> list[Notice]:
    shown = accesses.select_related("client", "user", "reviewed_by").order_by("-opened_at", "-pk")
    return [Notice(access, now) for access in shown]


def lately(now: datetime) -> Q:
    """Match what is to be known for some time: opened in the last two weeks, or not reviewed yet."""
    return Q(opened_at__gt=now - SHOWN_FOR) | Q(reviewed_at=None)


def of_own_clients(clinician: User, now: datetime) -> list[Notice]:
    """Return who else opened clients of this clinician."""
    accesses = EmergencyAccess.objects.editable_by(clinician, now).by_others_than(clinician)
    return notices(accesses.filter(lately(now)), now)


def of_client(client: Client, user: User, now: datetime) -> list[Notice]:
    """Return who opened this client, for those who are responsible; who reads by it now sees that one only."""
    theirs = EmergencyAccess.objects.responsible_for(user, now).filter(lately(now))
    return notices((theirs | open_to(user, now)).filter(client=client), now)


def open_to(user: User, now: datetime) -> EmergencyAccessQuerySet:
    return EmergencyAccess.objects.running(now).opened_to(user)


def to_review(supervisor: User, now: datetime) -> list[Notice]:
    """Return what waits for this supervisor's review, the oldest first."""
    waiting = EmergencyAccess.objects.supervised_by(supervisor, now).to_review().by_others_than(supervisor)
    return notices(waiting, now)[::-1]


def counts(now: datetime) -> dict[str, int]:
    """Return what administrators know of emergency access: how often of late, and how many reviews wait."""
    waits = Q(reviewed_at=None)
    return EmergencyAccess.objects.aggregate(
        lately=Count("pk", filter=Q(opened_at__gt=now - COUNTED_FOR)),
        waiting=Count("pk", filter=waits),
        overdue=Count("pk", filter=waits & Q(opened_at__lt=now - REVIEW_WITHIN)),
    )
