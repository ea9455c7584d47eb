"""What all parts of the client's page read: one episode, its sessions, and whose client it is."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from alliance_tracker.accounts.models import User
from clients.models import Client, Episode, TherapySession
from ratings.caseload.timeline import Timeline, coming_sessions, timeline_of
from ratings.models import Rater

PLANNED_SHOWN = 4


@dataclass
class VisibleEpisode:
    """One episode of a client as this person may see it now. Each part is read when it is first asked for."""

    client: Client
    episode: Episode
    user: User
    now: datetime

    @cached_property
    def is_mine(self) -> bool:
        return Client.objects.editable_by(self.user, self.now).contains(self.client)

    @cached_property
    def is_supervised(self) -> bool:
        return Client.objects.supervised_by(self.user, self.now).contains(self.client)

    @cached_property
    def timeline(self) -> Timeline:
        return timeline_of(self.episode, self.user, self.now)

    @cached_property
    def numbers(self) -> dict[Any, int | None]:
        """The number of each past session, by its key; None where the session was not held."""
        return {entry.session.pk: entry.number for entry in self.timeline.entries}

    @cached_property
    def coming(self) -> list[TherapySession]:
        return coming_sessions(self.episode, self.user, self.now)

    @property
    def planned(self) -> list[TherapySession]:
        """The next sessions still to come, for the clinician who may change them."""
        return self.coming[:PLANNED_SHOWN] if self.is_mine else []

    @property
    def names_in_sentences(self) -> dict[str, str]:
        """What each rater is called within a sentence."""
        clinician = "you" if self.is_mine else "the clinician"
        return {Rater.CLINICIAN: clinician, Rater.CLIENT: self.client.name or "the client"}

    @property
    def labels(self) -> tuple[str, str]:
        """What the clinician and the client are called in keys and headers."""
        return ("you" if self.is_mine else "clinician", self.client.name or "client")
