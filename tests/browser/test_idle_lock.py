"""A rating in the middle of which the session locks: saved after signing in again, or every answer still there."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from alliance_tracker.accounts.models import BrowserSession
from alliance_tracker.accounts.sessions import IDLE
from ratings.models import Rating
from tests.browser.test_nothing_typed_is_lost import SEVEN, chosen, sign_in_again
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]


def lock() -> None:
    """Let fifteen minutes pass in which nobody acts."""
    BrowserSession.objects.exclude(user=None).update(acted_at=timezone.now() - IDLE)


def sign_in_here(page: Page, email: str = "ada@example.org") -> None:
    expect(page.get_by_text("This browser was locked after 15 minutes")).to_be_visible()
    page.get_by_label("Work e-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.fixture
def form(open_browser, ada, yesterday) -> Page:
    page = open_browser(ada)
    page.goto(reverse("rate", args=[yesterday.pk]))
    return page


@pytest.fixture
def bare_form(open_browser, ada, yesterday) -> Page:
    """The form without scripts, filled in."""
    page = open_browser(ada, java_script_enabled=False)
    page.goto(reverse("rate", args=[yesterday.pk]))
    for row in page.locator(".rate").all():
        row.get_by_role("radio").nth(4).check()
    page.get_by_label("Note").fill("Typed before the lock")
    return page


def test_a_rating_sent_after_the_lock_is_saved_by_itself(form, watch):
    watch.expect("status of 40[13]")
    form.keyboard.type(SEVEN)
    lock()
    form.keyboard.press("Enter")
    expect(form.locator("[data-state]")).to_contain_text("Sign in, and this is saved by itself.")
    sign_in_again(form)
    form.wait_for_url("**/clients/**")
    assert Rating.objects.get().goals == 5


def test_what_is_typed_after_the_lock_is_still_there_and_kept(form, watch):
    watch.expect("status of 40[13]")
    form.keyboard.type("565")
    lock()
    form.keyboard.type("6565")
    expect(form.locator("[data-state]")).to_contain_text("Your answers are still here.")
    sign_in_again(form)
    expect(form.locator("[data-state]")).to_contain_text("Draft saved")
    assert chosen(form) == SEVEN
    form.reload()
    assert chosen(form) == SEVEN


def test_typing_keeps_the_session_open(form):
    BrowserSession.objects.exclude(user=None).update(acted_at=timezone.now() - IDLE / 2)
    form.keyboard.type("5")
    expect(form.locator("[data-state]")).to_contain_text("Draft saved")
    assert BrowserSession.objects.exclude(user=None).get().acted_at > timezone.now() - IDLE / 4


def test_without_scripts_it_is_kept_on_the_server(bare_form):
    lock()
    bare_form.get_by_role("button", name="Save", exact=True).click()
    sign_in_here(bare_form)
    expect(bare_form.get_by_role("heading", name="Go on where you were")).to_be_visible()
    bare_form.get_by_role("button", name="Send it now").click()
    bare_form.wait_for_url("**/clients/**")
    assert Rating.objects.get().note == "Typed before the lock"


def test_someone_else_who_signs_in_gets_none_of_it(bare_form, ben):
    lock()
    bare_form.get_by_role("button", name="Save", exact=True).click()
    sign_in_here(bare_form, ben.email)
    bare_form.wait_for_url("/")
    bare_form.goto("/accounts/resume/")
    bare_form.wait_for_url("/")
    assert "Typed before the lock" not in bare_form.content()
    assert not Rating.objects.exists()


def test_any_form_is_sent_again_by_itself(open_browser, ada, robin):
    page = open_browser(ada)
    page.goto(reverse("edit_client", args=[robin.pk]))
    page.get_by_label("Name").fill("Robin B.")
    lock()
    page.get_by_role("button", name="Save").click()
    sign_in_here(page)
    page.wait_for_url("**/clients/**")
    robin.refresh_from_db()
    assert robin.name == "Robin B."


def test_what_was_on_the_screen_is_not_shown_again(open_browser, ada, robin):
    page = open_browser(ada)
    page.goto(reverse("client", args=[robin.pk]))
    page.goto("/accounts/me/")
    lock()
    page.go_back()
    expect(page.get_by_text("This browser was locked after 15 minutes")).to_be_visible()
    assert "Robin A." not in page.content()


def test_a_screen_that_nobody_looks_at_is_cleared(open_browser, ada, robin, watch):
    watch.expect("status of 401")
    page = open_browser(ada)
    page.clock.install()
    page.goto(reverse("client", args=[robin.pk]))
    before = BrowserSession.objects.exclude(user=None).get().acted_at
    page.clock.run_for(16 * 60_000)
    expect(page.get_by_role("heading", name="Robin A.")).to_be_visible()
    assert BrowserSession.objects.exclude(user=None).get().acted_at == before
    lock()
    page.clock.run_for(60_000)
    expect(page.get_by_text("This browser was locked after 15 minutes")).to_be_visible()
