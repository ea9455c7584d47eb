"""A service with enough in it for a report: sessions of several clinicians in September and October 2026."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from alliance_tracker.accounts.models import ServiceSettings, User
from clients.models import Client, Episode, TherapySession
from ratings.models import ClientLink, Rater, Rating, RatingVersion, Rupture, RuptureEvent
from ratings.models.signal import State
from ratings.standing.refresh import refresh_standing
from tests.factories import ClientFactory, UserFactory, answers

SEPTEMBER, OCTOBER = datetime(2026, 9, 1, 11, tzinfo=UTC), datetime(2026, 10, 1, 11, tzinfo=UTC)
CLIENTS_EACH = 4
DAY = timedelta(days=1)


def three_clinicians() -> list[User]:
    return [UserFactory(name=name) for name in ("Ida Berg", "Jon Cole", "Kim Dahl")]


def fill_service(clinicians: list[User], *, each: int = CLIENTS_EACH) -> list[Client]:
    """Give each clinician clients, four sessions a month with each client, ratings by both, and strains.

    Written as rows, as the actions would take a minute.
    """
    ServiceSettings.objects.get_or_create()
    clients = [ClientFactory(name="", clinician=clinician) for clinician in clinicians for _ in range(each)]
    for place, client in enumerate(clients):
        episode = client.episodes.get()
        sessions = TherapySession.objects.bulk_create(sessions_of(episode, place))
        ratings = [rating for number, session in enumerate(sessions) for rating in rated(session, place, number)]
        TherapySession.objects.bulk_update(sessions, ["rated"])
        Rating.objects.bulk_create(ratings)
        RatingVersion.objects.bulk_create(
            RatingVersion(rating=rating, version=1, saved_by=rating.author, saved_at=rating.saved_at, **rating.items)
            for rating in ratings
        )
        refresh_standing(episode, timezone.now())
        add_strain(episode, place)
    return clients


def sessions_of(episode: Episode, place: int) -> list[TherapySession]:
    clinician = episode.assignments.get().clinician
    starts = [first + 7 * DAY * week + timedelta(minutes=place) for first in (SEPTEMBER, OCTOBER) for week in range(4)]
    return [TherapySession(episode=episode, clinician=clinician, starts_at=start) for start in starts]


def rated(session: TherapySession, place: int, number: int) -> list[Rating]:
    """Return the ratings of one session; where the client gave none, now and then a link that was not used."""
    saved_at, found = session.starts_at + timedelta(hours=2), []
    if (place + number) % 5:
        score = 4 + (place * 7 + number * 3) % 4
        given = answers(score, trust=min(7, score + place % 2))
        opened_at = saved_at - timedelta(seconds=12 + place + number * 2)
        session.rated = True
        own = {"rater": Rater.CLINICIAN, "author": session.clinician, "opened_at": opened_at}
        found.append(Rating(session=session, saved_at=saved_at, **own, **given))
    if (place + number) % 3:
        given = answers(3 + (place + number) % 5, bond=None)
        found.append(Rating(session=session, saved_at=saved_at, opens_at=saved_at, rater=Rater.CLIENT, **given))
    elif (place + number) % 2:
        add_link(session, f"{place}-{number}", declined=place % 2 == 0)
    return found


def add_link(session: TherapySession, secret: str, *, declined: bool) -> ClientLink:
    made = session.starts_at
    return ClientLink.objects.create(
        session=session,
        kind=ClientLink.Kind.LINK,
        token_hash=secret,
        created_at=made,
        expires_at=made + 4 * DAY,
        declined_at=made + timedelta(hours=1) if declined else None,
    )


def add_strain(episode: Episode, place: int) -> None:
    """Keep one strain, seen in October: the first client's nobody has spoken of, the second's is not repaired."""
    Rupture.objects.filter(episode=episode).update(state=State.WITHDRAWN, closed_at=timezone.now())
    taken = Rupture.objects.filter(episode=episode).values("session")
    session = episode.sessions.exclude(pk__in=taken).latest("starts_at")
    opened_at = OCTOBER + place * DAY
    rupture = Rupture.objects.create(
        episode=episode, session=session, form="client", source="by-hand", level=5.0, scale=0.5, opened_at=opened_at
    )
    said = [(State.ACKNOWLEDGED, 1 + place / 2)] if place else []
    said += [(State.REPAIRED, 8 + place / 2)] if place > 1 else []
    for state, days in said:
        at = opened_at + days * DAY
        RuptureEvent.objects.create(rupture=rupture, state=state, at=at, by=session.clinician)
        closed = {"closed_at": at} if state == State.REPAIRED else {}
        Rupture.objects.filter(pk=rupture.pk).update(state=state, **closed)
