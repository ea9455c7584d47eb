from datetime import UTC, datetime
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from uuid_utils.compat import uuid7


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def of_client(self, client_id: UUID) -> Self:
        """Return all that was done with one client's record, and every look at it; newest first."""
        return self.filter(client_id=client_id).newest_first()

    def newest_first(self) -> Self:
        return self.order_by("-at", "-id")

    def older_than(self, event: "AuditEvent") -> Self:
        """Return what follows this event in a list with the newest first."""
        return self.filter(Q(at__lt=event.at) | Q(at=event.at, id__lt=event.pk))

    def between(self, after: datetime | None, until: datetime) -> Self:
        """Return events from one moment up to before another, oldest first; from the first one without `after`."""
        events = self.filter(at__lt=until).order_by("at", "id")
        return events.filter(at__gte=after) if after else events


class AuditEvent(models.Model):
    """Who did what to which record, when and why. Never a value; no foreign keys, so it outlives what it names.

    Rows are append-only: triggers refuse to change or delete one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(default=timezone.now)
    actor_id = models.UUIDField(null=True)
    action = models.CharField(max_length=60)
    target_type = models.CharField(max_length=40, blank=True)
    target_id = models.UUIDField(null=True)
    client_id = models.UUIDField(null=True)
    reason = models.TextField(blank=True)
    request_id = models.UUIDField(null=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["at", "id"], name="audit_by_time"),
            models.Index(fields=["client_id", "at"], name="audit_by_client"),
            models.Index(fields=["actor_id", "at"], name="audit_by_actor"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(action__regex=r"^[a-z_]+\.[a-z_]+$"), name="audit_action_is_noun_dot_past_tense"
            )
        ]


class AuditSeal(models.Model):
    """What the trail said of a stretch of time: the number of its events, and a digest that no other events give.

    A stretch begins where that of the seal before ends. Each digest takes in the one before it. Append-only as well.
    """

    number = models.PositiveIntegerField(primary_key=True)
    until = models.DateTimeField()
    events = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Seal {self.number} | until {written(self.until)} | {self.events} events | sha256 {self.digest}"


def written(moment: datetime) -> str:
    """Write a moment the same way on every engine, to the microsecond."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class Permit(models.Model):
    """One row of an append-only table that the present transaction may erase, or encrypt anew.

    It cannot outlive that transaction: its foreign key `never` names no row, so that a commit with a permit left fails.
    """

    class Verb(models.TextChoices):
        ERASE = "erase", "Erase"
        REWRITE = "rewrite", "Encrypt anew"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    row_id = models.UUIDField()
    verb = models.CharField(max_length=7, choices=Verb)
    never = models.ForeignKey("self", models.DO_NOTHING, default=uuid7, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row_id", "verb"], name="permit_once_per_row_and_verb")]
