"""A service with enough in it for a report: sessions of several clinicians in September and October 2026."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.models import Client
from ratings.models import ClientLink, Rater, Rating, Rupture, RuptureEvent, Signal
from ratings.models.signal import State
from tests.factories import ClientFactory, SessionFactory, UserFactory, rate

SEPTEMBER, OCTOBER = datetime(2026, 9, 1, 11, tzinfo=UTC), datetime(2026, 10, 1, 11, tzinfo=UTC)
CLIENTS_EACH = 4
WEEK = timedelta(weeks=1)


def fill_service(clinicians: list[User], *, each: int = CLIENTS_EACH) -> list[Client]:
    """Give each clinician clients, four sessions a month with each client, ratings by both, and strains."""
    clients = [ClientFactory(name="", clinician=clinician) for clinician in clinicians for _ in range(each)]
    for place, client in enumerate(clients):
        for number in range(8):
            add_session(client, place, number)
        add_strain(client, place)
        for signal in Signal.objects.filter(episode__client=client).select_related("session"):
            Signal.objects.filter(pk=signal.pk).update(opened_at=signal.session.starts_at)
    return clients


def add_session(client: Client, place: int, number: int) -> None:
    first = OCTOBER if number >= 4 else SEPTEMBER
    session = SessionFactory(client=client, starts_at=first + WEEK * (number % 4) + timedelta(minutes=place))
    score = 4 + (place * 7 + number * 3) % 4
    if (place + number) % 5:
        rating = rate(session, score, trust=min(7, score + place % 2))
        opened_at = rating.saved_at - timedelta(seconds=12 + place + number * 2)
        Rating.objects.filter(pk=rating.pk).update(opened_at=opened_at)
    if (place + number) % 3:
        rate(session, 3 + (place + number) % 5, rater=Rater.CLIENT, bond=None)
    elif (place + number) % 2:
        add_link(session, f"{place}-{number}", declined=place % 2 == 0)


def add_link(session, secret: str, *, declined: bool) -> ClientLink:
    made = session.starts_at
    return ClientLink.objects.create(
        session=session,
        kind=ClientLink.Kind.LINK,
        token_hash=secret,
        created_at=made,
        expires_at=made + timedelta(days=4),
        declined_at=made + timedelta(hours=1) if declined else None,
    )


def add_strain(client: Client, place: int) -> None:
    """Keep one strain a client, seen in October: all but one spoken of, all but two of those repaired."""
    Rupture.objects.filter(episode__client=client).update(state=State.WITHDRAWN, closed_at=timezone.now())
    taken = Rupture.objects.filter(episode__client=client).values("session")
    episode = client.episodes.get()
    session = episode.sessions.exclude(pk__in=taken).order_by("-starts_at").first()
    opened_at = OCTOBER + timedelta(days=place)
    rupture = Rupture.objects.create(
        episode=episode, session=session, form="client", source="by-hand", level=5.0, scale=0.5, opened_at=opened_at
    )
    said = [(State.ACKNOWLEDGED, 1 + place / 2)] if place else []
    said += [(State.REPAIRED, 8 + place / 2)] if place > 1 else []
    for state, days in said:
        at = opened_at + timedelta(days=days)
        RuptureEvent.objects.create(rupture=rupture, state=state, at=at, by=session.clinician)
        closed = {"closed_at": at} if state == State.REPAIRED else {}
        Rupture.objects.filter(pk=rupture.pk).update(state=state, **closed)


def three_clinicians() -> list[User]:
    return [UserFactory(name=name) for name in ("Ida Berg", "Jon Cole", "Kim Dahl")]
