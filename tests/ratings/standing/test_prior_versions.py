"""A service's own priors: estimated once there is enough, kept as versions, pinned by an episode's start."""

from datetime import timedelta

import pytest
from django.utils import timezone
from uuid_utils.compat import uuid7

from clients.models import Client, Episode, TherapySession
from ratings.elements import ITEM_KEYS
from ratings.models import PriorVersion, Rating, Signal
from ratings.standing.prior_versions import estimate_priors, scores_by_episode
from ratings.standing.refresh import rebuild_standing
from tests.factories import history, rate

pytestmark = pytest.mark.django_db
SCORES = (4, 5, 4, 5, 4, 5)


def many(clients: int, ada, scores=SCORES) -> None:
    """Write so many clients with a rated series each, in few statements."""
    start = timezone.now() - timedelta(days=90)
    people = Client.objects.bulk_create(Client(code=f"M-{n}") for n in range(clients))
    episodes = Episode.objects.bulk_create(Episode(client=each, started_on=start.date()) for each in people)
    sessions = [
        TherapySession(episode=episode, clinician=ada, starts_at=start + timedelta(days=7 * week))
        for episode in episodes
        for week in range(len(scores))
    ]
    TherapySession.objects.bulk_create(sessions)
    rows = zip(sessions, scores * clients, strict=True)
    Rating.objects.bulk_create(
        Rating(
            session=session, rater="clinician", author=ada, idempotency_key=uuid7(), **dict.fromkeys(ITEM_KEYS, score)
        )
        for session, score in rows
    )


@pytest.mark.parametrize(("clients", "scores"), [(99, SCORES), (100, SCORES[:5])])
def test_too_few_clients_or_pairs_make_none(ada, clients, scores):
    many(clients, ada, scores)
    assert estimate_priors(timezone.now()) == 0
    assert not PriorVersion.objects.exists()


def test_with_enough_there_is_one_from_tomorrow_on_and_no_second(ada, trail):
    many(100, ada)
    assert estimate_priors(timezone.now()) == 1
    version = PriorVersion.objects.get()
    assert (version.form, version.n, version.m0) == ("clinician", 100, 4)
    assert version.since == timezone.localdate() + timedelta(days=1)
    assert version.sigma == pytest.approx(0.5**0.5)
    assert version.tau == 0.5
    assert trail() == ["prior.estimated"]
    assert estimate_priors(timezone.now()) == 0
    assert estimate_priors(timezone.now() + timedelta(days=89)) == 0


def test_a_clients_rating_that_is_still_hidden_shapes_none(monday, yesterday, service):
    rating = rate(yesterday, 3, rater="client")
    assert list(scores_by_episode("client", monday)) == []
    assert list(scores_by_episode("client", rating.opens_at)) == [[3]]


def test_a_new_version_changes_no_episode_that_has_begun(robin):
    history(robin, [6, 5, 6, 6, 3])
    before = list(Signal.objects.values())
    PriorVersion.objects.create(form="clinician", since=timezone.localdate(), m0=2, tau=2, sigma=2, n=100)
    assert not rebuild_standing(robin.episodes.get(), timezone.now(), write=True)
    assert list(Signal.objects.values()) == before


def test_an_episode_takes_the_newest_version_before_its_start(robin, as_user, ada):
    episode = robin.episodes.get()
    for days, m0 in ((200, 2), (150, 3), (1, 4)):
        since = timezone.localdate() - timedelta(days=days)
        PriorVersion.objects.create(form="clinician", since=since, m0=m0, tau=1, sigma=1, n=100)
    assert PriorVersion.objects.for_episode(episode)["clinician"].m0 == 3
    history(robin, [5])
    since = timezone.localdate() - timedelta(days=150)
    page = as_user(ada).get(f"/clients/{robin.pk}/").content.decode()
    assert f"the ratings of this service's other clients, as of {since.day} {since:%B %Y}" in page.replace(
        "&#x27;", "'"
    )
