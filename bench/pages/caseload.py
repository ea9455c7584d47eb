"""The data that pages are measured with: the demo, three long therapies, a clinician with 400 clients."""

from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import datetime, timedelta
from io import StringIO
from random import Random

from django.core.management import call_command
from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.models import Attendance, Client, TherapySession
from ratings.models import Rater, Rating
from ratings.standing.refresh import refresh_standing
from tests.factories import ClientFactory, SessionFactory, UserFactory, answers, rate

SESSIONS, LONGEST, MANY = 60, 1000, 400
STRAINED = (30, 29)
CHANCE = Random(2026)


def somewhere(level: int = 5) -> int:
    """Return a score at this level or one beside it, at random."""
    return max(1, min(7, level + CHANCE.choice((-1, 0, 0, 0, 1))))


def long_therapy(code: str, clinician: User, sessions: int) -> Client:
    """Make a client with weekly sessions, all rated by both.

    About half a year ago there is a strain, and its repair.
    """
    now = timezone.now()
    began = now - timedelta(days=7 * sessions + 10)
    client = ClientFactory.create(code=code, name="Robin", clinician=clinician)
    client.episodes.update(started_on=timezone.localdate(began))
    episode = client.episodes.get()
    episode.assignments.update(starts_at=began)
    took_place = {"episode": episode, "clinician": clinician, "attendance": Attendance.ATTENDED, "rated": True}
    held = TherapySession.objects.bulk_create(
        TherapySession(starts_at=now - timedelta(days=7 * week), **took_place) for week in range(sessions, 0, -1)
    )
    Rating.objects.bulk_create(rating for session in held for rating in both_ratings(session, now))
    refresh_standing(episode, now)
    return client


def both_ratings(session: TherapySession, now: datetime) -> Iterator[Rating]:
    """Yield the clinician's and the client's rating of a session, not saved."""
    week = (now - session.starts_at).days // 7
    saved_at = session.starts_at + timedelta(hours=1)
    score, theirs = (2, 3) if week in STRAINED else (somewhere(), somewhere())
    note = "A word on the session." if week % 3 == 0 else ""
    yield Rating(
        session=session, rater=Rater.CLINICIAN, author=session.clinician, saved_at=saved_at, note=note, **answers(score)
    )
    yield Rating(session=session, rater=Rater.CLIENT, saved_at=saved_at, opens_at=saved_at, **answers(theirs))


def unrated(client: Client) -> TherapySession:
    """Make a session that waits for a rating, a minute after the client's latest."""
    latest = client.episodes.get().sessions.latest("starts_at")
    return SessionFactory.create(client=client, starts_at=latest.starts_at + timedelta(minutes=1))


def many_clients(clinician: User) -> None:
    """Give a clinician 400 clients with two ratings each."""
    for number in range(MANY):
        client = ClientFactory.create(code=f"M-{number:04}", clinician=clinician)
        for days in (8, 1):
            rate(SessionFactory.create(client=client, starts_at=timezone.now() - timedelta(days=days)), somewhere())


def build() -> None:
    """Fill an empty database. On the same day every run makes the same rows."""
    call_command("migrate", verbosity=0)
    with redirect_stdout(StringIO()):
        call_command("load_demo")
    long_therapy("READ", UserFactory.create(email="reads@example.org"), SESSIONS)
    long_therapy("SAVED", UserFactory.create(email="saves@example.org"), SESSIONS)
    long_therapy("LONG", UserFactory.create(email="long@example.org"), LONGEST)
    many_clients(UserFactory.create(email="many@example.org"))


def person(name: str) -> User:
    """Return the person with this name in the e-mail address."""
    return User.objects.get(email=f"{name}@example.org")
