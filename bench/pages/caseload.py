"""Who and what the pages are measured with: the demo's caseload, a long therapy, and a clinician with 400 clients."""

from contextlib import redirect_stdout
from datetime import timedelta
from io import StringIO
from random import Random

from django.core.management import call_command
from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.models import Client, TherapySession
from ratings.models import Rater
from tests.factories import ClientFactory, SessionFactory, UserFactory, rate

SESSIONS, MANY = 60, 400
CHANCE = Random(2026)


def somewhere(level: int = 5) -> int:
    return max(1, min(7, level + CHANCE.choice((-1, 0, 0, 0, 1))))


def long_therapy(code: str, clinician: User) -> Client:
    """Make a client with 60 sessions, each rated by both, with a strain and its repair on the way."""
    client = ClientFactory(code=code, name="Robin", clinician=clinician)
    client.episodes.update(started_on=timezone.localdate() - timedelta(days=7 * SESSIONS + 10))
    client.episodes.get().assignments.update(starts_at=timezone.now() - timedelta(days=7 * SESSIONS + 10))
    for week in range(SESSIONS, 0, -1):
        session = SessionFactory(client=client, starts_at=timezone.now() - timedelta(days=7 * week))
        dips = week in {30, 29}
        rate(session, 2 if dips else somewhere(), note="A word on the session." if week % 3 == 0 else "")
        rate(session, 3 if dips else somewhere(), rater=Rater.CLIENT)
    return client


def unrated(client: Client) -> TherapySession:
    """Make a session that waits for a rating; each time a later one."""
    latest = client.episodes.get().sessions.latest("starts_at")
    return SessionFactory(client=client, starts_at=latest.starts_at + timedelta(minutes=1))


def many_clients(clinician: User) -> None:
    """Give a clinician 400 clients of two ratings each."""
    for number in range(MANY):
        client = ClientFactory(code=f"M-{number:04}", clinician=clinician)
        for days in (8, 1):
            rate(SessionFactory(client=client, starts_at=timezone.now() - timedelta(days=days)), somewhere())


def build() -> None:
    """Fill an empty database: the same rows on every run of one day."""
    call_command("migrate", verbosity=0)
    with redirect_stdout(StringIO()):
        call_command("load_demo")
    long_therapy("READ", UserFactory(email="reads@example.org"))
    long_therapy("SAVED", UserFactory(email="saves@example.org"))
    many_clients(UserFactory(email="many@example.org"))


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@example.org")
