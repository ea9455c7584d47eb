"""The page of a meeting: its cases with their briefs and forms, and what earlier meetings left to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Subquery

from alliance_tracker.accounts.models import User
from clients.models import Episode, TherapySession
from ratings.caseload import lists
from ratings.caseload.brief import THE_CLIENT, THE_CLINICIAN, Line, brief
from ratings.models import AgendaItem, FollowUp, Meeting, Rater, Rating, Standing
from ratings.supervision.forms import AddCaseForm, CaseForm


@dataclass(frozen=True)
class CasePanel:
    """One case on the page of a meeting: its brief, and the form for what is decided."""

    item: AgendaItem
    lines: list[Line]
    form: CaseForm


@dataclass
class MeetingPage:
    """One meeting as its supervisor sees it now; `sent` is the form of `sent_item`, which came back with an error."""

    meeting: Meeting
    now: datetime
    sent: CaseForm | None = None
    sent_item: AgendaItem | None = None

    @cached_property
    def items(self) -> list[AgendaItem]:
        """The cases whose clients the supervisor still reviews, pinned ones first."""
        own = AgendaItem.objects.supervised_by(self.meeting.supervisor, self.now).filter(meeting=self.meeting)
        return list(own.with_clients(self.now).order_by(F("pinned").desc(), "place"))

    @cached_property
    def cases(self) -> list[CasePanel]:
        kept = [item for item in self.items if not item.dropped]
        lines = briefs([item.episode for item in kept], self.meeting.supervisor, self.now)
        return [CasePanel(item, lines[item.episode_id], self.form_of(item)) for item in kept]

    def form_of(self, item: AgendaItem) -> CaseForm:
        if self.sent and item == self.sent_item:
            return self.sent
        return CaseForm(item=item, user=self.meeting.supervisor)

    def case_of(self, item: AgendaItem) -> CasePanel:
        return next(case for case in self.cases if case.item == item)

    @property
    def dropped(self) -> list[AgendaItem]:
        return [item for item in self.items if item.dropped]

    @property
    def decided(self) -> int:
        return sum(bool(case.item.decision) for case in self.cases)

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


def briefs(episodes: Sequence[Episode], supervisor: User, now: datetime) -> dict[UUID, list[Line]]:
    """Return the five lines of each episode, in two queries."""
    sessions = TherapySession.objects.supervised_by(supervisor, now).filter(episode=OuterRef("pk"))
    noted = Rating.objects.supervised_by(supervisor, now).filter(rater=Rater.CLINICIAN).exclude(note="")
    latest_note = noted.filter(session__episode=OuterRef("pk")).order_by("-session__starts_at").values("pk")[:1]
    standings = {episode.pk: getattr(episode, "standing", None) or Standing() for episode in episodes}
    rows = Episode.objects.filter(pk__in=standings).values_list(
        "pk",
        Subquery(sessions.held(now).order_by("-starts_at").values("starts_at")[:1]),
        Subquery(sessions.counting().filter(starts_at__gt=now).order_by("starts_at").values("starts_at")[:1]),
        Subquery(latest_note),
    )
    found = list(rows)
    notes = noted.select_related("session").in_bulk([note for *_, note in found if note])
    names = {episode.pk: episode.client.name or THE_CLIENT for episode in episodes}
    return {
        pk: brief(standings[pk], notes.get(note), last, coming, client=names[pk], clinician=THE_CLINICIAN)
        for pk, last, coming, note in found
    }
