"""What people do to clients, episodes, assignments and sessions. Each is one transaction with its audit event."""

import re
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils import timezone

from alliance_tracker.accounts.actions import check_an_admin_stays, end_pairs, lock_person
from alliance_tracker.accounts.models import User
from alliance_tracker.accounts.sign_ins import drop_sign_ins
from alliance_tracker.audit.actions import record
from clients.models import Assignment, Client, Episode, Modality, NotRated, TherapySession, open_at

PLAN_AHEAD = timedelta(weeks=8)
FURTHEST_AHEAD = timedelta(days=366)


def local(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def lock_episode(episode: Episode) -> Episode:
    """Hold the episode's row until the transaction ends: everything derived from its sessions waits for it.

    One that was erased meanwhile is missing for everyone: Http404.
    """
    return get_object_or_404(Episode.objects.select_for_update(), pk=episode.pk)


def lock_therapies(client: Client) -> list[Episode]:
    """Hold the client's row and those of all their episodes: which one is open, and who holds them, waits for it."""
    get_object_or_404(Client.objects.select_for_update(), pk=client.pk)
    return list(client.episodes.select_for_update().order_by("pk"))


def lock_clinician(clinician: User) -> User:
    """Hold the row of someone who is about to take a client on, so that they stay a clinician until it is done."""
    clinician = lock_person(clinician)
    if not (clinician.is_active and clinician.is_clinician):
        raise ValidationError(f"{clinician.name} cannot take clients on.")
    return clinician


def code_taken(code: str) -> ValidationError:
    return ValidationError({"code": f"{code} is taken. Give each client a code of their own."})


def check_code_is_free(code: str, client: Client | None = None) -> None:
    having = Client.objects.filter(code__iexact=code)
    if (having.exclude(pk=client.pk) if client else having).exists():
        raise code_taken(code)


def save_with_own_code(client: Client, fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            client.save(update_fields=fields)
    except IntegrityError as clash:
        raise code_taken(client.code) from clash


@transaction.atomic
def create_client(
    *,
    code: str,
    clinician: User,
    by: User,
    name: str = "",
    email: str = "",
    first_session: datetime | None = None,
    weekly: bool = False,
    modality: str = Modality.IN_PERSON,
) -> Client:
    """Add a client with an open episode. With `weekly`, the first session sets the weekly pattern."""
    check_code_is_free(code)
    client = Client(code=code, name=name, email=email)
    save_with_own_code(client)
    record("client.created", by=by, target=client, client_id=client.pk)
    start_episode(client, clinician=clinician, by=by, first_session=first_session, weekly=weekly, modality=modality)
    return client


@transaction.atomic
def update_client(client: Client, *, code: str, by: User, name: str, email: str) -> None:
    check_code_is_free(code, client)
    client.code, client.name, client.email = code, name, email
    save_with_own_code(client, ["code", "name", "email"])
    record("client.updated", by=by, target=client, client_id=client.pk)


@transaction.atomic
def start_episode(
    client: Client,
    *,
    clinician: User,
    by: User,
    first_session: datetime | None = None,
    weekly: bool = False,
    modality: str = Modality.IN_PERSON,
) -> Episode:
    """Open an episode. A client who comes back keeps the earlier ones, which follow to this clinician."""
    clinician = lock_clinician(clinician)
    earlier_ones = lock_therapies(client)
    if any(earlier.is_open for earlier in earlier_ones):
        raise ValidationError("This client has an open therapy already.")
    for earlier in earlier_ones:
        assign(earlier, clinician)
    started_on = timezone.localdate(first_session) if first_session else timezone.localdate()
    if any(earlier.ended_on and earlier.ended_on > started_on for earlier in earlier_ones):
        raise ValidationError("The earlier therapy had not ended by that day. Choose a later first session.")
    episode = Episode.objects.create(client=client, started_on=started_on, modality=modality)
    Assignment.objects.create(episode=episode, clinician=clinician)
    record("episode.started", by=by, target=episode, client_id=client.pk)
    if first_session:
        add_session(episode, starts_at=first_session, modality=modality, by=by)
        if weekly:
            start = timezone.localtime(first_session)
            set_pattern(episode, weekday=start.weekday(), weekly_at=start.time(), modality=modality, by=by)
    return episode


def current_clinician(episode: Episode) -> User:
    return episode.assignments.open().select_related("clinician").get().clinician


def check_session_fits(episode: Episode, starts_at: datetime) -> None:
    """Refuse a session outside its episode, or more than a year ahead."""
    day = timezone.localdate(starts_at)
    if day < episode.started_on:
        raise ValidationError(f"This therapy began on {episode.started_on:%-d %B %Y}. Choose that day or a later one.")
    if episode.ended_on and day > episode.ended_on:
        raise ValidationError(f"This therapy ended on {episode.ended_on:%-d %B %Y}. Choose that day or an earlier one.")
    if starts_at > timezone.now() + FURTHEST_AHEAD:
        raise ValidationError("That is more than a year ahead. Check the date.")


def check_start_is_free(episode: Episode, starts_at: datetime, session: TherapySession | None = None) -> None:
    there = episode.sessions.filter(starts_at=starts_at, voided_at=None)
    if (there.exclude(pk=session.pk) if session else there).exists():
        raise ValidationError("There is a session of this client at that time already.")


@transaction.atomic
def add_session(episode: Episode, *, starts_at: datetime, modality: str, by: User) -> TherapySession:
    episode = lock_episode(episode)
    check_session_fits(episode, starts_at)
    check_start_is_free(episode, starts_at)
    session = TherapySession.objects.create(
        episode=episode, clinician=current_clinician(episode), starts_at=starts_at, modality=modality
    )
    record("session.added", by=by, target=session, client_id=episode.client_id)
    return session


@transaction.atomic
def set_pattern(episode: Episode, *, weekday: int | None, weekly_at: time | None, modality: str, by: User) -> None:
    """Set or stop the weekly pattern: from tomorrow on, planned sessions make way for the new plan."""
    episode = lock_episode(episode)
    if not episode.is_open:
        raise ValidationError("This therapy has ended. Reopen it to plan sessions.")
    today = timezone.localdate()
    episode.sessions.plans(after=local(today, time.max)).filter(from_pattern=True).delete()
    episode.weekday, episode.weekly_at, episode.modality = weekday, weekly_at, modality
    episode.planned_until = today
    episode.save(update_fields=["weekday", "weekly_at", "modality", "planned_until"])
    plan_sessions(episode, today)
    record("pattern.changed", by=by, target=episode, client_id=episode.client_id)


def plan_sessions(episode: Episode, today: date) -> int:
    """Top up the planned sessions to eight weeks ahead; how many were added. Safe to run again."""
    weekly_at = episode.weekly_at
    if episode.weekday is None or weekly_at is None or not episode.is_open:
        return 0
    planned_until = max(episode.planned_until or today, episode.started_on - timedelta(days=1))
    first = planned_until + timedelta(days=1)
    day = first + timedelta(days=(episode.weekday - first.weekday()) % 7)
    days = [day + timedelta(weeks=week) for week in range((today + PLAN_AHEAD - day).days // 7 + 1)]
    starts = [start for day in days if (start := local(day, weekly_at)) and not is_taken(episode, start)]
    clinician = current_clinician(episode)
    TherapySession.objects.bulk_create(
        TherapySession(
            episode=episode, clinician=clinician, starts_at=start, modality=episode.modality, from_pattern=True
        )
        for start in starts
    )
    Episode.objects.filter(pk=episode.pk).update(planned_until=max(today + PLAN_AHEAD, planned_until))
    return len(starts)


def top_up_plans(today: date) -> int:
    """Plan every weekly pattern eight weeks ahead, each in its own transaction; how many sessions were added."""
    weekly = Episode.objects.open().exclude(weekday=None)
    due = weekly.filter(Q(planned_until=None) | Q(planned_until__lt=today + PLAN_AHEAD))
    return sum(top_up_plan(episode, today) for episode in due)


@transaction.atomic
def top_up_plan(episode: Episode, today: date) -> int:
    return plan_sessions(lock_episode(episode), today)


def is_taken(episode: Episode, starts_at: datetime) -> bool:
    return episode.sessions.filter(starts_at=starts_at, voided_at=None).exists()


def assign(episode: Episode, clinician: User) -> bool:
    """Close the open assignment and open the next at the same instant; whether anything changed."""
    now = timezone.now()
    held = episode.assignments.get(open_at(now))
    if held.clinician_id == clinician.pk:
        return False
    held.ends_at = now
    held.save(update_fields=["ends_at"])
    Assignment.objects.create(episode=episode, clinician=clinician, starts_at=now)
    return True


def check_reason_leaves_code_out(reason: str, client: Client) -> None:
    """Refuse a reason that names the client: the audit trail keeps it, even when the record is erased."""
    if re.search(rf"(?<!\w){re.escape(client.code)}(?!\w)", reason, re.IGNORECASE):
        raise ValidationError(f"Leave {client.code} out of the reason: the audit trail keeps it for good.")


@transaction.atomic
def hand_on(episode: Episode, *, to: User, by: User, reason: str = "") -> None:
    """Hand the client of this episode on, closed episodes included.

    Sessions to come move along; past ones that the leaving clinician has not rated close as not rated.
    """
    check_reason_leaves_code_out(reason, episode.client)
    to, now = lock_clinician(to), timezone.now()
    changed = False
    for each in lock_therapies(episode.client):
        changed |= assign(each, to)
    if not changed:
        raise ValidationError(f"{to.name} holds this client already.")
    sessions = TherapySession.objects.filter(episode__client=episode.client_id).counting()
    sessions.waiting().filter(starts_at__lte=now).update(not_rated_reason=NotRated.HANDED_ON)
    sessions.filter(starts_at__gt=now).update(clinician=to)
    record("client.handed_on", by=by, target=episode, client_id=episode.client_id, reason=reason)


@transaction.atomic
def hand_on_caseload(*, to: dict[Episode, User], by: User, reason: str) -> int:
    """Hand on each client to their new clinician; how many."""
    for episode, clinician in to.items():
        hand_on(episode, to=clinician, by=by, reason=reason)
    return len(to)


@transaction.atomic
def deactivate_person(person: User, *, to: dict[Episode, User], by: User, reason: str) -> None:
    """Take away access at once: the password no longer works, and every sign-in ends with it.

    Refused until every open episode has someone to take it on, and for the last admin.
    """
    check_an_admin_stays(without=person)
    person = lock_person(person)
    if not person.is_active:
        raise ValidationError(f"{person.name} is deactivated already.")
    held = set(Episode.objects.open().filter(assignments__in=Assignment.objects.open().filter(clinician=person)))
    if held - set(to):
        raise ValidationError("Choose who takes over each open client first.")
    hand_on_caseload(to={episode: to[episode] for episode in held}, by=by, reason=reason)
    end_pairs(person.supervises.all(), by=by)
    person.is_active, person.deactivated_at = False, timezone.now()
    person.set_unusable_password()
    person.save(update_fields=["is_active", "deactivated_at", "password"])
    record("user.deactivated", by=by, target=person, reason=reason)
    drop_sign_ins(person)
