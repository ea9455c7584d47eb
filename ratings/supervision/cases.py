"""The cases of a supervisor's meetings: the clients as the rule of preparation reads them, and a meeting as a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import F, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.models import Episode, TherapySession
from ratings.analysis.agenda import Case
from ratings.analysis.triage import place
from ratings.caseload import lists
from ratings.caseload.brief import Line, brief
from ratings.caseload.lists import CaseloadRow
from ratings.models import AgendaItem, FollowUp, Meeting, Rater, Rating, Signal, Standing
from ratings.supervision.forms import AddCaseForm, CaseForm

UNCLEAR = "little-information"


def cases(supervisor: User, now: datetime) -> list[Case]:
    """Return every open episode that this supervisor reviews, as the rule reads it: five queries at any number."""
    rows = lists.rows(lists.supervised(supervisor, now), now)
    mine = AgendaItem.objects.supervised_by(supervisor, now)
    reviewed = set(mine.decided().order_by().values_list("episode", flat=True))
    asked = FollowUp.objects.supervised_by(supervisor, now).open().order_by().values("episode")
    waiting = dict(asked.annotate(since=Min("made_at")).values_list("episode", "since"))
    unclear = unclear_episodes(supervisor, now)
    return [
        case_of(
            row, waiting.get(row.episode.pk), reviewed=row.episode.pk in reviewed, unclear=row.episode.pk in unclear
        )
        for row in rows
    ]


def unclear_episodes(supervisor: User, now: datetime) -> set[Any]:
    """Return the episodes whose answers say little: the same on every row, or all sevens."""
    flat = Signal.objects.supervised_by(supervisor, now).open().filter(rule=UNCLEAR)
    return set(flat.values_list("episode", flat=True))


def case_of(row: CaseloadRow, waits_since: datetime | None, *, reviewed: bool, unclear: bool) -> Case:
    first, document = row.first_signal, row.documents[Rater.CLINICIAN]
    moments = [signal.opened_at for signal in row.signals] + [waits_since] * (waits_since is not None)
    return Case(
        key=row.episode.pk,
        code=row.client.code,
        started_on=row.episode.started_on,
        place=place(first.rule, first.opened_at) if first else None,
        signal=first.rule.title if first else "",
        signal_since=timezone.localdate(first.opened_at) if first else None,
        open_since=timezone.localdate(min(moments)) if moments else None,
        reviewed=reviewed,
        unclear=unclear,
        rated=document.get("rated", 0),
        above=row.from_usual(Rater.CLINICIAN, "overall"),
    )


def items_of(meeting: Meeting, now: datetime) -> QuerySet[AgendaItem]:
    """Return the cases of a meeting whose clients its supervisor still reviews, pinned ones first."""
    mine = AgendaItem.objects.supervised_by(meeting.supervisor, now).filter(meeting=meeting)
    return mine.with_clients(now).order_by(F("pinned").desc(), "place")


@dataclass(frozen=True)
class Shown:
    """One case on the page of a meeting: its brief, and the form for what is decided."""

    item: AgendaItem
    lines: list[Line]
    form: CaseForm


@dataclass
class MeetingPage:
    """One meeting as its supervisor sees it now; `sent` is a form that came back with an error."""

    meeting: Meeting
    now: datetime
    sent: CaseForm | None = None
    sent_item: AgendaItem | None = None

    @cached_property
    def items(self) -> list[AgendaItem]:
        return list(items_of(self.meeting, self.now))

    @cached_property
    def shown(self) -> list[Shown]:
        kept = [item for item in self.items if not item.dropped]
        lines = briefs([item.episode for item in kept], self.meeting.supervisor, self.now)
        return [Shown(item, lines[item.episode_id], self.form_of(item)) for item in kept]

    def form_of(self, item: AgendaItem) -> CaseForm:
        if self.sent and item == self.sent_item:
            return self.sent
        return CaseForm(item=item, user=self.meeting.supervisor)

    def one(self, item: AgendaItem) -> Shown:
        return next(shown for shown in self.shown if shown.item == item)

    @property
    def dropped(self) -> list[AgendaItem]:
        return [item for item in self.items if item.dropped]

    @property
    def decided(self) -> int:
        return sum(bool(shown.item.decision) for shown in self.shown)

    @cached_property
    def carried_over(self) -> list[FollowUp]:
        """The actions of this supervisor's earlier meetings that are not done."""
        mine = FollowUp.objects.supervised_by(self.meeting.supervisor, self.now).recent(self.now)
        earlier = mine.filter(agenda_item__meeting__supervisor=self.meeting.supervisor)
        before = earlier.filter(agenda_item__meeting__prepared_at__lt=self.meeting.prepared_at)
        return list(before.with_people(self.now))

    @cached_property
    def add_form(self) -> AddCaseForm:
        return add_form(self.meeting, self.now)


def add_form(meeting: Meeting, now: datetime, data: Any = None) -> AddCaseForm:
    """Return the form that offers every client of the supervisor's who is not a case of the meeting yet."""
    there = set(meeting.items.filter(dropped=False).values_list("episode", flat=True))
    rows = lists.rows(lists.supervised(meeting.supervisor, now).order_by("client__code"), now)
    return AddCaseForm(data, offered=[row for row in rows if row.episode.pk not in there])


def briefs(episodes: Sequence[Episode], supervisor: User, now: datetime) -> dict[Any, list[Line]]:
    """Return the five lines of each episode: two queries at any number."""
    sessions = TherapySession.objects.supervised_by(supervisor, now).filter(episode=OuterRef("pk"))
    noted = Rating.objects.supervised_by(supervisor, now).filter(rater=Rater.CLINICIAN).exclude(note="")
    latest_note = noted.filter(session__episode=OuterRef("pk")).order_by("-session__starts_at").values("pk")[:1]
    moments = Episode.objects.filter(pk__in=[episode.pk for episode in episodes]).annotate(
        last=Subquery(sessions.held(now).order_by("-starts_at").values("starts_at")[:1]),
        coming=Subquery(sessions.counting().filter(starts_at__gt=now).order_by("starts_at").values("starts_at")[:1]),
        noted=Subquery(latest_note),
    )
    found = {episode.pk: episode for episode in moments}
    notes = noted.select_related("session").in_bulk([each.noted for each in found.values() if each.noted])
    return {
        episode.pk: brief(
            getattr(episode, "standing", None) or Standing(),
            notes.get(found[episode.pk].noted),
            found[episode.pk].last,
            found[episode.pk].coming,
        )
        for episode in episodes
    }
