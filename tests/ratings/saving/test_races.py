"""Two at once: each of these was lost, doubled or half-written in some design that did not lock."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from uuid_utils.compat import uuid7

from clients.actions import add_session, create_client, hand_on, set_pattern, start_episode, top_up_plans
from clients.models import Assignment, Client, Episode, TherapySession
from ratings.caseload.episodes import end_episode, reopen_episode
from ratings.elements import ITEM_KEYS
from ratings.models import Rater, Rating, RatingDraft, RatingVersion
from ratings.saving.actions import AlreadySavedError, log_rating
from ratings.saving.drafts import keep_draft
from ratings.standing.refresh import rebuild_standing
from tests.accounts.doors import signed_in
from tests.factories import ClientFactory, SessionFactory, UserFactory, answers, rate

pytestmark = pytest.mark.usefixtures("database")
ROUNDS = 5
FIVES = dict.fromkeys(ITEM_KEYS, "5")


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls at the same moment, each in its thread, and return what each gave or raised."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return call()
        except (AlreadySavedError, ValidationError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def refusals(results: list[Any]) -> int:
    return sum(isinstance(result, Exception) for result in results)


def send(session: TherapySession, **sent: Any) -> Callable[[], Any]:
    browser = signed_in(session.clinician)
    return lambda: browser.post(reverse("rate", args=[session.pk]), FIVES | sent)


@pytest.fixture
def sessions(ada) -> list[TherapySession]:
    """Unrated sessions of clients of Ada's, one for each round."""
    return [SessionFactory(client=ClientFactory(clinician=ada)) for _ in range(ROUNDS)]


@pytest.fixture
def episodes(sessions) -> list[Episode]:
    return [session.episode for session in sessions]


def test_two_forms_of_one_session_make_one_rating(sessions):
    for session in sessions:
        sent = [send(session, goals=score, idempotency_key=str(uuid7())) for score in (2, 3, 4)]
        assert sorted(response.status_code for response in at_once(*sent)) == [302, 409, 409]
        assert not rebuild_standing(session.episode, timezone.now(), write=False)
    assert Rating.objects.count() == RatingVersion.objects.count() == ROUNDS


def test_one_form_sent_three_times_makes_one_rating_and_leads_to_one_page(sessions):
    for session in sessions:
        key = str(uuid7())
        responses = at_once(*[send(session, idempotency_key=key) for _ in range(3)])
        assert {response.status_code for response in responses} == {302}
        assert {response.url for response in responses} == {f"/clients/{session.episode.client_id}/?saved={session.pk}"}
    assert Rating.objects.count() == RatingVersion.objects.count() == ROUNDS


def test_of_two_changes_of_one_version_one_stands(sessions):
    for session in sessions:
        rating = rate(session)
        sent = [send(session, goals=score, version=1, idempotency_key=str(uuid7())) for score in (2, 3)]
        assert sorted(response.status_code for response in at_once(*sent)) == [302, 409]
        rating.refresh_from_db()
        assert rating.version == rating.versions.count() == 2


def test_clinician_and_client_at_once_leave_the_standing_that_a_rebuild_gives(sessions, ada):
    for session in sessions:
        at_once(
            partial(log_rating, session, answers(5), rater=Rater.CLINICIAN, by=ada),
            partial(log_rating, session, answers(3), rater=Rater.CLIENT, by=None),
        )
        now, standing = timezone.now(), session.episode.standing
        assert not rebuild_standing(session.episode, now, write=False)
        assert (standing.clinician["recent"], standing.client["recent"]) == ([5], [3])
        assert session.ratings.get(rater=Rater.CLIENT).opens_at <= now


def test_many_sessions_of_one_client_at_once_leave_a_whole_series(robin, ada):
    days = [SessionFactory(client=robin, starts_at=timezone.now() - timedelta(days=day)) for day in range(6, 0, -1)]
    at_once(
        *[
            partial(log_rating, session, answers(score), rater="clinician", by=ada)
            for score, session in enumerate(days, 1)
        ]
    )
    assert robin.episodes.get().standing.clinician["recent"] == [1, 2, 3, 4, 5, 6]
    assert not rebuild_standing(robin.episodes.get(), timezone.now(), write=False)


def test_an_autosave_beside_the_save_leaves_no_draft(sessions, ada):
    for session in sessions:
        key = uuid7()
        at_once(
            partial(keep_draft, session, {"goals": "5"}, by=ada, key=key),
            partial(log_rating, session, answers(), rater=Rater.CLINICIAN, by=ada, key=key),
        )
    assert not RatingDraft.objects.exists()


def test_autosaves_at_once_leave_one_draft(sessions, ada):
    for session in sessions:
        at_once(*[partial(keep_draft, session, {"goals": goals}, by=ada, key=None) for goals in "123"])
    assert RatingDraft.objects.count() == ROUNDS


def test_a_client_handed_on_twice_has_one_clinician(episodes, adam):
    others = [UserFactory(), UserFactory()]
    for episode in episodes:
        at_once(*[partial(hand_on, episode, to=to, by=adam) for to in others])
        assert episode.assignments.open().get().clinician in others


def test_a_client_who_comes_back_while_handed_on_has_one_clinician(episodes, ada, ben, adam):
    for episode in episodes:
        end_episode(episode, ended_on=timezone.localdate(), ending="planned", by=ada)
        at_once(
            partial(start_episode, episode.client, clinician=ada, by=ada),
            partial(hand_on, episode, to=ben, by=adam),
        )
        holders = Assignment.objects.open().filter(episode__client=episode.client_id)
        assert holders.values("clinician").distinct().count() == 1
        assert holders.count() == 2


def test_a_code_is_given_once(ada, ben):
    for number in range(ROUNDS):
        results = at_once(*[partial(create_client, code=f"K-{number}", clinician=who, by=who) for who in (ada, ben)])
        assert refusals(results) == 1
    assert Client.objects.count() == Episode.objects.count() == ROUNDS


def test_a_time_is_given_once(episodes, ada):
    for episode in episodes:
        start = timezone.now()
        results = at_once(*[partial(add_session, episode, starts_at=start, modality="video", by=ada)] * 3)
        assert refusals(results) == 2
        assert episode.sessions.filter(starts_at=start).count() == 1


def test_a_client_comes_back_once(episodes, ada):
    for episode in episodes:
        end_episode(episode, ended_on=timezone.localdate(), ending="planned", by=ada)
        results = at_once(
            partial(start_episode, episode.client, clinician=ada, by=ada),
            partial(start_episode, episode.client, clinician=ada, by=ada),
            partial(reopen_episode, episode, by=ada),
        )
        assert refusals(results) == 2
        assert episode.client.episodes.open().count() == 1


def test_plans_are_made_once(robin, ada):
    set_pattern(robin.episodes.get(), weekday=0, weekly_at=time(9), modality="video", by=ada)
    later = timezone.localdate() + timedelta(weeks=3)
    assert sum(at_once(*[partial(top_up_plans, later)] * 3)) == 3
    assert TherapySession.objects.count() == 11
