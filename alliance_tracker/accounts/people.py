"""What the pages about people show, in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet
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
    """Someone with an account, or invited to one. Of an account, also the present supervisors and the open clients."""

    status: str
    person: User | Invitation
    supervisors: Sequence[User] = ()
    open_clients: int = 0


class People:
    """Whom a search finds: active people by name, then invitations, then deactivated people. Read page by page."""

    def __init__(self, q: str = "", role: str = "", status: str = "") -> None:
        people = narrowed(User.objects.order_by("name", "pk"), q, role)
        invited = narrowed(Invitation.objects.pending().order_by("name", "pk"), q, role)
        found = {
            ACTIVE: people.filter(is_active=True),
            INVITED: invited.select_related("supervisor"),
            DEACTIVATED: people.filter(is_active=False),
        }
        wanted = {status} if status in found else set(found) if status == "all" else {ACTIVE, INVITED}
        self.sections = {name: rows for name, rows in found.items() if name in wanted}

    @cached_property
    def sizes(self) -> dict[str, int]:
        return {status: rows.count() for status, rows in self.sections.items()}

    def count(self) -> int:
        return sum(self.sizes.values())

    def __getitem__(self, cut: slice) -> list[Row]:
        found: list[Row] = []
        start, stop = cut.start, cut.stop
        for status, rows in self.sections.items():
            if start < self.sizes[status] and stop > 0:
                found += [Row(status, person) for person in rows[max(start, 0) : stop]]
            start, stop = start - self.sizes[status], stop - self.sizes[status]
        return found


def narrowed(people: QuerySet[Any], q: str, role: str) -> QuerySet[Any]:
    """Keep those with the role, and with the words in their name or e-mail. SQLite knows no case beyond ASCII."""
    kept = people.filter(**{f"is_{role}": True}) if role else people
    if not q:
        return kept
    names = kept.values_list("pk", "name", "email")
    return kept.filter(pk__in=[pk for pk, name, email in names if q.casefold() in f"{name} {email}".casefold()])


def with_open_clients() -> Count:
    now = timezone.now()
    held = Q(assignments__starts_at__lte=now) & (Q(assignments__ends_at=None) | Q(assignments__ends_at__gt=now))
    return Count("assignments", filter=held & Q(assignments__episode__ended_on=None))


def counted() -> str:
    return ", ".join(f"{size} {status}" for status, size in People(status="all").sizes.items())


def completed(rows: Iterable[Row]) -> list[Row]:
    """Return the rows of one page with each person's supervisors, by name, and the number of their open clients."""
    rows = list(rows)
    people = [row.person.pk for row in rows if isinstance(row.person, User)]
    supervisors: dict[UUID, list[User]] = {pk: [] for pk in people}
    pairs = Supervision.objects.current().filter(clinician__in=people)
    for pair in pairs.select_related("supervisor").order_by("supervisor__name"):
        supervisors[pair.clinician_id].append(pair.supervisor)
    counted_ones = User.objects.filter(pk__in=people).annotate(n=with_open_clients())
    open_clients = dict(counted_ones.values_list("pk", "n"))
    return [
        row._replace(supervisors=supervisors[row.person.pk], open_clients=open_clients[row.person.pk])
        if isinstance(row.person, User)
        else row
        for row in rows
    ]


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
