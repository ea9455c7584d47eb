"""The clients who may become cases of a supervisor's meeting, as the rule that proposes cases reads them.

The rule is in `ratings/analysis/proposed_cases.py`, and `meeting_actions.py` makes cases of what it proposes.
"""

from datetime import datetime
from typing import Any

from django.db.models import Min
from django.utils import timezone

from alliance_tracker.accounts.models import User
from ratings.analysis.attention_order import attention_key
from ratings.analysis.proposed_cases import Candidate
from ratings.caseload import lists
from ratings.caseload.lists import CaseloadRow
from ratings.models import AgendaItem, FollowUp, Rater, Signal

UNCLEAR = "little-information"


def candidates(supervisor: User, now: datetime) -> list[Candidate]:
    """Return every open episode that this supervisor reviews, as the rule reads it, in five queries."""
    rows = lists.rows(lists.supervised(supervisor, now), now)
    mine = AgendaItem.objects.supervised_by(supervisor, now)
    reviewed = set(mine.decided().order_by().values_list("episode", flat=True))
    asked = FollowUp.objects.supervised_by(supervisor, now).open().order_by().values("episode")
    waiting = dict(asked.annotate(since=Min("made_at")).values_list("episode", "since"))
    unclear = unclear_episodes(supervisor, now)
    return [
        candidate(
            row, waiting.get(row.episode.pk), reviewed=row.episode.pk in reviewed, unclear=row.episode.pk in unclear
        )
        for row in rows
    ]


def unclear_episodes(supervisor: User, now: datetime) -> set[Any]:
    """Return the episodes whose answers say little: the same on every row, or all sevens."""
    flat = Signal.objects.supervised_by(supervisor, now).open().filter(rule=UNCLEAR)
    return set(flat.values_list("episode", flat=True))


def candidate(row: CaseloadRow, waits_since: datetime | None, *, reviewed: bool, unclear: bool) -> Candidate:
    """Return a client as the rule reads them; `waits_since` is when the oldest open follow-up was given."""
    first, document = row.first_signal, row.documents[Rater.CLINICIAN]
    moments = [signal.opened_at for signal in row.signals] + ([waits_since] if waits_since else [])
    return Candidate(
        key=row.episode.pk,
        code=row.client.code,
        started_on=row.episode.started_on,
        place=attention_key(first.rule, first.opened_at) if first else None,
        signal=first.rule.title if first else "",
        signal_since=timezone.localdate(first.opened_at) if first else None,
        open_since=timezone.localdate(min(moments)) if moments else None,
        reviewed=reviewed,
        unclear=unclear,
        rated=document.get("rated", 0),
        above=row.from_usual(Rater.CLINICIAN, "overall"),
    )
