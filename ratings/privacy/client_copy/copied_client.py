"""What every table of the copy for a client reads: the client, the therapies and the sessions, as of one moment."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.models import Client, Episode, TherapySession
from ratings.models import Rating

THE_CLIENT_OR_NOBODY = "The client, or the service by itself"
CopyRow = dict[str, Any]


def moment(at: datetime | None) -> str | None:
    return timezone.localtime(at).isoformat(timespec="minutes") if at else None


@dataclass(frozen=True)
class CopiedClient:
    """A client whose record is copied, as `user`, who makes the file, may see it now."""

    client: Client
    user: User
    now: datetime

    @cached_property
    def episodes(self) -> list[Episode]:
        return list(self.client.episodes.order_by("started_on", "pk"))

    @cached_property
    def sessions(self) -> QuerySet[TherapySession]:
        return TherapySession.objects.filter(episode__client=self.client).order_by("starts_at", "pk")

    @property
    def ratings(self) -> QuerySet[Rating]:
        """The ratings that have opened."""
        return Rating.objects.opened(self.now).filter(session__in=self.sessions)

    @cached_property
    def therapy(self) -> dict[Any, int]:
        """The number of each therapy by its id."""
        return {episode.pk: number for number, episode in enumerate(self.episodes, start=1)}

    @cached_property
    def day(self) -> dict[Any, date]:
        """The day of each session by its id."""
        return {session.pk: session.day for session in self.sessions}


def roles(person: User | None) -> str:
    return ", ".join(person.role_names) or "Staff" if person else THE_CLIENT_OR_NOBODY
