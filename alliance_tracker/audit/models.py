from django.db import models
from django.utils import timezone
from uuid_utils.compat import uuid7


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

    class Meta:
        indexes = [
            models.Index(fields=["client_id", "at"], name="audit_by_client"),
            models.Index(fields=["actor_id", "at"], name="audit_by_actor"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(action__regex=r"^[a-z_]+\.[a-z_]+$"), name="audit_action_is_noun_dot_past_tense"
            )
        ]


class Permit(models.Model):
    """One row of an append-only table that the present transaction may erase, or encrypt anew.

    It cannot outlive that transaction: `never` names a row that is not there, so that no commit takes it.
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
