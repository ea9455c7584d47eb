"""The rows of the demo as the actions would have written them, with the events of the audit trail."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import exp
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import Model

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.models import AuditEvent
from clients.actions import PLAN_AHEAD, local
from clients.models import Assignment, Attendance, Client, Episode, NotRated, TherapySession
from ratings.demo.course import Course
from ratings.demo.diary import Appointment, Slot, appointments
from ratings.demo.past_sessions import Visit
from ratings.demo.people import ILSE, Person
from ratings.demo.questions import link_of
from ratings.models import Channel, ClientLink, Rater, Rating, RatingVersion
from ratings.saving.actions import ANSWERS, content_hash

SESSION_OVER = timedelta(hours=1)


def uuid_at(chance: Random, at: datetime) -> UUID:
    """Return a time-ordered UUID (version 7) of that moment, its other bits by chance."""
    milliseconds = int(at.timestamp() * 1000)
    variant = 0b10 << 62 | chance.getrandbits(62)
    return UUID(int=milliseconds << 80 | 7 << 76 | chance.getrandbits(12) << 64 | variant)


@dataclass
class Rows:
    """The rows to write, by model, in an order in which every foreign key finds its row."""

    clients: list[Client] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    sessions: list[TherapySession] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    versions: list[RatingVersion] = field(default_factory=list)
    links: list[ClientLink] = field(default_factory=list)
    events: list[AuditEvent] = field(default_factory=list)


class Scribe:
    """Collects the rows of one client's therapies, oldest first."""

    def __init__(self, rows: Rows, users: dict[Person, User], courses: list[Course], today: date) -> None:
        self.rows, self.users, self.today = rows, users, today
        self.chance, self.willing = courses[0].random("ids"), courses[0].random("questions")
        self.client = Client(code=courses[0].code, name=courses[0].name)

    def write(self, course: Course, slot: Slot) -> None:
        diary = appointments(course, slot, self.today)
        began = local(min(diary[0].starts_at.date() - timedelta(days=4), self.today - timedelta(days=1)), time(9, 20))
        holder = self.users[course.clinician]
        former = self.users[course.before[0]] if course.before else holder
        episode = self.begin(course, slot, diary, began, former)
        handed_on = began if former == holder else self.hand_on(episode, diary, holder)
        for number, appointment in enumerate(diary):
            by = former if appointment.starts_at < handed_on else holder
            by_hand = number == 0 or course.every > 1
            added_at = max(began, appointment.starts_at - timedelta(weeks=2)) if by_hand else None
            session = self.session(episode, appointment, by, added_at)
            self.ratings(session, appointment)
            if appointment.visit and not self.client.invitations_stopped_at:
                self.ask(session, appointment, stops=number == course.stopped)
        if episode.ended_on:
            self.record("episode.ended", local(episode.ended_on, time(18, 45)), holder, episode)

    def begin(self, course: Course, slot: Slot, diary: list[Appointment], began: datetime, by: User) -> Episode:
        """Start the episode, the first one with its client. Earlier ones of a client who comes back move along."""
        if self.client not in self.rows.clients:
            self.client.pk, self.client.created_at = uuid_at(self.chance, began), began
            self.rows.clients.append(self.client)
            self.record("client.created", began, by, self.client)
        weekly = course.is_open and course.every == 1
        ended_on = None if course.is_open else diary[-1].starts_at.date()
        episode = Episode(
            id=uuid_at(self.chance, began),
            client=self.client,
            started_on=diary[0].starts_at.date(),
            ended_on=ended_on,
            ending="" if course.is_open else course.ending,
            weekday=slot[0] if weekly else None,
            weekly_at=slot[1] if weekly else None,
            modality=course.modality,
            ask_every=course.asks,
            planned_until=(ended_on or self.today) + PLAN_AHEAD if course.every == 1 else None,
        )
        self.rows.episodes.append(episode)
        self.move(by, began)
        self.assign(episode, by, began)
        self.record("episode.started", began, by, episode)
        if course.every == 1:
            self.record("pattern.changed", began, by, episode)
        return episode

    def move(self, to: User, at: datetime) -> None:
        """End what other clinicians hold of this client, and assign it to this one at the same instant."""
        for held in [each for each in self.rows.assignments if each.episode.client == self.client]:
            if held.ends_at is None and held.clinician != to:
                held.ends_at = at
                self.assign(held.episode, to, at)

    def assign(self, episode: Episode, to: User, at: datetime) -> None:
        assignment = Assignment(id=uuid_at(self.chance, at), episode=episode, clinician=to, starts_at=at)
        self.rows.assignments.append(assignment)

    def hand_on(self, episode: Episode, diary: list[Appointment], to: User) -> datetime:
        """Hand the client on, the day after the former clinician's last session."""
        last = max(each.starts_at for each in diary if each.visit and each.visit.by_former)
        at = local(last.date() + timedelta(days=1), time(12))
        self.move(to, at)
        self.record("client.handed_on", at, self.users[ILSE], episode)
        return at

    def session(
        self, episode: Episode, appointment: Appointment, by: User, added_at: datetime | None
    ) -> TherapySession:
        """Write a session: added by hand at that moment, or else planned by the weekly pattern."""
        starts_at, visit = appointment.starts_at, appointment.visit
        session = TherapySession(
            id=uuid_at(self.chance, starts_at - PLAN_AHEAD),
            episode=episode,
            clinician=by,
            starts_at=starts_at,
            modality=episode.modality,
            from_pattern=not added_at,
        )
        self.rows.sessions.append(session)
        if added_at:
            self.record("session.added", added_at, by, session)
        if visit:
            self.settle(session, visit)
        return session

    def settle(self, session: TherapySession, visit: Visit) -> None:
        """Set what became of a past session; one that nobody has touched stays planned."""
        over = session.starts_at + SESSION_OVER
        if visit.clinician or visit.client:
            session.attendance = Attendance.ATTENDED
        elif visit.attendance != Attendance.ATTENDED:
            session.attendance = visit.attendance
            self.record("session.attendance_changed", over, session.clinician, session)
        if visit.not_suitable:
            session.not_rated_reason = NotRated.NOT_SUITABLE
            self.record("session.suitability_changed", over, session.clinician, session)
        elif visit.by_former and session.counts and not visit.clinician:
            session.not_rated_reason = NotRated.HANDED_ON

    def ratings(self, session: TherapySession, appointment: Appointment) -> None:
        visit = appointment.visit
        if visit and visit.clinician and appointment.clinician_at:
            session.rated = True
            self.rating(session, Rater.CLINICIAN, visit.clinician, appointment.clinician_at)
        if visit and visit.client and appointment.client_at:
            rating = self.rating(session, Rater.CLIENT, visit.client, appointment.client_at)
            rating.opens_at = appointment.opens_at
            rating.channel = Channel.HANDOVER if appointment.is_handed_over else Channel.LINK

    def ask(self, session: TherapySession, appointment: Appointment, *, stops: bool) -> None:
        """Add how the client was asked about a past session, if at all; with `stops` they stop invitations then."""
        link = link_of(self.willing, session, appointment, stops=stops)
        if link:
            link.pk = uuid_at(self.willing, link.created_at)
            self.rows.links.append(link)
            self.record(f"{link.kind}.made", link.created_at, link.by, link)
            if stops:
                self.client.invitations_stopped_at = link.declined_at

    def rating(self, session: TherapySession, rater: str, answers: dict[str, Any], saved_at: datetime) -> Rating:
        """Add a rating, its version and its event."""
        rating, version = rating_with_version(self.chance, session, rater, answers, saved_at)
        self.rows.ratings.append(rating)
        self.rows.versions.append(version)
        self.record("rating.logged", saved_at, rating.author, rating)
        return rating

    def record(self, action: str, at: datetime, by: User | None, target: Model) -> None:
        """Append the event that the action would have recorded."""
        event = AuditEvent(
            id=uuid_at(self.chance, at),
            at=at,
            actor_id=by.pk if by else None,
            action=action,
            target_type=str(target._meta.model_name),  # noqa: SLF001
            target_id=target.pk,
            client_id=self.client.pk,
        )
        self.rows.events.append(event)


def rating_with_version(
    chance: Random, session: TherapySession, rater: str, answers: dict[str, Any], saved_at: datetime
) -> tuple[Rating, RatingVersion]:
    author = session.clinician if rater == Rater.CLINICIAN else None
    opened_at = saved_at - timedelta(seconds=seconds_open(chance, rater))
    state = {name: answers[name] for name in ANSWERS}
    state |= {"idempotency_key": uuid_at(chance, opened_at), "content_hash": content_hash(session, answers)}
    rating = Rating(
        id=uuid_at(chance, saved_at),
        session=session,
        rater=rater,
        author=author,
        opened_at=opened_at,
        saved_at=saved_at,
        **state,
    )
    version = RatingVersion(
        id=uuid_at(chance, saved_at), rating=rating, version=1, saved_by=author, saved_at=saved_at, **state
    )
    return rating, version


def seconds_open(chance: Random, rater: str) -> int:
    """Return how long a form was open: about 21 seconds with a clinician, longer with a client."""
    fastest, typical, slowest = (12, 21, 45) if rater == Rater.CLINICIAN else (30, 60, 150)
    return min(slowest, max(fastest, round(typical * exp(chance.gauss(0, 0.35)))))
