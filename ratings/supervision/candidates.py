"""The clients who may become cases of a supervisor's meeting, as the rule that proposes cases reads them.

The rule is in `ratings/analysis/proposed_cases.py`, and `meeting_actions.py` makes cases of what it proposes.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone

from ratings.analysis.attention_order import attention_key
from ratings.analysis.proposed_cases import Candidate
from ratings.caseload import lists
from ratings.caseload.lists import CaseloadRow
from ratings.caseload.open_items import open_items
from ratings.models import AgendaItem, FollowUp, Meeting, Rater

LAST_MEETINGS = 2


def candidates(meeting: Meeting, now: datetime) -> list[Candidate]:
    """Return every open episode that the supervisor of this meeting reviews, as the rule reads it, in eight queries."""
    supervisor = meeting.supervisor
    rows = lists.rows(lists.supervised(supervisor, now), now)
    reviewed = set(
        AgendaItem.objects.supervised_by(supervisor, now).decided().order_by().values_list("episode", flat=True)
    )
    follow_ups = list(
        FollowUp.objects.supervised_by(supervisor, now).open().only("episode", "made_at", "done_at", "what")
    )
    items, lately = open_items(supervisor, rows, now, follow_ups), cases_of_last_meetings(meeting)
    waiting: dict[Any, datetime] = {}
    for each in follow_ups:
        waiting[each.episode_id] = min(each.made_at, waiting.get(each.episode_id, each.made_at))
    return [
        candidate(
            row,
            waiting.get(row.episode.pk),
            reviewed=row.episode.pk in reviewed,
            lately=row.episode.pk in lately,
            has_open_item=bool(items.get(row.episode.pk)),
        )
        for row in rows
    ]


def cases_of_last_meetings(meeting: Meeting) -> set[Any]:
    """Return the episodes that were cases of this supervisor's two meetings before this one."""
    before = Meeting.objects.visible_to(meeting.supervisor).exclude(pk=meeting.pk).filter(held_on__lte=meeting.held_on)
    last = list(before.order_by("-held_on", "-pk").values_list("pk", flat=True)[:LAST_MEETINGS])
    cases = AgendaItem.objects.supervised_by(meeting.supervisor).filter(meeting__in=last, dropped=False)
    return set(cases.order_by().values_list("episode", flat=True))


def candidate(row: CaseloadRow, waits_since: datetime | None, **known: bool) -> Candidate:
    """Return a client as the rule reads them; `waits_since` is when the oldest open follow-up was given."""
    first = row.first_signal
    moments = [signal.opened_at for signal in row.signals] + ([waits_since] if waits_since else [])
    clinician, client = (row.documents[rater].get("rated", 0) for rater in (Rater.CLINICIAN, Rater.CLIENT))
    own, theirs = (row.from_usual(rater, "overall") for rater in (Rater.CLINICIAN, Rater.CLIENT))
    return Candidate(
        key=row.episode.pk,
        code=row.client.code,
        started_on=row.episode.started_on,
        place=attention_key(first.rule, first.opened_at) if first else None,
        signal=first.rule.title if first else "",
        signal_since=timezone.localdate(first.opened_at) if first else None,
        open_since=timezone.localdate(min(moments)) if moments else None,
        rated=(clinician, client),
        above=(own, theirs),
        **known,
    )
