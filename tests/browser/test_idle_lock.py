"""A rating in the middle of which the session locks: saved after signing in again, or every answer still there."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from alliance_tracker.accounts.browser_sessions import IDLE
from alliance_tracker.accounts.models import BrowserSession
from ratings.models import Rating
from tests.accounts.factors import code_that_lasts, give_app
from tests.browser.inspection import faults
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


def take_second_step(page: Page) -> None:
    page.get_by_label("Code").fill(code_that_lasts())
    page.get_by_role("button", name="Go on").click()


def chosen_without_scripts(page: Page) -> list[str]:
    radios = page.locator(".rate input[type=radio]").all()
    return [f"{radio.get_attribute('name')}={radio.get_attribute('value')}" for radio in radios if radio.is_checked()]


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


def test_it_is_saved_by_itself_after_the_second_step_too(form, ada, watch):
    watch.expect("status of 40[13]")
    give_app(ada)
    form.keyboard.type(SEVEN)
    lock()
    form.keyboard.press("Enter")
    with form.expect_popup() as opened:
        form.get_by_role("link", name="Sign in in a new tab").click()
    sign_in_here(opened.value)
    take_second_step(opened.value)
    form.wait_for_url("**/clients/**")
    assert Rating.objects.get().goals == 5


def test_a_draft_is_there_when_the_cleared_screen_comes_back(form, watch):
    watch.expect("status of 401")
    form.keyboard.type("565")
    form.get_by_label("Note").fill("Typed before the lock")
    expect(form.locator("[data-state]")).to_contain_text("Draft saved")
    form.clock.install()
    form.reload()
    lock()
    form.clock.run_for(16 * 60_000)
    sign_in_here(form)
    expect(form.get_by_text("Your draft from today")).to_be_visible()
    assert chosen(form) == "565"
    expect(form.get_by_label("Note")).to_have_value("Typed before the lock")
    form.keyboard.type("6565")
    form.keyboard.press("Enter")
    form.wait_for_url("**/clients/**")
    assert Rating.objects.get().note == "Typed before the lock"


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


def test_without_scripts_an_unfinished_form_comes_back_whole(open_browser, ada, yesterday, watch):
    watch.expect("status of 422")
    give_app(ada)
    page = open_browser(ada, java_script_enabled=False)
    page.goto(reverse("rate", args=[yesterday.pk]))
    for row, answer in zip(page.locator(".rate").all()[:3], (4, 5, 6), strict=True):
        row.get_by_role("radio").nth(answer).check()
    page.get_by_label("Note").fill("Half of it")
    before = chosen_without_scripts(page)
    lock()
    page.get_by_role("button", name="Save and next").click()
    sign_in_here(page)
    take_second_step(page)
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(4)
    assert chosen_without_scripts(page) == before
    assert len(before) == 3
    expect(page.get_by_label("Note")).to_have_value("Half of it")
    assert not Rating.objects.exists()
    for row in page.locator(".rate").all()[3:]:
        row.get_by_role("radio").nth(4).check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/clients/**")
    assert Rating.objects.get().note == "Half of it"


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
    page.get_by_role("textbox", name="Name").fill("Robin B.")
    lock()
    page.get_by_role("button", name="Save").click()
    sign_in_here(page)
    page.wait_for_url("**/clients/**")
    robin.refresh_from_db()
    assert robin.name == "Robin B."


def test_the_pages_on_the_way_back_are_for_everyone(open_browser, ada, robin, watch):
    watch.expect("ERR_FAILED")
    page = open_browser(ada, reduced_motion="reduce")
    page.route("**/resume*.js", lambda route: route.abort())
    page.goto(reverse("edit_client", args=[robin.pk]))
    lock()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("What you sent is kept until")).to_be_visible()
    assert faults(page) == []
    page.emulate_media(media="screen", color_scheme="light", reduced_motion="reduce")
    sign_in_here(page)
    expect(page.get_by_role("heading", name="Go on where you were")).to_be_visible()
    assert faults(page) == []


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
    page.get_by_role("searchbox").fill("Rob")
    before = BrowserSession.objects.exclude(user=None).get().acted_at
    page.clock.run_for(16 * 60_000)
    expect(page.get_by_role("heading", name="Robin A.")).to_be_visible()
    assert BrowserSession.objects.exclude(user=None).get().acted_at == before
    lock()
    page.clock.run_for(60_000)
    expect(page.get_by_text("This browser was locked after 15 minutes")).to_be_visible()
