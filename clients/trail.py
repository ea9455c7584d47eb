"""The audit trail as people read it: who did what to which record, and when. Never what the record says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from django.db.models import Q

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.models import AuditEvent, AuditEventQuerySet
from clients.actions import local
from clients.models import Client

PAGE_SIZE = 50
LOOKS, EXPORTS = Q(action__endswith=".viewed"), Q(action__endswith=".exported")
SIGN_INS = Q(action__in=["user.signed_in", "user.signed_out", "user.sign_in_failed", "user.password_changed"])
PEOPLE = Q(action__regex=r"^(user|invitation|supervision|settings)\.") & ~SIGN_INS
EMERGENCY = Q(action__startswith="emergency_access.")
KINDS: dict[str, tuple[str, Q]] = {
    "": ("Everything", Q()),
    "looks": ("Looks", LOOKS),
    "exports": ("Exports", EXPORTS),
    "records": ("Changes to clients' records", ~(LOOKS | EXPORTS | SIGN_INS | PEOPLE | EMERGENCY)),
    "people": ("People and settings", PEOPLE),
    "sign_ins": ("Sign-in", SIGN_INS),
    "emergency": ("Emergency access", EMERGENCY),
}
WORDS = {
    "client.viewed": "Looked at a client's record",
    "caseload.viewed": "Looked at a list of clients",
    "ratings.exported": "Took ratings out as a file",
    "report.viewed": "Looked at the service report",
    "report.exported": "Took a report out as a file",
    "validation_extract.exported": "Took a pseudonymous extract out as a file",
    "mirror.viewed": "Looked at their own figures",
    "client_rating.handed_over": "Handed the device to the client",
    "emergency_access.not_needed": "Asked for emergency access that was not needed",
    "emergency_access.throttled": "Asked for emergency access too often",
    "audit_trail.viewed": "Looked at the audit trail",
    "user.signed_in": "Signed in",
    "user.signed_out": "Signed out",
    "user.sign_in_failed": "Sign-in failed",
}
CLINICAL = ("signal.", "signals.", "rupture.", "case.", "follow_up.")
SAID_BY_ADMINS = ("user.", "supervision.", "client.handed_on")


@dataclass(frozen=True)
class Entry:
    """One event, with names for the ids in it where there still are any."""

    event: AuditEvent
    names: dict[UUID, str]
    codes: dict[UUID, str]

    @property
    def who(self) -> str:
        """Name the actor; clients and the service itself have no account."""
        actor = self.event.actor_id
        return self.names.get(actor, "Unknown account") if actor else "No account"

    @property
    def what(self) -> str:
        """Say what was done; of a strain or a decision only that the record was changed: more would be clinical."""
        if self.event.action.startswith(CLINICAL):
            return "Changed a client's record"
        return WORDS.get(self.event.action) or self.event.action.replace(".", " ").replace("_", " ").capitalize()

    @property
    def about(self) -> str:
        """Name what it was done to: a client by code, or a person."""
        event = self.event
        code = self.codes.get(event.client_id, "") if event.client_id else ""
        if code or event.target_id is None or event.target_id == event.actor_id:
            return code
        return self.names.get(event.target_id, "")

    @property
    def reason(self) -> str:
        """Say why, where an administrator wrote it: what clinicians write may be clinical."""
        return self.event.reason if self.event.action.startswith(SAID_BY_ADMINS) else ""


@dataclass(frozen=True)
class Page:
    """Some entries, the newest first; `older` is the event from which the next page goes on."""

    entries: Sequence[Entry]
    older: UUID | None


def found(person: User | None, kind: str, day: date | None) -> AuditEventQuerySet:
    events = AuditEvent.objects.filter(KINDS[kind][1])
    if person:
        events = events.filter(Q(actor_id=person.pk) | Q(target_id=person.pk))
    if day:
        events = events.between(local(day, time.min), local(day + timedelta(days=1), time.min))
    return events


def page_of(events: AuditEventQuerySet, before: UUID | None) -> Page:
    """Read one page in a fixed number of queries, from the event after `before` on."""
    last = AuditEvent.objects.filter(pk=before).first() if before else None
    shown = list((events.older_than(last) if last else events).newest_first()[: PAGE_SIZE + 1])
    older = shown[PAGE_SIZE - 1].pk if len(shown) > PAGE_SIZE else None
    return Page(entries(shown[:PAGE_SIZE]), older)


def entries(events: Sequence[AuditEvent]) -> list[Entry]:
    people = {pk for event in events for pk in (event.actor_id, event.target_id) if pk}
    clients = {event.client_id for event in events if event.client_id}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
    codes = dict(Client.objects.filter(pk__in=clients).values_list("pk", "code"))
    return [Entry(event, names, codes) for event in events]
