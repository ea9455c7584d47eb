"""What admins may know of clients: the code, who holds it and since when. Never a name, a session or a rating."""

from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from alliance_tracker.accounts.models import User
from clients.models import Assignment, Episode

PAGE_SIZE = 50
STATUSES = {"": "Open", "closed": "Closed", "all": "Open and closed"}


def latest_episodes() -> QuerySet[Any]:
    """Return the latest episode of each client, with `code`, `holder` and `held_since` beside its own columns."""
    held = Assignment.objects.open().filter(episode=OuterRef("pk"))
    return (
        Episode.objects.latest_of_each_client()
        .defer("weekday", "weekly_at", "modality")
        .annotate(
            code=F("client__code"),
            holder=Subquery(held.values("clinician__name")[:1]),
            held_since=Subquery(held.values("starts_at")[:1]),
        )
        .order_by("code")
    )


def found(q: str, status: str) -> QuerySet[Any]:
    episodes = latest_episodes().filter(code__icontains=q)
    return episodes if status == "all" else episodes.filter(ended_on__isnull=status != "closed")


def held_by(person: User) -> QuerySet[Any]:
    """Return the open episodes that this clinician holds now."""
    holding = Assignment.objects.open().filter(clinician=person)
    return latest_episodes().filter(ended_on=None, pk__in=holding.values("episode"))
