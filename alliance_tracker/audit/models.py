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
