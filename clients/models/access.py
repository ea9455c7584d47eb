from datetime import date, datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from uuid_utils.compat import uuid7

from alliance_tracker import lookups  # noqa: F401 - registers them
from alliance_tracker.accounts.models import User
from alliance_tracker.encryption import EncryptedTextField
from clients.querysets import AssignmentQuerySet, ClinicalQuerySet, EmergencyAccessQuerySet


class Modality(models.TextChoices):
    IN_PERSON = "in_person", "In person"
    VIDEO = "video", "Video"
    PHONE = "phone", "Phone"


class Attendance(models.TextChoices):
    PLANNED = "planned", "Planned"
    ATTENDED = "attended", "Attended"
    MISSED = "missed", "Missed"
    CANCELLED = "cancelled", "Cancelled"


class Ending(models.TextChoices):
    PLANNED = "planned", "Planned ending"
    UNPLANNED = "unplanned", "Unplanned ending"
    TRANSFERRED = "transferred", "Transferred to another service"
    DIED = "died", "The client has died"
    OTHER = "other", "Other"


class NotRated(models.TextChoices):
    NOT_SUITABLE = "not_suitable", "Not suitable"
    HANDED_ON = "handed_on", "Handed on"


class Weekday(models.IntegerChoices):
    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class ClientQuerySet(ClinicalQuerySet):
    client_path = "pk"


class Client(models.Model):
    """Someone in therapy, known by the service's own code. An open episode says that therapy is going on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=20)
    name = EncryptedTextField(blank=True)
    email = EncryptedTextField(blank=True)
    external_key = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - absent keys are not equal
    invitations_stopped_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ClientQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("code"), name="client_code_unique_in_any_case")]

    @property
    def label(self) -> str:
        return self.name or self.code


ASK_AT_MOST_EVERY = 12


class EpisodeQuerySet(ClinicalQuerySet):
    def open(self) -> Self:
        return self.filter(ended_on=None)

    def latest_of_each_client(self) -> Self:
        newest = Episode.objects.filter(client=OuterRef("client")).order_by("-started_on", "-id")
        return self.filter(pk=Subquery(newest.values("pk")[:1]))


class Episode(models.Model):
    """One course of therapy of one client, with the weekly pattern that plans its sessions.

    The client is asked for a rating of every session with `ask_every` 1, of every third with 3; None: by hand.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="episodes")
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    ending = models.CharField(max_length=12, choices=Ending, blank=True)
    weekday = models.PositiveSmallIntegerField(choices=Weekday, null=True)
    weekly_at = models.TimeField(null=True)
    modality = models.CharField(max_length=12, choices=Modality, default=Modality.IN_PERSON)
    planned_until = models.DateField(null=True)
    ask_every = models.PositiveSmallIntegerField(null=True)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=Q(ended_on=None), name="episode_open_once_per_client"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")), name="episode_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ending="") | Q(ended_on__isnull=False) & ~Q(ending=""),
                name="episode_ends_with_an_ending",
            ),
            models.CheckConstraint(
                condition=Q(weekday=None, weekly_at=None) | Q(weekday__range=(0, 6), weekly_at__isnull=False),
                name="episode_weekly_pattern_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(ask_every=None) | Q(ask_every__range=(1, ASK_AT_MOST_EVERY)), name="episode_asks_regularly"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.ended_on is None


class Assignment(models.Model):
    """A clinician holds an episode from one moment to another. The last one stays open when the episode ends."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="assignments")
    clinician = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["clinician", "ends_at", "episode"], name="assignment_by_clinician")]
        constraints = [
            models.UniqueConstraint(
                fields=["episode"], condition=Q(ends_at=None), name="assignment_open_once_per_episode"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at__lt=F("ends_at")), name="assignment_starts_before_it_ends"
            ),
        ]


TOOK_PLACE = (Attendance.PLANNED, Attendance.ATTENDED)
WAITS = Q(rated=False, not_rated_reason="", attendance__in=TOOK_PLACE, voided_at=None)


class TherapySessionQuerySet(ClinicalQuerySet):
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
        """Sessions to come that nobody has touched: dropping one loses nothing."""
        untouched = {"attendance": Attendance.PLANNED, "voided_at": None}
        return self.filter(starts_at__gt=after, ratings=None, drafts=None, client_links=None, **untouched)

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


LATE_AFTER = timedelta(hours=72)


class Verdict(models.TextChoices):
    JUSTIFIED = "justified", "Justified"
    NOT_JUSTIFIED = "not_justified", "Not justified"


EMERGENCY_LASTS = timedelta(hours=4)


class EmergencyAccess(models.Model):
    """Someone read the record of a client whom they are not responsible for: why, for how long, and whether rightly."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="emergency_accesses")
    user = models.ForeignKey(User, models.PROTECT, related_name="emergency_accesses")
    reason = EncryptedTextField()
    opened_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(max_length=16, choices=Verdict, blank=True)
    remark = EncryptedTextField(blank=True)

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "expires_at"], name="emergency_access_by_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_at__lt=F("expires_at")), name="emergency_access_opens_before_it_expires"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="emergency_access_has_a_reason"),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, verdict="", remark="")
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False, verdict__in=Verdict.values)
                & ~Q(remark="")
                & ~Q(reviewed_by=F("user")),
                name="emergency_access_reviewed_by_someone_else",
            ),
        ]
