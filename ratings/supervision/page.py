"""What a supervisor's page shows of clients who need attention: filtered, with what supervisors have seen of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.datastructures import MultiValueDict

from alliance_tracker.accounts.models import User
from clients.models import Episode
from ratings.analysis.rules import RULES
from ratings.analysis.triage import place
from ratings.caseload import lists
from ratings.caseload.drawn_figure import Drawn
from ratings.caseload.lists import Listed, Row
from ratings.figures.funnel_and_stages import Place, Stage, funnel, stages, stages_of
from ratings.models import FollowUp, Rater, Signal, SignalReview
from ratings.supervision.cases import unclear_episodes

SEVERITIES = {"high": "High", "medium": "Medium", "low": "Low"}
SEEN = {"": "Seen or not", "no": "Not seen by you", "yes": "Seen by you"}
MANY_FOLLOW_UPS = 6
COVERED = timedelta(days=30)
FUNNEL_WORDS = (
    "Distance from usual by rated sessions",
    "Each client's latest rating against their own usual level. All values are in the table below.",
)
STAGE_WORDS = (
    "Latest overall rating by stage of therapy",
    "One dot per client, stacked where ratings are alike. All values are in the table below.",
)


@dataclass(frozen=True)
class Attention:
    """A client who needs attention: the signals that say so, the gravest first, who reviewed them, what is to do."""

    row: Row
    signals: Sequence[Listed]
    reviews: Sequence[SignalReview]
    follow_ups: Sequence[FollowUp]
    supervisor: User

    @property
    def signal(self) -> Listed:
        return self.signals[0]

    @property
    def others(self) -> Sequence[Listed]:
        return self.signals[1:]

    @cached_property
    def seen(self) -> list[SignalReview]:
        """Who has seen all of it, each with their latest word."""
        found: dict[Any, list[SignalReview]] = {}
        for review in self.reviews:
            found.setdefault(review.by_id, []).append(review)
        return [max(each, key=lambda review: review.at) for each in found.values() if len(each) == len(self.signals)]

    @property
    def is_seen(self) -> bool:
        """Whether this supervisor has seen all of it."""
        return any(review.by_id == self.supervisor.pk for review in self.seen)


@dataclass(frozen=True)
class Filters:
    """What the address asks for. A clinician not reviewed now has no rows; what else it does not know is left out."""

    clinician: str = ""
    rule: str = ""
    seen: str = ""
    severities: Sequence[str] = ()

    @classmethod
    def read(cls, given: MultiValueDict) -> "Filters":
        clinician, rule, seen = (given.get(name, "") for name in ("clinician", "rule", "seen"))
        return cls(
            clinician,
            rule if rule in RULES else "",
            seen if seen in SEEN else "",
            [severity for severity in SEVERITIES if severity in given.getlist("severity")],
        )

    def keep(self, item: Attention) -> bool:
        return (
            self.keep_row(item.row)
            and (not self.rule or any(signal.rule.id == self.rule for signal in item.signals))
            and (not self.seen or item.is_seen == (self.seen == "yes"))
            and (not self.severities or item.signal.rule.severity in self.severities)
        )

    def keep_row(self, row: Row) -> bool:
        return not self.clinician or str(row.clinician.pk) == self.clinician

    @property
    def are_set(self) -> bool:
        return bool(self.clinician or self.rule or self.seen or self.severities)


def attention(
    supervisor: User, rows: Sequence[Row], now: datetime, follow_ups: Iterable[FollowUp] = ()
) -> list[Attention]:
    """Return the clients with a signal for the supervisor, by the rule's rank, then the oldest first.

    Each has what is still to do of these follow-ups.
    """
    found = {row: [signal for signal in row.signals if signal.is_for_supervision(now)] for row in rows}
    wanted = {row: signals for row, signals in found.items() if signals}
    keys = [signal.summary["id"] for signals in wanted.values() for signal in signals]
    reviews: dict[str, list[SignalReview]] = {}
    seen = SignalReview.objects.supervised_by(supervisor, now).filter(signal__in=keys)
    for review in seen.select_related("by").only("signal", "at", "by__name"):
        reviews.setdefault(str(review.signal_id), []).append(review)
    to_do: dict[UUID, list[FollowUp]] = {}
    for follow_up in follow_ups:
        if follow_up.is_open:
            to_do.setdefault(follow_up.episode_id, []).append(follow_up)
    items = [
        Attention(
            row,
            signals,
            [each for signal in signals for each in reviews.get(signal.summary["id"], [])],
            to_do.get(row.episode.pk, []),
            supervisor,
        )
        for row, signals in wanted.items()
    ]
    return sorted(items, key=lambda item: place(item.signal.rule, item.signal.opened_at))


def attention_of(supervisor: User, client_id: UUID, now: datetime) -> Attention | None:
    """Return the row of one client; None where they need no attention."""
    rows = lists.rows(lists.supervised(supervisor, now).filter(client=client_id), now)
    follow_ups = FollowUp.objects.supervised_by(supervisor, now).open().filter(episode__client=client_id)
    return next(iter(attention(supervisor, rows, now, follow_ups.with_people(now))), None)


def signals_named(item: Attention | None, given: Sequence[str], now: datetime) -> list[Signal]:
    """Return those of the client's signals that a form named, so that what came meanwhile is not taken as seen."""
    keys = [signal.summary["id"] for signal in item.signals if signal.summary["id"] in given] if item else []
    if item is None or not keys:
        return []
    return list(Signal.objects.supervised_by(item.supervisor, now).filter(pk__in=keys).select_related("episode"))


@dataclass
class SupervisionPage:
    """A supervisor's clients as the address asks to see them."""

    supervisor: User
    now: datetime
    options: MultiValueDict

    @cached_property
    def episodes(self) -> list[Episode]:
        """The open therapies, and those that ended in the days of coverage."""
        return list(lists.supervised(self.supervisor, self.now, ended_within=COVERED))

    @cached_property
    def rows(self) -> list[Row]:
        return lists.rows([episode for episode in self.episodes if episode.is_open], self.now)

    @cached_property
    def clinicians(self) -> dict[str, User]:
        found = {str(row.clinician.pk): row.clinician for row in self.rows}
        return dict(sorted(found.items(), key=lambda pair: pair[1].name))

    @cached_property
    def filters(self) -> Filters:
        return Filters.read(self.options)

    @cached_property
    def all_attention(self) -> list[Attention]:
        return attention(self.supervisor, self.rows, self.now, self.all_follow_ups)

    @cached_property
    def attention(self) -> list[Attention]:
        return [item for item in self.all_attention if self.filters.keep(item)]

    @property
    def severities(self) -> list[tuple[str, str, int, bool]]:
        """Each severity with its words, how many there are, and whether it is asked for."""
        found = [item.signal.rule.severity for item in self.all_attention if self.filters.keep_row(item.row)]
        return [(key, words, found.count(key), key in self.filters.severities) for key, words in SEVERITIES.items()]

    @property
    def rules(self) -> dict[str, str]:
        """The signals that a supervisor can meet, by name."""
        return {rule.id: rule.title for rule in RULES.values() if rule.tier != "note"}

    @property
    def seen_choices(self) -> dict[str, str]:
        return SEEN

    @cached_property
    def calm(self) -> list[tuple[Row, bool]]:
        """Who needs no attention, by clinician, and whether their answers are unclear."""
        urgent, unclear = {item.row for item in self.all_attention}, unclear_episodes(self.supervisor, self.now)
        kept = [row for row in self.rows if row not in urgent and self.filters.keep_row(row)]
        ordered = sorted(kept, key=lambda row: (row.clinician.name, row.client.code))
        return [(row, row.episode.pk in unclear) for row in ordered]

    @cached_property
    def all_follow_ups(self) -> list[FollowUp]:
        return list(FollowUp.objects.supervised_by(self.supervisor, self.now).recent(self.now).with_people(self.now))

    @property
    def follow_ups(self) -> list[FollowUp]:
        return [each for each in self.all_follow_ups if not self.filters.clinician or self.of_clinician(each)]

    def of_clinician(self, follow_up: FollowUp) -> bool:
        return str(follow_up.episode.current[0].clinician_id) == self.filters.clinician

    @property
    def first_follow_ups(self) -> list[FollowUp]:
        return self.follow_ups[:MANY_FOLLOW_UPS]

    @property
    def more_follow_ups(self) -> list[FollowUp]:
        return self.follow_ups[MANY_FOLLOW_UPS:]

    @cached_property
    def places(self) -> list[Place]:
        return [place_of(row) for row in self.rows if self.filters.keep_row(row)]

    @cached_property
    def placed(self) -> list[Place]:
        """Those who can be read against a usual level of their own, furthest below first."""
        return sorted((each for each in self.places if each.z is not None), key=lambda each: (each.z, each.code))

    @property
    def flagged(self) -> list[Place]:
        return [each for each in self.placed if each.flagged]

    @cached_property
    def funnel(self) -> Drawn | None:
        return Drawn(funnel(self.places), *FUNNEL_WORDS) if self.placed else None

    @cached_property
    def stages(self) -> list[Stage]:
        return stages_of([stage_place(row) for row in self.rows if self.filters.keep_row(row)])

    @cached_property
    def stage_figure(self) -> Drawn | None:
        return Drawn(stages(self.stages), *STAGE_WORDS) if any(stage.scores for stage in self.stages) else None


def place_of(row: Row) -> Place:
    """Place a client by the form that may alarm at the latest rated session: the client's where it has a score."""
    mine, theirs = row.documents[Rater.CLINICIAN], row.documents[Rater.CLIENT]
    newest = theirs and theirs["scores"]["overall"] is not None and theirs["rated_at"] >= mine.get("rated_at", "")
    document = theirs if newest else mine
    z = document.get("z")
    overall = document.get("scores", {}).get("overall")
    upwards = None if z is None else -z
    return Place(row.client.code, document.get("rated", 0), overall, upwards, flagged=bool(document.get("flag")))


def stage_place(row: Row) -> Place:
    """Place a client by the clinician's latest overall rating."""
    document = row.documents[Rater.CLINICIAN]
    return Place(row.client.code, document.get("rated", 0), row.overall, None)
