"""The spoken code: one field, and what it leads to."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.utils import timezone

from alliance_tracker.accounts.actions import token_hash
from clients.models import TherapySession
from ratings.models import CODE_LASTS, ClientLink, Rater, Rating
from tests.accounts.doors import signed_in
from tests.factories import SessionFactory, make_link, rate
from tests.ratings.asking.answering import address_of, filled, form_in, looks

pytestmark = pytest.mark.django_db
CODE = "ABCD2345"
URL = "/code/"


def make_code(session, code=CODE) -> ClientLink:
    make_link(session, kind=ClientLink.Kind.CODE, lasts=CODE_LASTS)
    link = ClientLink.objects.latest("pk")
    ClientLink.objects.filter(pk=link.pk).update(token_hash=token_hash(code))
    return link


@pytest.fixture
def link(yesterday, service) -> ClientLink:
    return make_code(yesterday)


def test_the_page_has_one_field_and_says_nothing_of_the_service(client, service):
    page = client.get(URL).content.decode()
    assert page.count("<input") == 2
    assert 'name="code"' in page
    assert "Alliance" not in page
    assert service.name not in page


@pytest.mark.parametrize("typed", [CODE, "abcd2345", " abcd-2345 ", "AB CD 23 45"])
def test_a_code_leads_to_its_form_however_it_is_typed(client, link, typed):
    assert client.post(URL, {"code": typed}).url == "/answer/"
    page = client.get("/answer/")
    assert page.status_code == 200
    assert form_in(page) == str(link.pk)


def test_what_is_answered_is_saved_for_the_session_of_the_code(client, link, yesterday, trail):
    client.post(URL, {"code": CODE})
    assert client.post("/answer/", filled(form=str(link.pk))).url == "/thanks/"
    rating = Rating.objects.get()
    assert (rating.session, rating.rater, rating.channel) == (yesterday, "client", "code")
    assert trail() == ["client_rating.opened", "rating.logged", "client_rating.sent"]
    assert client.get("/answer/").status_code == 404
    assert "close this page" in client.get("/thanks/").content.decode()


def test_asking_for_the_page_opens_nothing(client, link):
    assert client.get(f"{URL}?code={CODE}").status_code == 200
    assert client.get("/answer/").status_code == 404


@pytest.mark.parametrize("seconds", [0, 14 * 60])
def test_the_form_stays_open_for_ten_minutes_at_least_and_the_code_no_longer(link, seconds):
    now = timezone.now()
    first, second = Browser(), Browser()
    with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
        first.post(URL, {"code": CODE})
    with time_machine.travel(now + CODE_LASTS + timedelta(seconds=1), tick=False):
        assert second.post(URL, {"code": CODE}).status_code == 422
        assert (first.get("/answer/").status_code == 200) == (seconds > 0)
    with time_machine.travel(now + timedelta(minutes=25), tick=False):
        assert first.get("/answer/").status_code == 404
        assert first.post("/answer/", filled(form=str(link.pk))).status_code == 404


def expire() -> dict:
    return {"created_at": timezone.now() - CODE_LASTS, "expires_at": timezone.now()}


ENDINGS = {
    "expired": expire,
    "used": lambda: {"used_at": timezone.now()},
    "declined": lambda: {"declined_at": timezone.now()},
    "withdrawn": lambda: {"withdrawn_at": timezone.now()},
    "a link's": lambda: {"kind": "link"},
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_code_that_is_over_looks_like_one_that_never_was(link, ending):
    ClientLink.objects.filter(pk=link.pk).update(**ENDINGS[ending]())
    check_looks_invented()


def test_a_code_whose_session_was_answered_looks_so_too(link):
    rate(link.session, rater=Rater.CLIENT)
    check_looks_invented()


def test_a_code_whose_session_was_moved_to_another_day_looks_so_too(link):
    TherapySession.objects.update(starts_at=timezone.now() + timedelta(days=2))
    check_looks_invented()


def check_looks_invented() -> None:
    there, invented = (Browser().post(URL, {"code": code}) for code in (CODE, "ZZZZ9999"))
    assert there.status_code == invented.status_code == 422
    assert len(there.content) == len(invented.content)
    assert sorted(there.headers) == sorted(invented.headers)
    assert "This code does not work" in there.content.decode()
    assert "sessionid" not in there.cookies


def test_a_form_that_is_over_looks_like_one_that_never_was_to_its_own_browser_too(client, link):
    client.post(URL, {"code": CODE})
    ended = client.post("/answer/", {"do": "decline", "form": str(link.pk)})
    assert (ended.url, "Refresh" in ended.headers) == ("/thanks/", False)
    for sent in (None, {"do": "decline", "form": str(link.pk)}):
        there, invented = (b.get("/answer/") if sent is None else b.post("/answer/", sent) for b in (client, Browser()))
        assert looks(there) == looks(invented)


@pytest.mark.parametrize("typed", ["", "x" * 41, "A\x00B", "ÄÖÜ"])
def test_other_input_is_refused_too(client, link, typed):
    assert client.post(URL, {"code": typed}).status_code == 422


def test_wrong_codes_are_counted_by_address(client, link, settings):
    settings.CLIENT_RATE_LIMITS = {"code": "3/h/ip,100/h/key"}
    assert [client.post(URL, {"code": "WRONG"}).status_code for _ in range(5)] == [422, 422, 422, 429, 429]
    assert client.post(URL, {"code": CODE}).status_code == 429
    assert client.get(URL).status_code == 200
    assert client.post(URL, {"code": CODE}, REMOTE_ADDR="10.0.0.9").url == "/answer/"


def test_wrong_codes_are_counted_in_all(client, link, settings):
    settings.CLIENT_RATE_LIMITS = {"code": "3/h/ip,5/h/key"}
    found = [client.post(URL, {"code": "WRONG"}, REMOTE_ADDR=f"10.0.0.{n}").status_code for n in range(7)]
    assert found == [422] * 5 + [429] * 2


def test_right_codes_are_not_counted(client, yesterday, service, settings):
    settings.CLIENT_RATE_LIMITS = {"code": "1/h/ip,1/h/key"}
    for number in range(3):
        make_code(yesterday, f"CODE{number}")
        assert client.post(URL, {"code": f"CODE{number}"}).url == "/answer/"


def test_an_earlier_form_left_open_never_answers_for_the_next_person(client, link, yesterday):
    client.post(URL, {"code": CODE})
    other = make_code(SessionFactory(), "WXYZ6789")
    client.post(URL, {"code": "WXYZ6789"})
    for sent in (filled(form=str(link.pk)), {"do": "stop", "form": str(link.pk)}, {"do": "decline"}, filled()):
        assert client.post("/answer/", sent).status_code == 404
    assert not Rating.objects.exists()
    assert form_in(client.get("/answer/")) == str(other.pk)


def test_a_signed_in_person_who_enters_a_code_is_signed_out(link, ada, trail):
    browser = signed_in(ada)
    assert browser.post(URL, {"code": CODE}).url == "/answer/"
    assert "_auth_user_id" not in browser.session
    assert browser.get("/clients/").status_code == 302
    assert trail() == ["client_rating.opened", "user.signed_out"]


def test_a_phone_with_a_code_is_not_held_on_the_form(client, link):
    client.post(URL, {"code": CODE})
    assert client.get("/accounts/login/").status_code == 200
    assert client.get(URL).status_code == 200


def test_the_form_of_a_code_and_a_link_are_the_same_page(client, link, yesterday):
    client.post(URL, {"code": CODE})
    bound, by_link = client.get("/answer/"), Browser().get(address_of(make_link(yesterday)))
    assert bound.headers["Refresh"].endswith(";url=/thanks/")
    assert "Refresh" not in by_link.headers
    assert looks(Browser().get("/answer/"))[:2] == looks(Browser().get(address_of("none")))[:2]
