"""What the supervisor of the demo has done: last week's meeting with its actions, follow-ups, pages looked at."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.db.models import Model

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.models import AuditEvent
from clients.actions import local
from clients.models import Episode
from ratings.demo.people import HELEN, Person
from ratings.demo.rows import uuid_at
from ratings.models import AgendaItem, FollowUp, Meeting, Signal, SignalReview
from ratings.models.supervision import Decision

A_WEEK = timedelta(days=7)
SATURDAY = 5
A_CASE = timedelta(minutes=12)


@dataclass(frozen=True)
class Task:
    """An action for a client; `due` in days from today. Without an owner it is the clinician's."""

    code: str
    what: str
    due: int
    owner: Person | None = None
    is_done: bool = False


@dataclass(frozen=True)
class MeetingCase:
    """A case of the meeting: why it was there, what was decided, and its action."""

    reason: str
    decision: str
    minutes: str
    task: Task


MEETING_CASES = (
    MeetingCase(
        "Needs attention first: unusually low.",
        Decision.JOINT,
        "Kit has been quieter since the summer break. Ana would like company in the room before they talk about it.",
        Task("C-0088", "Offer Kit a joint session and agree a date", -2),
    ),
    MeetingCase(
        "Open for long: the client rates lower than the clinician.",
        Decision.TRY,
        "Robin rates the tasks lower than Maya does. Ask openly which of them help, and leave one out for two weeks.",
        Task("C-0142", "Ask Robin which of the tasks helps least", 1),
    ),
    MeetingCase(
        "Not reviewed in supervision yet.",
        Decision.CONTINUE,
        "Sol says that being asked at the start of each session helps. Tell the group.",
        Task("C-0094", "Tell the group what helps with Sol", -5, HELEN, is_done=True),
    ),
)
GIVEN = (
    Task("C-0107", "Call Toni about the missed session", 0),
    Task("C-0160", "Ask Wim what keeps the ratings from being saved", 3, HELEN),
)
LOOKED_AT = ("C-0088", "C-0107", "C-0142", "C-0155")
SEEN = "C-0107"


class Secretary:
    """Writes what the supervisor did, with the events that the actions would have recorded."""

    def __init__(self, users: dict[Person, User], now: datetime, chance: Random) -> None:
        self.users, self.now, self.chance = users, now, chance
        self.helen = users[HELEN]
        codes = {*LOOKED_AT, SEEN, *(case.task.code for case in MEETING_CASES), *(task.code for task in GIVEN)}
        found = Episode.objects.filter(ended_on=None, client__code__in=codes).select_related("client")
        self.episodes = {episode.client.code: episode for episode in found}

    def key(self, at: datetime) -> dict[str, Any]:
        return {"id": uuid_at(self.chance, at)}

    def write(self) -> None:
        day = workday_before(self.now.date() - A_WEEK)
        self.meet(day)
        for task in GIVEN:
            self.add(task, local(day + timedelta(days=2), time(17, 5)))
        for turn, code in enumerate(LOOKED_AT):
            self.record("client.viewed", local(day, time(14, 10 * turn)), self.episodes[code].client, code)
        self.see(local(workday_before(self.now.date() - timedelta(days=2)), time(9, 20)))

    def meet(self, day: date) -> None:
        began = local(day, time(15))
        closed = began + A_CASE * (len(MEETING_CASES) + 1)
        prepared = local(day, time(13, 50))
        meeting = Meeting.objects.create(
            **self.key(prepared), supervisor=self.helen, held_on=day, prepared_at=prepared, closed_at=closed
        )
        self.record("meeting.prepared", prepared, meeting)
        for place, case in enumerate(MEETING_CASES, start=1):
            self.decide(meeting, place, case, began + A_CASE * place)
        self.record("meeting.closed", closed, meeting)

    def decide(self, meeting: Meeting, place: int, case: MeetingCase, at: datetime) -> None:
        item = AgendaItem.objects.create(
            **self.key(at),
            meeting=meeting,
            episode=self.episodes[case.task.code],
            place=place,
            reason=case.reason,
            decision=case.decision,
            decided_at=at,
            minutes=case.minutes,
            action=self.add(case.task, at),
        )
        self.record("case.decided", at, item, case.task.code)

    def add(self, task: Task, at: datetime) -> FollowUp:
        done_at = at + timedelta(days=1) if task.is_done else None
        follow_up = FollowUp.objects.create(
            **self.key(at),
            episode=self.episodes[task.code],
            what=task.what,
            owner=self.users[task.owner] if task.owner else None,
            due_on=self.now.date() + timedelta(days=task.due),
            made_by=self.helen,
            made_at=at,
            done_at=done_at,
            done_by=self.helen if done_at else None,
        )
        self.record("follow_up.added", at, follow_up, task.code)
        if done_at:
            self.record("follow_up.done", done_at, follow_up, task.code)
        return follow_up

    def see(self, at: datetime) -> None:
        """Review the signals of one client that stood open by then."""
        for signal in Signal.objects.open().filter(episode=self.episodes[SEEN], opened_at__lt=at).order_by("pk"):
            SignalReview.objects.create(**self.key(at), signal=signal, by=self.helen, at=at)
            self.record("signal.reviewed", at, signal, SEEN)

    def record(self, action: str, at: datetime, target: Model, code: str = "") -> None:
        AuditEvent.objects.create(
            **self.key(at),
            at=at,
            actor_id=self.helen.pk,
            action=action,
            target_type=str(target._meta.model_name),  # noqa: SLF001
            target_id=target.pk,
            client_id=self.episodes[code].client_id if code else None,
        )


def workday_before(day: date) -> date:
    """Return this day, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))
