from datetime import datetime, timedelta
from typing import Any

import factory
from django.utils import timezone
from uuid_utils.compat import uuid7

from alliance_tracker.accounts.actions import token_hash
from alliance_tracker.accounts.models import ServiceSettings, Supervision, User
from clients.models import EMERGENCY_LASTS, Assignment, Client, EmergencyAccess, Episode, TherapySession
from ratings.elements import ITEM_KEYS
from ratings.models import ClientLink, Rater, Rating
from ratings.saving.actions import log_rating

PASSWORD = "a-long-test-password"
LINK_LASTS = timedelta(days=4)


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Faker("name")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    is_clinician = True
    password = factory.django.Password(PASSWORD)


class SupervisionFactory(factory.django.DjangoModelFactory[Supervision]):
    class Meta:
        model = Supervision

    supervisor = factory.SubFactory(UserFactory, is_clinician=False, is_supervisor=True)
    clinician = factory.SubFactory(UserFactory)
    starts_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=100))


class ClientFactory(factory.django.DjangoModelFactory[Client]):
    """A client with an open episode of 100 days, assigned to `clinician`."""

    class Meta:
        model = Client
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"C-{n:04d}")
    name = factory.Faker("first_name")

    @factory.post_generation
    def clinician(self, _create: bool, clinician: User | None, **_: Any) -> None:
        started = timezone.now() - timedelta(days=100)
        episode = Episode.objects.create(client=self, started_on=timezone.localdate(started))
        clinician = clinician or UserFactory()
        Assignment.objects.create(episode=episode, clinician=clinician, starts_at=started)


def evening_of_yesterday() -> datetime:
    """Eight in the evening, local time: ten hours before it are the same day, whatever the hour of the run."""
    return timezone.localtime().replace(hour=20, minute=0, second=0, microsecond=0) - timedelta(days=1)


class SessionFactory(factory.django.DjangoModelFactory[TherapySession]):
    """A session held yesterday unless told otherwise; give `client` for the session of an existing client."""

    class Meta:
        model = TherapySession
        exclude = ["client"]

    client = factory.SubFactory(ClientFactory)
    episode = factory.LazyAttribute(lambda session: session.client.episodes.get(ended_on=None))
    clinician = factory.LazyAttribute(lambda session: session.episode.assignments.open().get().clinician)
    starts_at = factory.Sequence(lambda n: evening_of_yesterday() - timedelta(minutes=n % 600))


class EmergencyAccessFactory(factory.django.DjangoModelFactory[EmergencyAccess]):
    """Four hours with a client's record, from now on unless `opened_at` says otherwise."""

    class Meta:
        model = EmergencyAccess

    client = factory.SubFactory(ClientFactory)
    user = factory.SubFactory(UserFactory)
    reason = "Called in a crisis, colleague away"
    opened_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda access: access.opened_at + EMERGENCY_LASTS)


def answers(score: int | None = 5, **given: Any) -> dict[str, Any]:
    """Every row the same score, but for what is given."""
    return dict.fromkeys(ITEM_KEYS, score) | given


def rate(
    session: TherapySession,
    score: int | None = 5,
    *,
    rater: str = Rater.CLINICIAN,
    by: User | None = None,
    **given: Any,
) -> Rating:
    """Save a rating through the action, as the session's clinician, its client, or an observer named by `by`."""
    ServiceSettings.objects.get_or_create()
    by = None if rater == Rater.CLIENT else by or session.clinician
    return log_rating(session, answers(score, **given), rater=rater, by=by)


def make_link(session: TherapySession, *, kind: str = ClientLink.Kind.LINK, lasts: timedelta = LINK_LASTS) -> str:
    """Make a way for the client to answer about the session; the secret that leads there."""
    secret = f"SECRET-{uuid7().hex}"
    now = timezone.now()
    ClientLink.objects.create(
        session=session, kind=kind, token_hash=token_hash(secret), created_at=now, expires_at=now + lasts
    )
    return secret


def history(client: Client, scores: list[int | None], *, days_apart: int = 7) -> list[TherapySession]:
    """Past weekly sessions of the client, the last one yesterday; each rated with its score, None for unrated."""
    start = timezone.now() - timedelta(days=1 + days_apart * (len(scores) - 1))
    sessions = []
    for index, score in enumerate(scores):
        session = SessionFactory(client=client, starts_at=start + timedelta(days=days_apart * index))
        sessions.append(session)
        if score is not None:
            rate(session, score)
    return sessions
