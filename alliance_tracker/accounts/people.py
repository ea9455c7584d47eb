"""What the pages about people show, in a fixed number of queries."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Prefetch, Q, prefetch_related_objects
from django.utils import timezone

from alliance_tracker.accounts.actions import token_hash
from alliance_tracker.accounts.models import Invitation, Supervision, User

PAGE_SIZE = 50
ACTIVE, INVITED, DEACTIVATED = "active", "invited", "deactivated"
STATUSES = {
    "": "Active and invited",
    ACTIVE: "Active",
    INVITED: "Invited",
    DEACTIVATED: "Deactivated",
    "all": "Everyone",
}


class Row(NamedTuple):
    """Someone with an account, or invited to one."""

    status: str
    person: User | Invitation

    def answers(self, q: str, role: str, status: str) -> bool:
        in_status = status in {self.status, "all"} or (not status and self.status != DEACTIVATED)
        found = q.casefold() in f"{self.person.name} {self.person.email}".casefold()
        return in_status and found and (not role or getattr(self.person, f"is_{role}"))


def with_open_clients() -> Count:
    now = timezone.now()
    held = Q(assignments__starts_at__lte=now) & (Q(assignments__ends_at=None) | Q(assignments__ends_at__gt=now))
    return Count("assignments", filter=held & Q(assignments__episode__ended_on=None))


def everyone() -> list[Row]:
    """Return active people by name, then invitations, then deactivated people."""
    people = list(User.objects.order_by("name", "pk"))
    invited = Invitation.objects.pending().select_related("supervisor").order_by("name", "pk")
    return [
        *(Row(ACTIVE, person) for person in people if person.is_active),
        *(Row(INVITED, invitation) for invitation in invited),
        *(Row(DEACTIVATED, person) for person in people if not person.is_active),
    ]


def counted(rows: Iterable[Row]) -> str:
    counts = Counter(row.status for row in rows)
    return ", ".join(f"{counts[status]} {status}" for status in (ACTIVE, INVITED, DEACTIVATED))


def complete(rows: Sequence[Row]) -> None:
    """Give each person on the page their current pairs, as `current_pairs`, and the number of their `open_clients`."""
    current = Supervision.objects.current().select_related("supervisor").order_by("supervisor__name")
    people = [row.person for row in rows if isinstance(row.person, User)]
    prefetch_related_objects(people, Prefetch("supervised_by", current, to_attr="current_pairs"))
    shown = User.objects.filter(pk__in=[person.pk for person in people]).annotate(n=with_open_clients())
    numbers = dict(shown.values_list("pk", "n"))
    for person in people:
        person.open_clients = numbers[person.pk]


class PairRow(NamedTuple):
    """A supervision as its days: from the first to the last, which is None while it is open."""

    pk: UUID
    other: User
    first: date
    last: date | None
    ended: bool


def pairs_of(person: User) -> dict[str, list[PairRow]]:
    """Return the person's supervisors and supervisees by name, those of the past last."""
    now = timezone.now()
    above = [pair_row(each, each.supervisor, now) for each in person.supervised_by.select_related("supervisor")]
    below = [pair_row(each, each.clinician, now) for each in person.supervises.select_related("clinician")]
    return {"supervisors": sorted(above, key=pair_order), "supervisees": sorted(below, key=pair_order)}


def pair_order(row: PairRow) -> tuple[bool, str, date]:
    return row.ended, row.other.name, row.first


def pair_row(pair: Supervision, other: User, now: datetime) -> PairRow:
    last = timezone.localdate(pair.ends_at - timedelta(microseconds=1)) if pair.ends_at else None
    return PairRow(pair.pk, other, timezone.localdate(pair.starts_at), last, bool(pair.ends_at and pair.ends_at <= now))


def usable_invitation(token: str) -> Invitation | None:
    return Invitation.objects.usable(timezone.now()).filter(token_hash=token_hash(token)).first()
