"""Ways around sign-in that somebody might try: worn-out throttles, used codes, ended accounts, planted forms."""

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from alliance_tracker import settings as shipped
from alliance_tracker.accounts.models import BrowserSession, ServiceSettings
from tests.accounts.doors import signed_in
from tests.accounts.factors import LOGIN, STEP, code_now, give_app, sign_in
from tests.accounts.test_service_settings import GIVEN
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

APP = "/accounts/second-factor/app/"
CODES = "/accounts/second-factor/codes/"
CONFIRM = "/accounts/confirm/"
ME = "/accounts/me/"


@pytest.fixture
def throttled(settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = shipped.ACCOUNT_RATE_LIMITS


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.mark.usefixtures("throttled")
def test_many_other_counts_do_not_wear_out_the_throttle(ada):
    for _ in range(20):
        sign_in(Browser(), ada, "wrong-password")
    for number in range(400):
        cache.set(f"zz{number}", [1.0], 86_400)
    page = sign_in(Browser(), ada)
    assert page.status_code == 422
    assert "Too many failed attempts" in page.content.decode()


@pytest.mark.usefixtures("throttled")
def test_an_address_that_is_refused_makes_no_more_counts(db):
    for number in range(30):
        Browser().post(LOGIN, {"login": f"nobody{number}@example.org", "password": "wrong-password"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM cache WHERE cache_key LIKE '%%login_failed%%'")
        assert cursor.fetchone()[0] <= 21


@pytest.mark.usefixtures("throttled")
@pytest.mark.parametrize("at", [STEP, CONFIRM])
def test_one_persons_second_step_does_not_forget_the_failures_at_the_same_address(ben, at):
    give_app(ben)
    browser = signed_in(ben) if at == CONFIRM else Browser()
    for number in range(18):
        Browser().post(LOGIN, {"login": f"nobody{number}@example.org", "password": "wrong-password"})
    if at == STEP:
        sign_in(browser, ben)
    assert browser.post(at, {"code": code_now()}).url == "/"
    pages = [Browser().post(LOGIN, {"login": "ada@example.org", "password": "wrong-password"}) for _ in range(3)]
    assert ["Too many failed attempts" in page.content.decode() for page in pages] == [False, False, True]


def test_the_code_that_added_the_app_is_used(ada):
    browser = signed_in(ada)
    code = code_now(browser.get(APP).context["secret"])
    assert browser.post(APP, {"code": code}).url == CODES
    other = Browser()
    assert sign_in(other, ada).url == STEP
    assert other.post(STEP, {"code": code}).status_code == 422


@pytest.mark.parametrize("ended", ["deactivated", "locked"])
def test_who_lost_access_after_the_password_gets_no_further(ada, trail, ended):
    give_app(ada)
    browser = Browser()
    assert sign_in(browser, ada).url == STEP
    if ended == "locked":
        ada.locked_at = timezone.now()
    else:
        ada.is_active, ada.deactivated_at = False, timezone.now()
    ada.save()
    assert browser.post(STEP, {"code": code_now()}).url == LOGIN
    assert browser.get(ME).status_code == 302
    assert not BrowserSession.objects.filter(user=ada).exists()
    assert "user.signed_in" not in trail()


def test_a_form_left_by_someone_else_is_not_sent_when_another_page_asked(clock, adam):
    """Who sat down at an open desk and met the question left a form behind; it must not ride on the next answer."""
    adams = signed_in(adam)
    clock.shift(601)
    assert adams.post("/settings/", GIVEN).url == CONFIRM
    address = adams.get("/people/invite/").url
    assert adams.post(address, {"password": PASSWORD}).url == "/people/invite/"
    assert ServiceSettings.objects.get().name == "Psychotherapy service"


def test_only_a_person_who_reads_them_uses_up_the_showing_of_the_codes(ada):
    give_app(ada)
    browser = signed_in(ada)
    browser.head(CODES)
    assert len(browser.get(CODES).context["codes"]) == 10


def test_opening_the_sign_in_forgets_a_second_step_that_was_not_taken(ada):
    give_app(ada)
    browser = Browser()
    assert sign_in(browser, ada).url == STEP
    assert browser.get(LOGIN).status_code == 200
    assert browser.get(STEP).url == LOGIN
    assert browser.post(STEP, {"code": code_now()}).url == LOGIN


def test_the_key_of_a_session_changes_at_each_sign_in(ada):
    give_app(ada)
    browser = Browser()
    browser.get("/accounts/login/passkey/")
    planted = browser.session.session_key
    sign_in(browser, ada)
    waiting = browser.session.session_key
    browser.post(STEP, {"code": code_now()})
    assert planted
    assert browser.session.session_key not in {planted, waiting}
    assert not BrowserSession.objects.filter(pk=planted).exists()
