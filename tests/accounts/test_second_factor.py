"""Code apps, recovery codes, and a service that asks everyone for a second step. Passkeys are tested in the browser."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse

from alliance_tracker.accounts.actions import make_reset_link
from alliance_tracker.accounts.models import ServiceSettings
from alliance_tracker.accounts.second_factors import add_code_app, factors_of, remove_factor, remove_second_factor
from alliance_tracker.encryption import decrypt
from tests.accounts.doors import check_doors, signed_in
from tests.accounts.factors import APP_SECRET, LOGIN, STEP, code_now, codes_of, give_app, sign_in
from tests.accounts.test_service_settings import GIVEN
from tests.factories import PASSWORD, make_link
from tests.ratings.asking.answering import address_of

pytestmark = pytest.mark.django_db

PAGE = "/accounts/second-factor/"
APP = f"{PAGE}app/"
CODES = f"{PAGE}codes/"
RAW = {"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "e30", "userHandle": "eA"}}
FORGED = [
    *("", "nonsense", "[]", "{}", "1", '{"response": {}}'),
    *('{"id": 1, "response": {"userHandle": "AAAA"}}', json.dumps(RAW)),
]
NEW = "quiet-river-over-stone"


@pytest.fixture
def required(service) -> None:
    service.require_second_factor = True
    service.save()


def is_in(browser: Browser) -> bool:
    return browser.get("/accounts/me/").status_code == 200


def test_an_app_is_added_and_its_recovery_codes_are_shown_once(as_user, ada, trail):
    browser = as_user(ada)
    secret = browser.get(APP).context["secret"]
    assert browser.post(APP, {"code": "000000"}).status_code == 422
    assert browser.get(APP).context["secret"] == secret
    assert browser.post(APP, {"code": code_now(secret)}).url == CODES
    shown = browser.get(CODES).context["codes"]
    assert len(set(shown)) == 10
    assert browser.get(CODES).context["codes"] == []
    assert trail() == ["user.code_app_added"]


def test_secrets_are_encrypted_at_rest(as_user, ada):
    browser = as_user(ada)
    secret = browser.get(APP).context["secret"]
    assert secret not in json.dumps(dict(browser.session))
    browser.post(APP, {"code": code_now(secret)})
    kept = {each.type: each.data for each in Authenticator.objects.filter(user=ada)}
    assert decrypt(kept["totp"]["secret"]) == secret
    assert decrypt(kept["recovery_codes"]["seed"])
    assert not any(secret in str(data) or code in str(data) for data in kept.values() for code in codes_of(ada))


def test_the_password_alone_is_not_enough_any_more(ada, trail):
    give_app(ada)
    browser = Browser()
    assert sign_in(browser, ada).url == STEP
    assert not is_in(browser)
    assert browser.post(STEP, {"code": "000000"}).status_code == 422
    assert not is_in(browser)
    assert browser.post(STEP, {"code": code_now()}).url == "/"
    assert is_in(browser)
    assert trail() == ["user.code_app_added", "user.sign_in_failed", "user.signed_in"]


def test_a_code_works_once(ada):
    give_app(ada)
    code = code_now()
    for expected in (302, 422):
        browser = Browser()
        sign_in(browser, ada)
        assert browser.post(STEP, {"code": code}).status_code == expected


def test_a_recovery_code_works_once(ada):
    give_app(ada)
    code = codes_of(ada)[3]
    for expected in (302, 422):
        browser = Browser()
        sign_in(browser, ada)
        assert browser.post(STEP, {"code": code}).status_code == expected
    assert len(codes_of(ada)) == 9


def test_guessing_codes_is_throttled(ada, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/d/key"}
    give_app(ada)
    browser = Browser()
    sign_in(browser, ada)
    for _ in range(3):
        browser.post(STEP, {"code": "000000"})
    page = browser.post(STEP, {"code": code_now()})
    assert page.status_code == 422
    assert "Too many failed attempts" in page.content.decode()


def test_a_reset_password_does_not_bypass_it(ada, adam):
    give_app(ada)
    browser = Browser()
    link = reverse("account_reset_password_from_key", args=[ada.pk.hex, make_reset_link(ada, by=adam)])
    address = browser.get(link).url
    browser.post(address, {"password1": NEW, "password2": NEW})
    assert not is_in(browser)
    assert sign_in(browser, ada, NEW).url == STEP


@pytest.mark.parametrize("answer", [*FORGED, json.dumps(RAW)])
def test_a_forged_passkey_signs_nobody_in(client, ada, answer):
    address = reverse("mfa_login_webauthn")
    assert client.get(address).json()["publicKey"]["userVerification"] == "required"
    assert client.post(address, {"credential": answer}).url == LOGIN
    assert not is_in(client)
    give_app(ada)
    sign_in(client, ada)
    assert client.post(STEP, {"credential": answer}).status_code == 422
    signed = signed_in(ada)
    assert signed.post("/accounts/confirm/", {"credential": answer}).status_code == 422
    assert signed.post(f"{PAGE}passkey/", {"name": "Key", "credential": answer}).status_code == 422


def test_where_it_is_required_one_gets_nowhere_without(required, as_user, ada, robin):
    browser = as_user(ada)
    for address in ("/", "/clients/", f"/clients/{robin.pk}/", "/accounts/me/", f"/clients/{robin.pk}/ratings.csv"):
        assert browser.get(address).url == PAGE
    assert browser.post("/accounts/me/", {"name": "New"}).url == PAGE
    assert browser.get("/", headers={"accept": "application/json"}).status_code == 403
    assert "Your service asks everyone" in browser.get(PAGE).content.decode()
    for address in (APP, f"{PAGE}passkey/", "/accounts/logout/"):
        assert browser.get(address).status_code == 200
    browser.post(APP, {"code": code_now(browser.get(APP).context["secret"])})
    assert is_in(browser)


def test_pages_that_need_no_sign_in_stay_open_where_it_is_required(required, as_user, ada, yesterday):
    browser = as_user(ada)
    assert browser.get(address_of(make_link(yesterday))).status_code == 200
    assert browser.get("/accounts/password/reset/").status_code == 200


def test_what_was_sent_when_it_became_required_is_not_lost(required, as_user, ada):
    browser = as_user(ada)
    assert browser.post("/accounts/me/", {"name": "Typed before", "email": ada.email}).url == PAGE
    browser.post(APP, {"code": code_now(browser.get(APP).context["secret"])})
    assert 'href="/accounts/resume/"' in browser.get(CODES).content.decode()
    waiting = browser.get("/accounts/resume/").context["waiting"]
    browser.post(waiting.path, dict(waiting.fields))
    ada.refresh_from_db()
    assert ada.name == "Typed before"
    assert browser.get("/accounts/resume/").url == "/"


def test_recovery_codes_alone_are_no_second_factor(required, as_user, ada):
    give_app(ada)
    Authenticator.objects.exclude(type="recovery_codes").delete()
    assert as_user(ada).get("/").url == PAGE


def test_the_last_one_stays_where_it_is_required(required, as_user, ada):
    give_app(ada)
    page = as_user(ada).post(f"{APP}remove/", follow=True)
    assert "Add another one before you remove this." in page.content.decode()
    assert factors_of(ada).any


def test_removing_the_last_one_takes_the_recovery_codes_along(as_user, ada, trail):
    give_app(ada)
    as_user(ada).post(f"{APP}remove/")
    assert not Authenticator.objects.exists()
    assert trail()[-1] == "user.code_app_removed"
    assert sign_in(Browser(), ada).url == "/"


def passkey_of(person) -> Authenticator:
    return Authenticator.objects.create(user=person, type="webauthn", data={"name": "Key", "credential": {}})


def test_removing_one_of_two_leaves_the_other_and_the_recovery_codes(required, ada):
    give_app(ada)
    remove_factor(ada, pk=passkey_of(ada).pk)
    assert factors_of(ada).code_app
    assert len(codes_of(ada)) == 10


def test_the_last_one_is_removed_without_recovery_codes_too(ada, trail):
    remove_factor(ada, pk=passkey_of(ada).pk)
    assert not Authenticator.objects.exists()
    assert trail() == ["user.passkey_removed"]


def test_nobody_removes_the_passkey_of_someone_else(ada, ben):
    theirs = passkey_of(ben)
    with pytest.raises(ValidationError):
        remove_factor(ada, pk=theirs.pk)
    assert Authenticator.objects.get() == theirs


def test_there_is_one_app(ada):
    give_app(ada)
    with pytest.raises(ValidationError, match="already"):
        add_code_app(ada, secret=APP_SECRET)


def test_new_recovery_codes_replace_the_old_ones(as_user, ada, trail):
    give_app(ada)
    old = set(codes_of(ada))
    browser = as_user(ada)
    assert browser.post(f"{CODES}renew/").url == CODES
    assert not old & set(browser.get(CODES).context["codes"])
    assert trail()[-1] == "user.recovery_codes_renewed"
    assert as_user(ada).post(f"{CODES}renew/").url == CODES


def test_without_a_factor_there_are_no_recovery_codes(as_user, ada):
    page = as_user(ada).post(f"{CODES}renew/", follow=True)
    assert "Add a passkey or a code app first." in page.content.decode()


def test_an_admin_removes_what_someone_lost(required, adam, ada, trail):
    give_app(adam)
    give_app(ada)
    theirs = signed_in(ada)
    assert is_in(theirs)
    page = signed_in(adam).post(reverse("remove_second_factor", args=[ada.pk]), follow=True)
    assert "is removed" in page.content.decode()
    assert trail()[-1] == "user.second_factor_removed"
    assert not is_in(theirs)
    assert sign_in(theirs, ada).url == "/"
    assert theirs.get("/").url == PAGE


def test_an_admin_does_not_remove_their_own_this_way(adam):
    give_app(adam)
    with pytest.raises(ValidationError, match="Another administrator"):
        remove_second_factor(adam, by=adam)
    assert factors_of(adam).any


def test_doors_of_removing(adam, ada, sue):
    check_doors("remove_second_factor", ada.pk, admin=adam, others=[ada, sue], shows=False)


def test_a_new_service_asks_for_it_unless_it_is_a_demo(db, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    assert ServiceSettings.objects.current().require_second_factor
    assert ServiceSettings().require_second_factor
    settings.REQUIRE_SECOND_FACTOR = False
    assert not ServiceSettings().require_second_factor


def test_an_admin_turns_it_on(as_user, adam, service):
    as_user(adam).post("/settings/", GIVEN | {"require_second_factor": "on"})
    service.refresh_from_db()
    assert service.require_second_factor
    assert as_user(adam).get("/people/").url == PAGE


def test_the_password_is_asked_before_the_second_step(ada):
    give_app(ada)
    assert Browser().get(STEP).url == LOGIN
    assert sign_in(Browser(), ada, "wrong-password").status_code == 422
    assert sign_in(Browser(), ada, PASSWORD, next="/accounts/me/").url == STEP
