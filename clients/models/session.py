"""Sessions of a therapy: one row an appointment."""

from datetime import date, datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from uuid_utils.compat import uuid7

from alliance_tracker import lookups  # noqa: F401 - registers them
from alliance_tracker.accounts.models import User
from alliance_tracker.encryption import EncryptedTextField
from clients.models.access import ClinicalQuerySet, Episode, Modality

LATE_AFTER = timedelta(hours=72)


class Attendance(models.TextChoices):
    PLANNED = "planned", "Planned"
    ATTENDED = "attended", "Attended"
    MISSED = "missed", "Missed"
    CANCELLED = "cancelled", "Cancelled"


class NotRated(models.TextChoices):
    NOT_SUITABLE = "not_suitable", "Not suitable"
    HANDED_ON = "handed_on", "Handed on"


TOOK_PLACE = (Attendance.PLANNED, Attendance.ATTENDED)
WAITS = Q(rated=False, not_rated_reason="", attendance__in=TOOK_PLACE, voided_at=None)


class TherapySessionQuerySet(ClinicalQuerySet["TherapySession"]):
    client_path = "episode__client"

    def counting(self) -> Self:
        """Sessions that count: neither missed, cancelled nor voided."""
        return self.filter(attendance__in=TOOK_PLACE, voided_at=None)

    def held(self, at: datetime) -> Self:
        """Past sessions that count: the denominator of coverage."""
        return self.counting().filter(starts_at__lte=at)

    def waiting(self) -> Self:
        """Sessions that count and wait for the clinician's rating, or will once they are held."""
        return self.filter(WAITS)

    def plans(self, after: datetime) -> Self:
        """Sessions to come that nobody has touched, so that no other record names them: dropping one loses nothing."""
        untouched = {"attendance": Attendance.PLANNED, "voided_at": None}
        unnamed = dict.fromkeys(relation.name for relation in self.model._meta.related_objects)  # noqa: SLF001
        return self.filter(starts_at__gt=after, **untouched, **unnamed)

    def numbered(self) -> Self:
        """Add `number`: the session's order by start among the sessions of its episode that count."""
        earlier = (
            TherapySession.objects.counting()
            .filter(episode=OuterRef("episode"))
            .filter(Q(starts_at__lt=OuterRef("starts_at")) | Q(starts_at=OuterRef("starts_at"), pk__lt=OuterRef("pk")))
            .order_by()
            .values("episode")
            .annotate(count=Count("pk"))
        )
        return self.annotate(number=Coalesce(Subquery(earlier.values("count")), 0) + 1)


class TherapySession(models.Model):
    """One appointment. A past one that is neither missed, cancelled nor voided was held.

    `rated` says that the clinician's rating is there. It is written with that rating, so that lists find what waits
    without a look at every session of every therapy.
    """

    number: int  # of sessions that were loaded by `numbered`

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="sessions")
    clinician = models.ForeignKey(User, models.PROTECT, related_name="sessions")
    starts_at = models.DateTimeField()
    attendance = models.CharField(max_length=12, choices=Attendance, default=Attendance.PLANNED)
    modality = models.CharField(max_length=12, choices=Modality, default=Modality.IN_PERSON)
    from_pattern = models.BooleanField(default=False)
    not_rated_reason = models.CharField(max_length=12, choices=NotRated, blank=True)
    voided_at = models.DateTimeField(null=True)
    voided_reason = EncryptedTextField(blank=True)
    rated = models.BooleanField(default=False)

    objects = TherapySessionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["episode", "starts_at"], name="session_by_episode"),
            models.Index(fields=["episode", "starts_at"], condition=WAITS, name="session_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "starts_at"], condition=Q(voided_at=None), name="session_once_per_start"
            ),
            models.CheckConstraint(condition=Q(attendance__in=Attendance.values), name="session_attendance_is_known"),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_reason="") | Q(voided_at__isnull=False) & ~Q(voided_reason=""),
                name="session_voided_with_a_reason",
            ),
        ]

    @property
    def day(self) -> date:
        return timezone.localdate(self.starts_at)

    @property
    def counts(self) -> bool:
        return self.attendance in TOOK_PLACE and self.voided_at is None

    def is_due(self, now: datetime) -> bool:
        """Whether it has started, or is on today's local day."""
        return self.starts_at <= now or self.day <= timezone.localdate(now)

    def is_late(self, at: datetime) -> bool:
        """Whether a rating saved at this moment is late: more than 72 hours after the session."""
        return at - self.starts_at > LATE_AFTER
