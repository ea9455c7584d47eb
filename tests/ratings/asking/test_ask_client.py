"""The page with the ways to ask a client: what it offers, what it shows once, and to whom it opens."""

import re
from datetime import timedelta

import pytest
import segno
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts.actions import token_hash
from alliance_tracker.accounts.browser_sessions import SessionStore
from alliance_tracker.accounts.models import BrowserSession, ServiceSettings
from alliance_tracker.qr import qr_code
from clients.actions import hand_on
from clients.models import Assignment, TherapySession
from ratings.asking import invitations
from ratings.caseload.episodes import end_episode
from ratings.models import ClientLink, Rater
from tests.accounts.doors import signed_in
from tests.doors import check_doors
from tests.factories import SessionFactory, UserFactory, make_link, rate

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def url(yesterday, service):
    return reverse("ask_client", args=[yesterday.pk])


@pytest.fixture
def browser(as_user, ada):
    return as_user(ada)


def text(response) -> str:
    return response.content.decode()


def ask(browser, url, way):
    return browser.post(url, {"by": way}, follow=True)


def shown_link(page) -> str:
    return re.search(r"<textarea[^>]*>(http://testserver/q/[^<]+)</textarea>", text(page))[1]


def dark_modules(drawn: str) -> set[tuple[int, int]]:
    """Read the dark squares back from the path of a drawn QR code, as (row, column) without the margin."""
    x, y, found = 0.0, 0.0, set()
    for command, first, second in re.findall(
        r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", re.search(r' d="([^"]+)"', drawn)[1]
    ):
        if command == "h":
            found |= {(int(y) - 4, int(x) - 4 + step) for step in range(int(first))}
            x += float(first)
        elif command == "M":
            x, y = float(first), float(second)
        else:
            x, y = x + float(first), y + float(second)
    return found


def test_doors(yesterday, ada, ben, sue, adam):
    check_doors("ask_client", yesterday.pk, opens_to=[ada], not_to=[ben, sue, adam])


def test_a_stand_in_may_ask_while_the_client_is_theirs_and_the_other_may_not(yesterday, url, ada, ben, adam):
    hand_on(yesterday.episode, to=ben, by=adam)
    assert signed_in(ada).post(url, {"by": "link"}).status_code == 404
    assert ask(signed_in(ben), url, "link").status_code == 200
    assert ClientLink.objects.get().by == ben


def test_nobody_asks_before_or_after_the_client_is_theirs(yesterday, url):
    now = timezone.now()
    for name, times in (("former", (now - 2 * DAY, now - DAY)), ("future", (now + DAY, now + 2 * DAY))):
        person = UserFactory(name=name)
        Assignment.objects.create(episode=yesterday.episode, clinician=person, starts_at=times[0], ends_at=times[1])
        for way in ("link", "code", "email", "withdraw"):
            assert signed_in(person).post(url, {"by": way}).status_code == 404
    assert not ClientLink.objects.exists()


def test_without_a_mail_server_there_are_hand_over_link_and_code(browser, url, yesterday, robin):
    robin.email = "robin@example.org"
    robin.save()
    page = text(browser.get(url))
    assert "Robin A. was not asked about this session yet." in page
    assert reverse("hand_over", args=[yesterday.pk]) in page
    assert {"Make a link", "Make a spoken code"} <= set(re.findall(r"<button[^>]*>([^<]+)</button>", page))
    assert "Send by e-mail" not in page
    assert "Works once, for 4 days." in page


@pytest.mark.parametrize(("days", "promised"), [(1, False), (2, False), (3, True), (4, True)])
def test_a_reminder_is_promised_only_where_there_will_be_one(browser, url, mailing, days, promised):
    ServiceSettings.objects.update(link_days=days)
    page = text(browser.get(url))
    assert "Send by e-mail" in page
    assert ("with one reminder after 2 days" in page) == promised


def test_the_link_and_its_qr_code_are_shown_once_and_lead_to_the_form(browser, url, client):
    page = ask(browser, url, "link")
    address = shown_link(page)
    assert text(page).count(address) == 1
    assert token_hash(address.split("/")[-2]) == ClientLink.objects.get().token_hash
    drawn = re.search(r"<svg[^>]*qr__code.*?</svg>", text(page), re.DOTALL)[0]
    matrix = segno.make(address, error="m", micro=False).matrix
    assert dark_modules(drawn) == {(y, x) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}
    again = text(browser.get(url))
    assert address not in again
    assert "qr__code" not in again
    assert "Works until" in again
    browser.logout()
    assert client.get(address).status_code == 200


def test_a_qr_code_has_no_style_and_no_script_of_its_own():
    drawn = qr_code("http://testserver/q/x/")
    assert drawn.startswith('<svg aria-hidden="true" focusable="false"')
    assert not re.search(r"style|<script|href|http", drawn)


def test_the_spoken_code_is_shown_once_with_the_page_to_type_it(browser, url):
    page = ask(browser, url, "code")
    code = re.search(r'<p class="code-once">([A-Z2-9]{4}-[A-Z2-9]{4})</p>', text(page))[1]
    assert "http://testserver/code/" in text(page)
    assert token_hash(code.replace("-", "")) == ClientLink.objects.get().token_hash
    assert code not in text(browser.get(url))


def test_what_waits_to_be_shown_is_not_readable_in_the_store_of_sign_ins(browser, url):
    browser.post(url, {"by": "link"})
    stored = str([SessionStore().decode(row.session_data) for row in BrowserSession.objects.all()])
    page = browser.get(url)
    assert "shown_once" in stored
    assert shown_link(page).split("/")[-2] not in stored
    assert "/q/" not in stored


def test_a_secret_is_shown_beside_its_own_session_only(browser, url, robin):
    other = reverse("ask_client", args=[SessionFactory(client=robin, starts_at=timezone.now() - 8 * DAY).pk])
    browser.post(url, {"by": "code"})
    assert "code-once" not in text(browser.get(other))


def test_the_e_mail_is_sent_once_and_then_stands_as_open(browser, url, mailing):
    page = text(ask(browser, url, "email"))
    assert "The e-mail is on its way." in page
    assert "Robin A. was asked and has not answered yet." in page
    assert "sent by e-mail today" in page
    assert "Send by e-mail" not in page
    assert browser.post(url, {"by": "email"}).status_code == 409
    assert len(mail.outbox) == 1


def test_an_e_mail_that_does_not_go_out_is_said_beside_the_other_ways(browser, url, mailing, monkeypatch):
    monkeypatch.setattr(invitations, "send", lambda *_, **__: False)
    response = browser.post(url, {"by": "email"})
    assert response.status_code == 409
    assert "The mail server did not take the e-mail." in text(response)
    assert "Make a link" in text(response)


def test_withdrawing_takes_the_question_back(browser, url):
    ask(browser, url, "link")
    page = text(ask(browser, url, "withdraw"))
    assert "Withdrawn. What was open no longer works." in page
    assert "Robin A. was not asked about this session yet." in page
    response = browser.post(url, {"by": "withdraw"})
    assert response.status_code == 409
    assert "Nothing is open any more" in text(response)


@pytest.mark.parametrize("way", ["", "post", "LINK", "\x00"])
def test_an_unknown_way_is_refused(browser, url, way):
    assert browser.post(url, {"by": way}).status_code == 400
    assert not ClientLink.objects.exists()


def declined(session):
    make_link(session)
    ClientLink.objects.update(declined_at=timezone.now())


STATES = {
    "asked": (make_link, "was asked and has not answered yet."),
    "declined": (declined, "was asked, and would rather not answer this time."),
    "answered": (lambda session: rate(session, rater=Rater.CLIENT), "has answered for this session."),
}


@pytest.mark.parametrize("state", STATES)
def test_it_says_what_became_of_the_question(browser, url, yesterday, state):
    make, words = STATES[state]
    make(yesterday)
    page = text(browser.get(url))
    assert f"Robin A. {words}" in page
    assert ("Ways to ask" in page) == (state != "answered")


CHANGES = {
    "did not take place": {"attendance": "missed"},
    "still to come": {"starts_at": timezone.now() + 3 * DAY},
}


@pytest.mark.parametrize("words", [*CHANGES, "therapy has ended"])
def test_where_there_is_nothing_to_ask_the_page_says_why_and_offers_nothing(browser, url, yesterday, ada, words):
    if words in CHANGES:
        TherapySession.objects.update(**CHANGES[words])
    else:
        end_episode(yesterday.episode, ended_on=timezone.localdate(), ending="planned", by=ada)
    page = text(browser.get(url))
    assert words in page
    assert "was not asked about this session." in page
    assert "Ways to ask" not in page
    response = browser.post(url, {"by": "link"})
    assert (response.status_code, words in text(response)) == (409, True)


def test_a_client_who_stopped_invitations_is_not_sent_any_and_the_clinician_sees_it(browser, url, mailing, robin):
    robin.invitations_stopped_at = timezone.now()
    robin.save()
    page = text(browser.get(url))
    assert "Robin A. asked not to be invited" in page
    assert "Make a link" not in page
    assert "Send by e-mail" not in page
    assert "Make a spoken code" in page
    for way in ("link", "email"):
        assert browser.post(url, {"by": way}).status_code == 409
    robin.refresh_from_db()
    assert robin.invitations_stopped_at is not None
    assert not ClientLink.objects.exists()


def test_days_within_a_sentence_are_not_capitals(monday, as_user, ada, robin, service):
    session = SessionFactory(client=robin, starts_at=monday - 3 * DAY)
    url = reverse("ask_client", args=[session.pk])
    make_link(session, lasts=DAY)
    page = text(as_user(ada).get(url))
    assert "Session 1, Fri 20 Nov, 10:00." in page
    assert "Works until tomorrow, 10:00" in page


@pytest.mark.usefixtures("service")
class TestBesideTheRating:
    """The clinician's form says how the client's own rating stands, and never what it says."""

    def said(self, browser, session):
        return text(browser.get(reverse("rate", args=[session.pk])))

    def test_hidden_until_the_clinicians_is_saved(self, browser, yesterday):
        rate(yesterday, rater=Rater.CLIENT)
        assert "Hidden until you save" in self.said(browser, yesterday)

    def test_not_called_hidden_once_it_has_opened(self, yesterday):
        rate(yesterday, rater=Rater.CLIENT)
        with time_machine.travel(yesterday.starts_at + timedelta(days=7, minutes=1), tick=False):
            page = self.said(signed_in(yesterday.clinician), yesterday)
        assert "Hidden until you save" not in page
        assert "Robin A. has answered. The answers are on" in page

    def test_not_called_hidden_where_blinding_is_off(self, browser, yesterday, service):
        service.blind = False
        service.save()
        rate(yesterday, rater=Rater.CLIENT)
        assert "Hidden until you save" not in self.said(browser, yesterday)
