"""The weekly e-mail: who gets it and when, what it counts, and that it names nobody."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance_tracker.accounts.digest_choice import choose_digest
from alliance_tracker.accounts.models import Supervision, User
from ratings.models import FollowUp, Rater, Signal
from ratings.strains.actions import review_signals
from ratings.supervision.digest import counts, send_digests
from ratings.supervision.follow_ups import add_follow_up
from tests.factories import ClientFactory, UserFactory, history, rate

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CLINICAL = (
    *("client", "rating", "signal", "rupture", "strain", "alliance", "therap", "session"),
    *("patient", "low", "usual", "score", "supervis"),
)


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.EMAIL_HOST = "mail.example.org"
    settings.BASE_URL = "https://tracker.example.org"


@pytest.fixture
def asked(monday, sue) -> User:
    """Sue has asked for it each Monday."""
    return choose_digest(sue, weekday=0, by=sue)


@pytest.fixture
def fallen(monday, robin):
    history(robin, [6, 5, 6, 6, 2])
    return robin


def test_it_goes_out_on_the_day_and_once(asked, fallen, monday, trail):
    assert send_digests(monday) == 1
    assert send_digests(monday + timedelta(hours=3)) == 0
    assert send_digests(monday + DAY) == 0
    assert send_digests(monday + 7 * DAY) == 1
    assert [message.to for message in mail.outbox] == [["sue@example.org"]] * 2
    assert trail().count("digest.sent") == 2


def test_nobody_who_has_not_asked_and_nobody_who_has_no_part_in_it_gets_one(monday, asked, sue, ada):
    UserFactory(is_supervisor=True)
    User.objects.filter(pk=ada.pk).update(digest_weekday=0)
    User.objects.filter(pk=sue.pk).update(is_active=False, deactivated_at=monday)
    assert send_digests(monday) == 0


def test_without_a_mail_server_nothing_counts_as_sent(asked, monday, settings):
    settings.EMAIL_HOST = ""
    assert send_digests(monday) == 0
    settings.EMAIL_HOST = "mail.example.org"
    assert send_digests(monday) == 1


def test_a_mail_server_that_refuses_is_asked_again_on_that_day(asked, monday, monkeypatch):
    def refuse(_):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", refuse)
        assert send_digests(monday) == 0
    assert send_digests(monday) == 1


def test_it_counts_what_the_page_shows(asked, fallen, sue, ada, monday):
    today = timezone.localdate()
    episode = fallen.episodes.get()
    add_follow_up(episode, what="Mine", owner=sue, due_on=today, by=sue)
    add_follow_up(episode, what="Ada's", owner=None, due_on=today, by=sue)
    FollowUp.objects.create(episode=episode, what="Late", owner=sue, due_on=today - DAY, made_by=sue)
    assert counts(sue, monday) == {"items": 1, "unseen": 1, "actions": 2, "overdue": 1}
    review_signals(list(Signal.objects.all()), by=sue)
    assert counts(sue, monday) == {"items": 1, "unseen": 0, "actions": 2, "overdue": 1}
    send_digests(monday)
    (message,) = mail.outbox
    assert "1 item to look at, 0 not seen by you yet" in message.body
    assert "2 actions of yours open, 1 overdue" in message.body


def test_with_nothing_to_say_it_says_so(asked, monday):
    send_digests(monday)
    assert "Nothing to look at\nNo action of yours open" in mail.outbox[0].body


def test_clients_of_people_no_longer_supervised_are_not_counted(asked, fallen, sue, monday):
    Supervision.objects.update(ends_at=monday)
    assert counts(sue, monday)["items"] == 0


def test_no_name_and_no_clinical_word(asked, fallen, sue, ada, monday):
    send_digests(monday)
    (message,) = mail.outbox
    text = f"{message.subject}\n{message.body}".casefold()
    named = [fallen.name, fallen.code, sue.name, ada.name, "Sue", "Ada ", *CLINICAL]
    assert [word for word in named if word.casefold() in text] == []
    assert message.subject == "Your Monday summary"


def test_a_clients_closed_answer_moves_no_number(asked, sue, robin, monday):
    *earlier, session = history(robin, [6, 6, 6, 6, None])
    for each in earlier:
        rate(each, 6, rater=Rater.CLIENT)
    before = counts(sue, monday)
    rate(session, 1, rater=Rater.CLIENT, strain="clear", strain_discussed="no")
    assert counts(sue, monday) == before
    rate(session, 6)
    assert counts(sue, monday) != before


def test_its_link_stops_it_without_a_sign_in_and_mail_programs_may_post_to_it(asked, sue, monday):
    send_digests(monday)
    (message,) = mail.outbox
    stop = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop in message.body
    assert stop.startswith("https://tracker.example.org/digest/stop/")
    path = stop.removeprefix("https://tracker.example.org")
    browser = Browser(enforce_csrf_checks=True)
    assert browser.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    sue.refresh_from_db()
    assert sue.digest_weekday is None
    assert send_digests(monday + 7 * DAY) == 0


def test_it_takes_as_many_queries_for_many_clients_as_for_few(asked, sue, ada, monday, django_assert_num_queries):
    def grow(to: int) -> None:
        for _ in range(to):
            history(ClientFactory(clinician=ada), [6, 5, 6, 6, 2])

    grow(2)
    with CaptureQueriesContext(connection) as few:
        counts(sue, monday)
    grow(6)
    with django_assert_num_queries(len(few)):
        counts(sue, monday)
