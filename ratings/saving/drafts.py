"""Drafts: what is typed in a rating form and not saved yet."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.actions import lock_episode
from clients.models import TherapySession
from ratings.models import RatingDraft, RatingVersion


@transaction.atomic
def keep_draft(session: TherapySession, answers: dict[str, Any], *, by: User, key: UUID | None) -> None:
    """Keep what is typed, unless the form with this key has been saved meanwhile."""
    lock_episode(session.episode)
    if key and RatingVersion.objects.filter(saved_by=by, idempotency_key=key).exists():
        return
    RatingDraft.objects.update_or_create(
        session=session, user=by, defaults={"answers": json.dumps(answers), "changed_at": timezone.now()}
    )


def drop_outdated_drafts(now: datetime) -> int:
    """Nightly: delete drafts that were not changed for 14 days; how many."""
    return RatingDraft.objects.outdated(now).delete()[0]
