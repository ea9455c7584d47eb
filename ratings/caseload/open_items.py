"""What is open about the clients of a supervisor who are not on the list of those who need attention.

An item is a signal (a note on the chart, or one that is paused, too), a strain without a signal, or a follow-up.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alliance_tracker.accounts.models import User
from ratings.analysis.attention_order import attention_key
from ratings.caseload.lists import CaseloadRow
from ratings.models import FollowUp, Signal, SignalPause
from ratings.models.signal import State

WITH_CLINICIAN = "in the clinician's list"
NOTE = "note on the chart"
PAUSED = "signals are paused"
STRAIN = "with the clinician"
FOLLOW_UP = "follow-up"


@dataclass(frozen=True)
class OpenItem:
    """One thing that is open about a client: what, where it stands, since when."""

    what: str
    where: str
    since: datetime


def open_items(
    supervisor: User, rows: Sequence[CaseloadRow], now: datetime, follow_ups: Iterable[FollowUp]
) -> dict[UUID, list[OpenItem]]:
    """Return what is open, by episode, in two queries: signals in the order of attention, then strains, follow-ups."""
    found: dict[UUID, list[OpenItem]] = defaultdict(list)
    running = SignalPause.objects.filter(resumed_at=None, episode__in=[row.episode.pk for row in rows])
    paused = set(running.values_list("episode", flat=True))
    signals = Signal.objects.supervised_by(supervisor, now).open().only("rule", "rule_version", "opened_at", "episode")
    for signal in sorted(signals, key=lambda each: attention_key(each.of_rule, each.opened_at)):
        where = NOTE if signal.of_rule.tier == "note" else WITH_CLINICIAN
        where = PAUSED if signal.episode_id in paused else where
        found[signal.episode_id].append(OpenItem(signal.of_rule.title, where, signal.opened_at))
    for row in rows:
        if (strain := strain_item(row)) and all(item.where == NOTE for item in found[row.episode.pk]):
            found[row.episode.pk].insert(0, strain)
    for follow_up in follow_ups:
        if follow_up.is_open:
            found[follow_up.episode_id].append(OpenItem(f"To do: {follow_up.what}", FOLLOW_UP, follow_up.made_at))
    return found


def strain_item(row: CaseloadRow) -> OpenItem | None:
    """Return the open strain of a row as an item; None without one."""
    standing = getattr(row.episode, "standing", None)
    if standing is None or not standing.strain:
        return None
    since = datetime.fromisoformat(standing.strain["since"])
    return OpenItem(f"Strain: {State(standing.strain['state']).label.lower()}", STRAIN, since)
