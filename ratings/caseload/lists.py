"""The rows of every list of clients and sessions, each in a fixed number of queries at any size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from alliance_tracker.accounts.models import User
from clients.models import Assignment, Episode, TherapySession, TherapySessionQuerySet
from ratings.analysis.all_rules import RULES
from ratings.analysis.rule import Rule
from ratings.models import Rater
from ratings.models.signal import State

PAGE_LENGTH = 50
ROW_COLUMNS = (
    *("started_on", "ended_on", "client__code", "client__name", "standing__last_rated_at"),
    *("standing__signals", "standing__strain", "standing__clinician", "standing__client"),
)
SORTS = {
    "signals": (
        "Signals first",
        [F("standing__triage_rank").asc(nulls_last=True), F("standing__triage_since").asc(nulls_last=True)],
    ),
    "rated": ("Longest since rated", [F("standing__last_rated_at").asc(nulls_first=True)]),
    "change": ("Largest fall", [F("standing__clinician__change").asc(nulls_last=True)]),
    "usual": ("Furthest below usual", [F("standing__clinician__from_usual__overall").asc(nulls_last=True)]),
    "code": ("Code", []),
}


@dataclass(frozen=True)
class OpenSignal:
    """An open signal as its standing keeps it."""

    summary: dict[str, Any]

    @property
    def rule(self) -> Rule:
        return RULES[self.summary["rule"]]

    @property
    def sentence(self) -> str:
        return str(self.summary["sentence"])

    @property
    def rater(self) -> str:
        """Whose ratings raised it."""
        return str(self.summary.get("rater") or Rater.CLINICIAN)

    @property
    def opened_at(self) -> datetime:
        return datetime.fromisoformat(self.summary["opened_at"])

    @property
    def is_touched(self) -> bool:
        """Whether anyone has acted on it, or on its strain."""
        return bool(self.summary["touched"])

    @property
    def state(self) -> str:
        """How its strain stands, in words; nothing where it has none."""
        return State(self.summary["state"]).label if self.summary["state"] else ""

    def is_overdue(self, now: datetime) -> bool:
        """Whether it has waited untouched for two working days."""
        escalates = self.summary["escalates_at"]
        return bool(escalates) and not self.is_touched and datetime.fromisoformat(escalates) <= now

    def is_for_supervision(self, now: datetime) -> bool:
        return self.rule.tier == "supervision" or self.is_overdue(now)


@dataclass(frozen=True)
class CaseloadRow:
    """One client in a list: the newest episode, who holds it, its standing as of `now`, and how much waits."""

    episode: Episode
    now: datetime
    clinician: User = field(compare=False)
    unrated: int = field(default=0, compare=False)

    @property
    def client(self) -> Any:
        return self.episode.client

    @cached_property
    def documents(self) -> dict[str, dict[str, Any]]:
        """Return what the standing keeps of the clinician's ratings and of the client's; empty without a rating."""
        standing = getattr(self.episode, "standing", None)
        return {rater: getattr(standing, rater) if standing else {} for rater in (Rater.CLINICIAN, Rater.CLIENT)}

    def latest(self, rater: str) -> float | None:
        """Return the overall score of this rater's latest rating."""
        score: float | None = self.documents[rater].get("scores", {}).get("overall")
        return score

    @property
    def overall(self) -> float | None:
        return self.latest(Rater.CLINICIAN)

    @property
    def clients_overall(self) -> float | None:
        return self.latest(Rater.CLIENT)

    def from_usual(self, rater: str, key: str) -> float | None:
        """Return how far this rater's latest score lies from the client's usual level."""
        difference: float | None = self.documents[rater].get("from_usual", {}).get(key)
        return difference

    @property
    def change(self) -> float | None:
        change: float | None = self.documents[Rater.CLINICIAN].get("change")
        return change

    def band(self, rater: str) -> tuple[float, float] | None:
        """Return the usual range that this rater's next rating will be read against."""
        found = self.documents[rater].get("band")
        return (found[0], found[1]) if found else None

    def recent(self, rater: str) -> list[float | None]:
        """Return the overall scores of this rater's last twelve ratings, oldest first."""
        recent: list[float | None] = self.documents[rater].get("recent", [])
        return recent

    @cached_property
    def signals(self) -> list[OpenSignal]:
        """Return the open signals that lists show, in triage order."""
        standing = getattr(self.episode, "standing", None)
        return [OpenSignal(summary) for summary in standing.signals] if standing else []

    @property
    def first_signal(self) -> OpenSignal | None:
        return next(iter(self.signals), None)

    @property
    def first_overdue(self) -> OpenSignal | None:
        """The gravest item that has waited untouched for two working days: one a client."""
        return next((signal for signal in self.signals if signal.is_overdue(self.now)), None)

    @cached_property
    def days_since_rated(self) -> int | None:
        standing = getattr(self.episode, "standing", None)
        if standing is None or standing.last_rated_at is None:
            return None
        return (timezone.localdate(self.now) - timezone.localdate(standing.last_rated_at)).days


def unrated_sessions(now: datetime) -> TherapySessionQuerySet:
    """Return held sessions that still wait for the clinician's rating."""
    return TherapySession.objects.waiting().filter(starts_at__lte=now)


def with_row_columns(episodes: QuerySet[Episode], sort: str = "code") -> QuerySet[Episode]:
    """Load of these episodes only what a row shows, in the order named by a key of SORTS."""
    shown = episodes.select_related("client", "standing").only(*ROW_COLUMNS)
    return shown.order_by(*SORTS[sort][1], "client__code")


def sort_key(given: str) -> str:
    return given if given in SORTS else "signals"


@dataclass(frozen=True)
class Caseload:
    """One page of the clients that a person is responsible for: open therapies, or closed ones."""

    page: Page[UUID]
    rows: list[CaseloadRow]


def caseload(user: User, now: datetime, *, closed: bool, sort: str, number: str | None) -> Caseload:
    """Return a page of the newest episode of each client: the order is read of all, the rows of those on the page."""
    mine = Episode.objects.responsible_for(user, now)
    episodes = mine.latest_of_each_client().filter(ended_on__isnull=False) if closed else mine.open()
    page = Paginator(list(with_row_columns(episodes, sort).values_list("pk", flat=True)), PAGE_LENGTH).get_page(number)
    shown = with_row_columns(Episode.objects.filter(pk__in=page.object_list), sort)
    return Caseload(page, rows(shown, now, holder=None if user.is_supervisor else user))


def own(user: User, now: datetime, *, sort: str = "signals") -> QuerySet[Episode]:
    """Return the open episodes that this clinician holds."""
    return with_row_columns(Episode.objects.editable_by(user, now).open(), sort)


def supervised(user: User, now: datetime, *, ended_within: timedelta = timedelta()) -> QuerySet[Episode]:
    """Return the open episodes of this supervisor's supervisees, furthest below the usual level first.

    With `ended_within`, those also that may have had a session since then: none lies after the day a therapy ended.
    """
    episodes = Episode.objects.supervised_by(user, now)
    if not ended_within:
        return with_row_columns(episodes.open(), "usual")
    since = timezone.localdate(now - ended_within) - timedelta(days=1)
    return with_row_columns(episodes.filter(Q(ended_on=None) | Q(ended_on__gte=since)), "usual")


def find(user: User, sought: str, now: datetime) -> list[CaseloadRow]:
    """Return the clients whose code or name contains what is sought; names are read in Python only."""
    if not sought:
        return []
    wanted = sought.casefold()
    everyone = with_row_columns(Episode.objects.responsible_for(user, now).latest_of_each_client())
    found = [each for each in everyone if wanted in f"{each.client.code}\n{each.client.name}".casefold()]
    return rows(found, now)


def rows(episodes: Iterable[Episode], now: datetime, *, holder: User | None = None) -> list[CaseloadRow]:
    """Return the row of each of these episodes, with how many of its sessions wait for a rating.

    Give the `holder` of clinicians' own; otherwise it is looked up who holds each.
    """
    found = list(episodes)
    keys = [episode.pk for episode in found]
    waiting = unrated_sessions(now).filter(episode__in=keys).values_list("episode").annotate(Count("pk"))
    unrated = dict(waiting)
    clinicians = dict.fromkeys(keys, holder) if holder else clinicians_of(keys, now)
    return [CaseloadRow(each, now, clinicians[each.pk], unrated.get(each.pk, 0)) for each in found]


def clinicians_of(episodes: Sequence[UUID], now: datetime) -> dict[UUID, User]:
    """Return who holds each of these episodes now: each person is loaded once."""
    held = dict(Assignment.objects.open(now).filter(episode__in=episodes).values_list("episode", "clinician"))
    people = User.objects.only("name").in_bulk(set(held.values()))
    return {episode: people[clinician] for episode, clinician in held.items()}
