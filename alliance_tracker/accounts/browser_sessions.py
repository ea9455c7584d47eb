"""Sessions of browsers, a row each: whose it is, when it began and when somebody last acted in it.

The settings name this module as SESSION_ENGINE. A session of a therapy is a `TherapySession`.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

from alliance_tracker.accounts.models import BrowserSession

IDLE = timedelta(minutes=15)
RECENT = timedelta(minutes=10)
WRITTEN_AT_MOST_EVERY = timedelta(seconds=10)
DEVICE, CONFIRMED_AT = "device", "confirmed_at"


class SessionStore(db.SessionStore):
    """A session that ends a fixed time after it began. With each sign-in it begins anew, under a new key."""

    started_at: datetime | None = None
    acted_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[BrowserSession]:
        return BrowserSession

    def create(self) -> None:
        self.started_at = self.acted_at = timezone.now()
        super().create()

    def _get_session_from_db(self) -> BrowserSession | None:
        row: BrowserSession | None = super()._get_session_from_db()  # type: ignore[misc]  # the stubs leave it out
        if row:
            self.started_at, self.acted_at = row.started_at, row.acted_at
        return row

    def create_model_instance(self, data: dict[str, Any]) -> BrowserSession:
        row = cast("BrowserSession", super().create_model_instance(data))
        row.started_at, row.acted_at = self.started_at or timezone.now(), self.acted_at or timezone.now()
        row.expire_date = row.started_at + timedelta(seconds=self.get_session_cookie_age())
        row.user_id, row.device = data.get(SESSION_KEY), data.get(DEVICE, "")
        return row

    def is_idle(self, now: datetime) -> bool:
        return self.acted_at is not None and now - self.acted_at >= IDLE

    def act(self, now: datetime) -> None:
        """Note that the person did something. Not every time: the lock may come ten seconds early, never late."""
        if self.acted_at and now - self.acted_at >= WRITTEN_AT_MOST_EVERY:
            self.acted_at = now
            BrowserSession.objects.filter(pk=self.session_key).update(acted_at=now)

    def confirm(self, now: datetime) -> None:
        """Note that the person has just shown again who they are."""
        self[CONFIRMED_AT] = now.timestamp()

    def is_recent(self, now: datetime) -> bool:
        """Whether the sign-in, or the last confirmation of it, is fresh enough for what needs one."""
        started = self.started_at.timestamp() if self.started_at else 0
        confirmed: float = self.get(CONFIRMED_AT, 0)
        return now.timestamp() - max(started, confirmed) <= RECENT.total_seconds()
