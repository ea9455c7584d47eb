"""Who opened the pages of a clinician's clients, and when: from the audit trail, for the clinician to read."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.models import AuditEvent
from clients.models import Client

PAGE_LENGTH = 30
DONE = {
    "client.viewed": "Opened",
    "ratings.exported": "Downloaded the ratings",
    "report.exported": "Downloaded a progress report",
}


@dataclass(frozen=True)
class Opening:
    """One look by someone else; `who` is None where the account no longer exists."""

    event: AuditEvent
    client: Client
    who: User | None

    @property
    def done(self) -> str:
        how = f" by {self.event.reason.lower()}" if self.event.reason else ""
        return DONE[self.event.action] + how


@dataclass
class OpeningsPage:
    """The looks of others at the clients whom this clinician holds now, the newest first.

    `client` is the key of the one client that the address names; empty for all of them.
    """

    clinician: User
    client: str = ""
    number: str | None = None

    @cached_property
    def clients(self) -> dict[Any, Client]:
        mine = Client.objects.editable_by(self.clinician).only("code", "name").order_by("code")
        return {client.pk: client for client in mine}

    @cached_property
    def chosen(self) -> Client | None:
        return next((client for pk, client in self.clients.items() if str(pk) == self.client), None)

    def events(self) -> QuerySet[AuditEvent]:
        wanted = [self.chosen.pk] if self.chosen else list(self.clients)
        looks = AuditEvent.objects.filter(client_id__in=wanted, action__in=DONE)
        return looks.exclude(actor_id=self.clinician.pk).order_by("-at", "-pk")

    @cached_property
    def page(self) -> Page[AuditEvent]:
        return Paginator(self.events(), PAGE_LENGTH).get_page(self.number)

    @cached_property
    def openings(self) -> list[Opening]:
        people = User.objects.in_bulk({event.actor_id for event in self.page})
        return [Opening(event, self.clients[event.client_id], people.get(event.actor_id)) for event in self.page]
