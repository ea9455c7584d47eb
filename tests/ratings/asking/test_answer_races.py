"""Several at once at a client's form: one rating, one answer."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from uuid_utils.compat import uuid7

from clients.models import TherapySession
from ratings.asking import answering
from ratings.asking.answering import ClosedError, FormState, decline, link_of_token, send_answers, stop_invitations
from ratings.models import ClientLink, Rater, Rating, RatingVersion
from ratings.saving.actions import log_rating
from ratings.standing.refresh import rebuild_standing
from tests.factories import ClientFactory, SessionFactory, answers, make_link, rate
from tests.ratings.asking.answering import address_of, filled
from tests.ratings.saving.test_races import at_once

pytestmark = pytest.mark.usefixtures("database")
ROUNDS, BROWSERS = 4, 6


@pytest.fixture
def sessions(ada) -> list[TherapySession]:
    return [SessionFactory(client=ClientFactory(clinician=ada)) for _ in range(ROUNDS)]


@pytest.fixture(autouse=True)
def no_limits(settings) -> None:
    settings.CLIENT_RATE_LIMITS = {}


def refused(call: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
    try:
        call(*args, **kwargs)
    except ClosedError:
        return True
    return False


def test_one_link_sent_by_many_makes_one_rating(sessions):
    for session in sessions:
        address = address_of(make_link(session))
        sent = [partial(Browser().post, address, filled(goals=1 + score % 7)) for score in range(BROWSERS)]
        found = sorted(response.status_code for response in at_once(*sent))
        assert found == [302] + [404] * (BROWSERS - 1)
        assert not rebuild_standing(session.episode, timezone.now(), write=False)
    assert Rating.objects.count() == RatingVersion.objects.count() == ROUNDS


def test_one_form_sent_many_times_is_one_rating_and_a_thank_you_each_time(sessions):
    for session in sessions:
        address, sent = address_of(make_link(session)), filled()
        responses = at_once(*[partial(Browser().post, address, sent)] * BROWSERS)
        assert {(response.status_code, response.url) for response in responses} == {(302, "/thanks/")}
    assert Rating.objects.count() == ROUNDS


def test_two_ways_to_answer_about_one_session_make_one_rating(sessions):
    for session in sessions:
        addresses = [address_of(make_link(session)) for _ in range(3)]
        found = at_once(*[partial(Browser().post, address, filled()) for address in addresses])
        assert sorted(response.status_code for response in found) == [302, 404, 404]
    assert Rating.objects.count() == ROUNDS
    assert ClientLink.objects.exclude(used_at=None).count() == ROUNDS


def test_sent_stopped_and_declined_at_once_ends_one_way(sessions):
    for session in sessions:
        link = link_of_token(make_link(session))
        ends = [partial(send_answers, link, answers(), key=None), partial(decline, link)]
        found = at_once(*[partial(refused, end) for end in [*ends, partial(stop_invitations, link)]])
        assert sorted(found) == [False, True, True]
        link.refresh_from_db()
        assert (link.used_at is None) != (link.declined_at is None)
        assert Rating.objects.filter(session=session).exists() == (link.used_at is not None)


def test_of_two_who_both_saw_it_open_one_gets_through(sessions, monkeypatch):
    link = link_of_token(make_link(sessions[0]))
    monkeypatch.setattr(answering, "form_state", lambda *_: FormState.OPEN)
    assert [refused(decline, link) for _ in range(2)] == [False, True]


def test_without_a_key_nothing_is_taken_for_the_same_sending(sessions):
    address, sent = address_of(make_link(sessions[0])), filled(idempotency_key="")
    assert [Browser().post(address, sent).status_code for _ in range(2)] == [302, 404]


def test_a_clinicians_rating_under_the_same_key_is_not_taken_for_the_clients(sessions):
    link, key = link_of_token(make_link(sessions[0])), uuid7()
    log_rating(sessions[0], answers(4), rater=Rater.CLINICIAN, by=sessions[0].clinician, key=key)
    decline(link)
    assert refused(send_answers, link, answers(4), key=key)


def test_client_and_clinician_at_once_open_the_pair(sessions):
    for session in sessions:
        link = link_of_token(make_link(session))
        at_once(partial(send_answers, link, answers(3), key=None), partial(rate, session, 5))
        assert session.ratings.get(rater="client").opens_at <= timezone.now()
        assert not rebuild_standing(session.episode, timezone.now(), write=False)
