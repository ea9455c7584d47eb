"""Passkeys, with an authenticator that Chromium pretends to have: enrolment, sign-in, second step, confirming."""

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone
from playwright.sync_api import Page, expect

from alliance_tracker.accounts.browser_sessions import RECENT
from alliance_tracker.accounts.models import BrowserSession, ServiceSettings, User
from tests.accounts.factors import code_that_lasts, give_app
from tests.browser.inspection import faults
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_authenticator(page: Page, **options) -> None:
    chromium = page.context.new_cdp_session(page)
    chromium.send("WebAuthn.enable")
    chromium.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE | options})


def sign_in(page: Page, user) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Work e-mail").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_passkey(page: Page) -> None:
    page.goto("/accounts/second-factor/passkey/")
    page.get_by_role("textbox", name="Name").fill("Laptop")
    page.get_by_role("button", name="Add this passkey").click()
    page.wait_for_url("**/accounts/second-factor/codes/")


@pytest.fixture
def page(open_browser, ada) -> Page:
    """Ada's browser, with a passkey."""
    page = open_browser(ada)
    give_authenticator(page)
    add_passkey(page)
    return page


def test_the_first_sign_in_enrols_where_it_is_required(open_browser, ada):
    ServiceSettings.objects.update(require_second_factor=True)
    page = open_browser()
    give_authenticator(page)
    sign_in(page, ada)
    page.wait_for_url("**/accounts/second-factor/")
    expect(page.get_by_text("Your service asks everyone for a second step.")).to_be_visible()
    page.goto("/clients/")
    page.wait_for_url("**/accounts/second-factor/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Add this passkey").click()
    page.wait_for_url("**/accounts/second-factor/codes/")
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("/")
    assert {each.type for each in Authenticator.objects.filter(user=ada)} == {"webauthn", "recovery_codes"}


def test_the_recovery_codes_are_saved_as_a_file(page):
    codes = page.locator(".codes li").all_inner_texts()
    with page.expect_download() as started:
        page.get_by_role("link", name="Save as a file").click()
    assert started.value.path().read_text().split()[-10:] == codes
    page.reload()
    expect(page.get_by_text("were shown once")).to_be_visible()


def test_a_passkey_signs_in_by_itself(page):
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("/")
    expect(page.get_by_label("Account of Ada Osei")).to_be_visible()


def test_a_passkey_is_the_second_step_after_the_password(page, ada):
    page.context.clear_cookies()
    sign_in(page, ada)
    page.wait_for_url("**/accounts/login/second-step/")
    page.goto("/clients/")
    page.wait_for_url("**/accounts/login/?next=/clients/")
    sign_in(page, ada)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("/")


def test_the_second_step_leads_back_to_the_sign_in(open_browser, ada, ben):
    give_app(ada)
    page = open_browser()
    sign_in(page, ada)
    page.get_by_role("link", name="Back to sign-in").click()
    page.wait_for_url("**/accounts/login/")
    sign_in(page, ben)
    page.wait_for_url("/")


def test_a_passkey_confirms_and_leads_back(page):
    BrowserSession.objects.exclude(user=None).update(started_at=timezone.now() - 2 * RECENT)
    page.goto("/accounts/second-factor/app/")
    page.wait_for_url("**/accounts/confirm/**")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/accounts/second-factor/app/")


def test_a_passkey_that_is_removed_signs_in_no_more(page, ada):
    page.goto("/accounts/second-factor/")
    page.get_by_role("button", name="Remove Laptop").click()
    expect(page.get_by_text("The passkey is removed here.")).to_be_visible()
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The passkey was not taken.")).to_be_visible()


@pytest.mark.parametrize(
    "ended", [{"locked_at": timezone.now()}, {"is_active": False, "deactivated_at": timezone.now()}]
)
def test_a_passkey_of_a_locked_or_deactivated_person_signs_nobody_in(page, ada, ended):
    User.objects.filter(pk=ada.pk).update(**ended)
    BrowserSession.objects.all().delete()
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The passkey was not taken.")).to_be_visible()
    assert not BrowserSession.objects.exclude(user=None).exists()


def test_a_key_that_does_not_check_its_person_is_not_taken(open_browser, ada):
    page = open_browser(ada)
    give_authenticator(page, hasUserVerification=False, isUserVerified=False)
    page.goto("/accounts/second-factor/passkey/")
    page.get_by_role("button", name="Add this passkey").click()
    expect(page.get_by_text("No passkey was used.")).to_be_visible()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("scripts", [True, False])
def test_where_there_are_no_passkeys_there_is_a_code_app(open_browser, ada, scripts):
    page = open_browser(ada, java_script_enabled=scripts)
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto("/accounts/second-factor/passkey/")
    expect(page.get_by_text("A passkey needs JavaScript and a browser that has passkeys.")).to_be_visible()
    expect(page.get_by_role("button", name="Add this passkey")).to_be_hidden()
    page.get_by_role("link", name="Add a code app").click()
    page.wait_for_url("**/accounts/second-factor/app/")


def test_the_second_step_is_for_everyone(open_browser, ada):
    give_app(ada)
    page = open_browser(reduced_motion="reduce")
    sign_in(page, ada)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("Code").fill(code_that_lasts())
    page.keyboard.press("Enter")
    page.wait_for_url("/")
