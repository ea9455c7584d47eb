"""Blind first: nothing of a client's rating shows anywhere before it opens."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from clients.models import Episode
from ratings.analysis.reading import Answers
from ratings.caseload.sessions import move_session
from ratings.models import Rater, Rating, Standing
from ratings.standing.refresh import refresh_if_due
from ratings.standing.series import SeriesRating
from ratings.supervision.meeting_actions import prepare_meeting
from tests.factories import SessionFactory, history, rate

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CANARY = "Canary of the client"


@pytest.fixture
def hidden(monday, robin, sue) -> Rating:
    """Robin's rating of yesterday's session: hidden, and unlike all that Ada saved."""
    history(robin, [5, 5, None])
    session = robin.episodes.get().sessions.latest("starts_at")
    return rate(session, 2, rater=Rater.CLIENT, strain="clear", note=CANARY)


@pytest.fixture
def meeting(hidden, sue):
    """A meeting of Sue's, prepared while the answer is hidden, with Robin as its case."""
    return prepare_meeting(held_on=timezone.localdate(), by=sue)


@pytest.fixture
def pages(hidden, meeting):
    client = reverse("client", args=[hidden.session.episode.client_id])
    return {
        "client": client,
        "client by date": f"{client}?by=date&split=1&sessions=all",
        "csv": f"{client}ratings.csv",
        "today": "/",
        "clients": "/clients/",
        "supervision": "/supervision/",
        "supervision, client's ratings": "/supervision/?rater=client",
        "what needs attention": "/supervision/?severity=high&seen=no",
        "meeting": reverse("meeting", args=[meeting.pk]),
        "assign": reverse("assign_follow_up", args=[hidden.session.episode.client_id]),
        "rate": reverse("rate", args=[hidden.session.pk]),
    }


def without_tokens(page: str) -> str:
    """Drop what differs on every page: the tokens, and the key of a form."""
    return re.sub(r'name="(csrfmiddlewaretoken|idempotency_key)" value="[^"]+"', "", page)


def look(browser, address) -> str:
    return without_tokens(browser.get(address).content.decode())


def test_all_pages_are_the_same_whatever_the_client_answered(hidden, pages, as_user, ada, sue):
    before = {(who.name, name): look(as_user(who), page) for who in (ada, sue) for name, page in pages.items()}
    Rating.objects.filter(pk=hidden.pk).update(goals=7, bond=None, trust=7, strain="none", note="Another note")
    after = {(who.name, name): look(as_user(who), page) for who in (ada, sue) for name, page in pages.items()}
    assert before == after
    assert not any(CANARY in page for page in before.values())


def test_that_the_client_has_answered_may_be_known(hidden, pages, as_user, ada):
    for name in ("today", "rate", "client"):
        assert "has answered" in look(as_user(ada), pages[name])


def test_the_standing_knows_only_when_to_look_again(hidden):
    standing = Standing.objects.get()
    assert standing.client == {}
    assert standing.absorbs_at == hidden.opens_at == hidden.session.starts_at + 7 * DAY
    assert standing.last_rated_at < hidden.session.starts_at


def test_it_opens_when_the_clinicians_rating_is_saved(monday, hidden, pages, as_user, ada):
    rate(hidden.session, 6)
    hidden.refresh_from_db()
    assert hidden.opens_at == monday
    assert Standing.objects.get().client["scores"]["overall"] == 2
    assert Standing.objects.get().absorbs_at is None
    assert "clear strain" in look(as_user(ada), pages["client"])
    assert CANARY in look(as_user(ada), pages["csv"])


def test_it_opens_at_once_when_the_clinicians_is_in(monday, hidden):
    rate(hidden.session, 6)
    other = SessionFactory(client=hidden.session.episode.client)
    rate(other, 6)
    assert rate(other, 3, rater=Rater.CLIENT).opens_at == monday


def test_an_observers_rating_opens_nothing(monday, hidden, sue):
    for session in (hidden.session, SessionFactory(client=hidden.session.episode.client)):
        rate(session, 6, rater=Rater.OBSERVER, by=sue)
    assert Rating.objects.get(pk=hidden.pk).opens_at > monday
    assert rate(session, 3, rater=Rater.CLIENT).opens_at > monday


def test_a_clients_rating_without_a_moment_of_opening_would_stay_closed():
    now = timezone.now()
    assert not SeriesRating(Rater.CLIENT, Answers({}), now, None).is_open(now)
    assert SeriesRating(Rater.CLINICIAN, Answers({}), now, None).is_open(now)


def test_saving_one_session_opens_no_other(hidden, robin):
    rate(SessionFactory(client=robin), 6)
    hidden.refresh_from_db()
    assert hidden.opens_at > hidden.saved_at
    assert Standing.objects.get().client == {}


@pytest.mark.parametrize("look_at", ["client", "csv"])
def test_it_opens_seven_days_after_the_session(hidden, pages, as_user, ada, look_at):
    browser = as_user(ada)
    with time_machine.travel(hidden.opens_at - timedelta(seconds=1), tick=False):
        assert "clear" not in look(browser, pages[look_at])
    with time_machine.travel(hidden.opens_at, tick=False):
        browser = as_user(ada)
        assert "clear" in look(browser, pages[look_at])


def test_the_next_look_at_the_client_takes_it_into_the_lists(hidden, pages, as_user, ada):
    with time_machine.travel(hidden.opens_at, tick=False):
        as_user(ada).get(pages["client"])
        standing = Standing.objects.get()
    assert standing.client["scores"]["overall"] == 2
    assert (standing.absorbs_at, standing.last_rated_at) == (None, hidden.session.starts_at)


def test_so_does_the_night(hidden, capsys):
    with time_machine.travel(hidden.opens_at, tick=False):
        call_command("nightly")
        assert Standing.objects.get().client["scores"]["overall"] == 2
        assert not refresh_if_due(Episode.objects.get(standing__isnull=False), hidden.opens_at)


def test_a_late_answer_of_a_client_alone_opens_when_it_comes(monday, robin, service):
    old = SessionFactory(client=robin, starts_at=monday - 9 * DAY)
    assert rate(old, 3, rater=Rater.CLIENT).opens_at == monday


def test_with_blinding_off_it_opens_at_once(monday, yesterday, service):
    service.blind = False
    service.save()
    assert rate(yesterday, 3, rater=Rater.CLIENT).opens_at == monday
    assert Standing.objects.get().client["scores"]["overall"] == 3


def test_turning_blinding_off_opens_nothing_that_was_promised_closed(hidden, service, pages, as_user, ada):
    service.blind = False
    service.save()
    assert CANARY not in look(as_user(ada), pages["csv"])


@pytest.mark.parametrize(("days", "expected"), [(-8, 0), (0.5, 0.5)])
def test_moving_the_session_may_postpone_the_opening_and_never_hastens_it(monday, hidden, ada, days, expected):
    moved = hidden.session.starts_at + days * DAY
    move_session(hidden.session, starts_at=moved, modality="video", by=ada)
    before = hidden.opens_at
    hidden.refresh_from_db()
    assert hidden.opens_at == before + expected * DAY == Standing.objects.get().absorbs_at


def test_what_has_opened_keeps_the_moment_whatever_comes_after(monday, hidden, ada):
    opened_at = hidden.opens_at
    with time_machine.travel(opened_at + DAY, tick=False):
        move_session(hidden.session, starts_at=hidden.session.starts_at + 4 * DAY, modality="video", by=ada)
        rate(hidden.session, 6)
    hidden.refresh_from_db()
    assert hidden.opens_at == opened_at
