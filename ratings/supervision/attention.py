"""Clients who need a supervisor's attention: the signals that say so, who has seen them, and what the filters keep."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import QueryDict

from alliance_tracker.accounts.models import User
from ratings.analysis.all_rules import RULES
from ratings.analysis.attention_order import attention_key
from ratings.caseload import lists
from ratings.caseload.lists import CaseloadRow, OpenSignal
from ratings.models import FollowUp, Signal, SignalReview

SEVERITIES = {"high": "High", "medium": "Medium", "low": "Low"}
SEEN = {"": "Seen or not", "no": "Not seen by you", "yes": "Seen by you"}


@dataclass(frozen=True)
class Attention:
    """A client who needs attention: the signals that say so, the most severe first, who has seen them, what to do."""

    row: CaseloadRow
    signals: Sequence[OpenSignal]
    reviews: Sequence[SignalReview]
    follow_ups: Sequence[FollowUp]
    supervisor: User

    @property
    def signal(self) -> OpenSignal:
        return self.signals[0]

    @property
    def others(self) -> Sequence[OpenSignal]:
        return self.signals[1:]

    @cached_property
    def seen(self) -> list[SignalReview]:
        """The latest review by each supervisor who has seen all the signals."""
        found: dict[Any, list[SignalReview]] = {}
        for review in self.reviews:
            found.setdefault(review.by_id, []).append(review)
        return [max(each, key=lambda review: review.at) for each in found.values() if len(each) == len(self.signals)]

    @property
    def is_seen(self) -> bool:
        """Whether this supervisor has seen all the signals."""
        return any(review.by_id == self.supervisor.pk for review in self.seen)


@dataclass(frozen=True)
class Filters:
    """What the address asks for. A rule, a choice or a severity that does not exist is left out of it.

    A clinician whom this supervisor does not supervise leaves no rows.
    """

    clinician: str = ""
    rule: str = ""
    seen: str = ""
    severities: Sequence[str] = ()

    @classmethod
    def read(cls, given: QueryDict) -> "Filters":
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

    def keep_row(self, row: CaseloadRow) -> bool:
        return not self.clinician or str(row.clinician.pk) == self.clinician

    @property
    def are_set(self) -> bool:
        return bool(self.clinician or self.rule or self.seen or self.severities)


def attention(
    supervisor: User, rows: Sequence[CaseloadRow], now: datetime, follow_ups: Iterable[FollowUp] = ()
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
    return sorted(items, key=lambda item: attention_key(item.signal.rule, item.signal.opened_at))


def attention_of(supervisor: User, client_id: UUID, now: datetime) -> Attention | None:
    """Return one client as the page shows them; None where they need no attention."""
    rows = lists.rows(lists.supervised(supervisor, now).filter(client=client_id), now)
    follow_ups = FollowUp.objects.supervised_by(supervisor, now).open().filter(episode__client=client_id)
    return next(iter(attention(supervisor, rows, now, follow_ups.with_people(now))), None)


def signals_named(item: Attention | None, given: Sequence[str], now: datetime) -> list[Signal]:
    """Return those of the client's signals that a form named: one that came after the page was shown is not seen."""
    keys = [signal.summary["id"] for signal in item.signals if signal.summary["id"] in given] if item else []
    if item is None or not keys:
        return []
    return list(Signal.objects.supervised_by(item.supervisor, now).filter(pk__in=keys).select_related("episode"))
