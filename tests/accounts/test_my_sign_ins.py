"""A person's own sign-ins, and what ends them all."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts import sign_ins
from alliance_tracker.accounts.actions import update_person
from alliance_tracker.accounts.models import BrowserSession
from clients.actions import deactivate_person
from tests.accounts.doors import signed_in
from tests.accounts.factors import sign_in
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

PAGE = "/accounts/sign-ins/"
NEW = "quiet-river-over-stone"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 Safari/604.1"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
FOX = "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.7; rv:143.0) Gecko/20100101 Firefox/143.0"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "Safari on iPhone"),
        (DESK, "Edge on Windows"),
        (FOX, "Firefox on Mac"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8", "Another browser"),
        ("", "Another browser"),
    ],
)
def test_a_device_is_put_into_words(agent, words):
    assert sign_ins.device_words(agent) == words


@pytest.fixture
def two(ada) -> tuple[Browser, Browser]:
    """Ada at her desk and on her phone."""
    browsers = Browser(headers={"User-Agent": DESK}), Browser(headers={"User-Agent": PHONE})
    for browser in browsers:
        sign_in(browser, ada)
    return browsers


def is_in(browser: Browser) -> bool:
    return browser.get("/accounts/me/").status_code == 200


def test_they_are_listed_this_one_first(two, ben):
    desk, phone = two
    signed_in(ben)
    for browser, devices in (
        (desk, ["Edge on Windows", "Safari on iPhone"]),
        (phone, ["Safari on iPhone", "Edge on Windows"]),
    ):
        page = browser.get(PAGE)
        assert [row.device for row in page.context["rows"]] == devices
        assert [row.is_this_one for row in page.context["rows"]] == [True, False]
        assert browser.session.session_key not in page.content.decode()


def test_one_that_has_run_out_is_not_listed(two, ada):
    desk, phone = two
    BrowserSession.objects.filter(pk=phone.session.session_key).update(expire_date=timezone.now())
    assert [row.device for row in desk.get(PAGE).context["rows"]] == ["Edge on Windows"]


def test_one_is_ended(two, trail):
    desk, phone = two
    other = desk.get(PAGE).context["rows"][1]
    assert desk.post(f"{PAGE}end/", {"mark": other.mark}).url == PAGE
    assert (is_in(desk), is_in(phone)) == (True, False)
    assert trail()[-1] == "user.sign_in_ended"
    assert desk.post(f"{PAGE}end/", {"mark": other.mark}).url == PAGE


def test_this_one_ends_by_signing_out(two):
    desk, _ = two
    this = desk.get(PAGE).context["rows"][0]
    assert desk.post(f"{PAGE}end/", {"mark": this.mark}).url == reverse("account_logout")
    assert is_in(desk)


def test_all_others_are_ended(two, trail):
    desk, phone = two
    desk.post(f"{PAGE}end-others/")
    assert (is_in(desk), is_in(phone)) == (True, False)
    assert trail()[-1] == "user.sign_ins_ended"


@pytest.mark.parametrize("mark", ["", "x", "\x00", "0" * 5000])
def test_nobody_ends_the_sign_in_of_someone_else(two, ben, mark):
    desk, _ = two
    theirs = signed_in(ben)
    theirs.post(f"{PAGE}end/", {"mark": sign_ins.mark_of(desk.session.session_key)})
    theirs.post(f"{PAGE}end/", {"mark": mark})
    theirs.post(f"{PAGE}end-others/")
    assert is_in(desk)


def test_a_new_role_ends_them_all(two, ada, adam):
    update_person(ada, name=ada.name, email=ada.email, roles=["clinician", "supervisor"], by=adam)
    assert [is_in(browser) for browser in two] == [False, False]
    assert not BrowserSession.objects.filter(user=ada).exists()


def test_a_new_name_ends_none(two, ada, adam):
    update_person(ada, name="Ada O.", email=ada.email, roles=ada.roles, by=adam)
    assert [is_in(browser) for browser in two] == [True, True]


def test_deactivation_ends_them_all(two, ada, adam):
    deactivate_person(ada, to={}, by=adam, reason="Left")
    assert [is_in(browser) for browser in two] == [False, False]
    assert not BrowserSession.objects.filter(user=ada).exists()


def test_a_new_password_ends_all_but_the_one_it_was_set_in(two, ada):
    desk, phone = two
    before = desk.session.session_key
    desk.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert (is_in(desk), is_in(phone)) == (True, False)
    assert desk.session.session_key != before
    assert [row.device for row in desk.get(PAGE).context["rows"]] == ["Edge on Windows"]


def test_who_changes_their_own_roles_signs_in_again(adam):
    browser = signed_in(adam)
    given = {"name": adam.name, "email": adam.email, "roles": ["admin", "clinician"]}
    page = browser.post(reverse("edit_person", args=[adam.pk]), given, follow=True)
    assert page.redirect_chain[-1][0].startswith("/accounts/login/")
    assert "Adam Novak is saved." in page.content.decode()
    assert SESSION_KEY not in browser.session


def test_signing_out_lets_the_browser_forget(two):
    desk, _ = two
    assert desk.post("/accounts/logout/").headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in Browser().get("/accounts/login/").headers
