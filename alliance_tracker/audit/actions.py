from typing import Protocol
from uuid import UUID

from django.db import models

from alliance_tracker.audit.middleware import current_request_id
from alliance_tracker.audit.models import AuditEvent


class Actor(Protocol):
    pk: UUID


def record(
    action: str,
    *,
    by: Actor | None,
    target: models.Model | None = None,
    client_id: UUID | None = None,
    reason: str = "",
) -> None:
    """Append one event. `action` is `noun.past_tense`; `by` is None for the system and for clients."""
    AuditEvent.objects.create(
        action=action,
        actor_id=by.pk if by else None,
        target_type=target._meta.model_name or "" if target else "",  # noqa: SLF001
        target_id=target.pk if target else None,
        client_id=client_id,
        reason=reason,
        request_id=current_request_id.get(),
    )
