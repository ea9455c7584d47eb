"""Who read which client by emergency access, for the clinicians, supervisors and administrators who are told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.models import AuditEvent
from clients.models import Client, EmergencyAccess, EmergencyAccessQuerySet

OPENED, REFUSED = "emergency_access.opened", "emergency_access.refused"
A_DAY = 5
SHOWN = (
    *("reason", "opened_at", "expires_at", "reviewed_at", "verdict", "remark"),
    *("client__code", "client__name", "user__name", "reviewed_by__name"),
)
SHOWN_FOR, REVIEW_WITHIN, COUNTED_FOR = timedelta(days=14), timedelta(days=7), timedelta(days=30)


def attempts_left(person: User) -> int:
    """Return how often this person may still ask today: codes that do not exist count too, so that nobody guesses."""
    since = timezone.now() - timedelta(days=1)
    asked = AuditEvent.objects.filter(actor_id=person.pk, action__in=[OPENED, REFUSED], at__gt=since)
    return max(0, A_DAY - asked.count())


@dataclass(frozen=True)
class Notice:
    """One emergency access, as it is shown to whoever is told of it."""

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
    shown = accesses.select_related("client", "user", "reviewed_by").only(*SHOWN)
    return [Notice(access, now) for access in shown.order_by("-opened_at", "-pk")]


def lately(now: datetime) -> Q:
    """Match what is to be known for some time: opened in the last two weeks, or not reviewed yet."""
    return Q(opened_at__gt=now - SHOWN_FOR) | Q(reviewed_at=None)


def of_own_clients(clinician: User, now: datetime) -> list[Notice]:
    """Return who else opened clients of this clinician."""
    accesses = EmergencyAccess.objects.editable_by(clinician, now).by_others_than(clinician)
    return notices(accesses.filter(lately(now)), now)


def of_client(client: Client, user: User, now: datetime, *, responsible: bool) -> list[Notice]:
    """Return who opened this client, for those who are responsible; who reads by it now sees that one only."""
    theirs = EmergencyAccess.objects.responsible_for(user, now).filter(lately(now))
    return notices((theirs if responsible else open_to(user, now)).filter(client=client), now)


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
