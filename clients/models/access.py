"""Who sees what: the one rule, for clients and for everything that belongs to them, and the tables that it reads.

A clinician holds a therapy by an assignment, a supervisor reviews the therapies of supervisees, and emergency access
opens one client to someone for some hours.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from uuid_utils.compat import uuid7

from alliance_tracker.accounts.models import Supervision, User
from alliance_tracker.encryption import EncryptedTextField
from clients.compiled import OfClient, Rule

Row = TypeVar("Row", bound=models.Model)
ASK_AT_MOST_EVERY = 12
EMERGENCY_LASTS = timedelta(hours=4)


class Modality(models.TextChoices):
    IN_PERSON = "in_person", "In person"
    VIDEO = "video", "Video"
    PHONE = "phone", "Phone"


class Ending(models.TextChoices):
    PLANNED = "planned", "Planned ending"
    UNPLANNED = "unplanned", "Unplanned ending"
    TRANSFERRED = "transferred", "Transferred to another service"
    DIED = "died", "The client has died"
    OTHER = "other", "Other"


class Weekday(models.IntegerChoices):
    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class Verdict(models.TextChoices):
    JUSTIFIED = "justified", "Justified"
    NOT_JUSTIFIED = "not_justified", "Not justified"


class ClinicalQuerySet(models.QuerySet[Row]):
    """Rows that belong to a client. `client_path` is the lookup from the row to its client's id."""

    client_path = "client_id"

    def visible_to(self, user: User, at: datetime | None = None) -> Self:
        """Rows of clients this person is responsible for, and of one whom emergency access opens to them now.

        Asked for each row, not as two lists of clients: for the record of one client that is two looks in an index,
        where the lists would be the whole caseload.
        """
        at = at or timezone.now()
        by_emergency = OfClient(self.client_path, opened, "client", user, at, by_row=True)
        assigned = OfClient(self.client_path, responsible, "episode__client", user, at, by_row=True)
        return self.filter(Q(assigned) | Q(by_emergency))

    def responsible_for(self, user: User, at: datetime | None = None) -> Self:
        """Rows of clients whose open assignment is this clinician's, or a supervisee's of this supervisor, now.

        Lists and files that leave the app start here: emergency access reads a client's page and nothing else.
        """
        return self.filter(self._assigned(responsible, user, at))

    def editable_by(self, user: User, at: datetime | None = None) -> Self:
        """Rows of clients whose open assignment is this clinician's now."""
        return self.filter(self._assigned(held, user, at))

    def supervised_by(self, user: User, at: datetime | None = None) -> Self:
        """Rows of clients whose open assignment belongs to someone this supervisor supervises now."""
        return self.filter(self._assigned(reviewed, user, at))

    def _assigned(self, rule: Rule, user: User, at: datetime | None) -> OfClient:
        return OfClient(self.client_path, therapies(rule), "client", user, at or timezone.now())


class EpisodeQuerySet(ClinicalQuerySet["Episode"]):
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
    client = models.ForeignKey("clients.Client", models.PROTECT, related_name="episodes")
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


def open_at(at: datetime) -> Q:
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def open(self, at: datetime | None = None) -> Self:
        return self.filter(open_at(at or timezone.now()))

    def held_by(self, user: User) -> Self:
        return self.filter(clinician=user) if user.is_active and user.is_clinician else self.none()

    def reviewed_by(self, user: User, at: datetime) -> Self:
        if not (user.is_active and user.is_supervisor):
            return self.none()
        return self.filter(clinician__in=Supervision.objects.current(at).filter(supervisor=user).values("clinician"))


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


class EmergencyAccessQuerySet(ClinicalQuerySet["EmergencyAccess"]):
    def running(self, at: datetime) -> Self:
        return self.filter(opened_at__lte=at, expires_at__gt=at)

    def opened_to(self, user: User) -> Self:
        return self.filter(user=user) if user.is_active and user.sees_clients else self.none()

    def to_review(self) -> Self:
        return self.filter(reviewed_at=None)

    def by_others_than(self, user: User) -> Self:
        return self.exclude(user=user)


class EmergencyAccess(models.Model):
    """Someone read the record of a client whom they are not responsible for: why, for how long, and whether rightly."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey("clients.Client", models.PROTECT, related_name="emergency_accesses")
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


def open_assignments(at: datetime) -> AssignmentQuerySet:
    return Assignment.objects.filter(open_at(at))


def held(user: User, at: datetime) -> AssignmentQuerySet:
    """Return the assignments by which this clinician holds therapies at that moment."""
    return open_assignments(at).held_by(user)


def reviewed(user: User, at: datetime) -> AssignmentQuerySet:
    """Return the assignments of the clinicians whom this person supervises at that moment."""
    return open_assignments(at).reviewed_by(user, at)


def responsible(user: User, at: datetime) -> AssignmentQuerySet:
    return held(user, at) | reviewed(user, at)


@cache
def therapies(rule: Rule) -> Rule:
    """Return the rule that finds the episodes of the assignments which `rule` finds."""
    return lambda user, at: Episode.objects.filter(OfClient("pk", rule, "episode", user, at))


def opened(user: User, at: datetime) -> EmergencyAccessQuerySet:
    """Return what emergency access opens to this person at that moment."""
    return EmergencyAccess.objects.running(at).opened_to(user)
