"""What is typed outlives a reload, a log-out, a lost network and a second tab, and is saved once."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from ratings.models import Rating, RatingDraft
from tests.factories import PASSWORD, rate

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]

SEVEN = "5656565"


@pytest.fixture
def address(yesterday) -> str:
    return reverse("rate", args=[yesterday.pk])


@pytest.fixture
def form(open_browser, ada, address) -> Page:
    page = open_browser(ada)
    page.goto(address)
    return page


@pytest.fixture
def state(form):
    return form.locator("[data-state]")


def chosen(page: Page) -> str:
    return "".join(page.locator(".rate input:checked").evaluate_all("inputs => inputs.map(input => input.value)"))


def sign_out_elsewhere(page: Page) -> None:
    tab = page.context.new_page()
    tab.goto("/")
    tab.get_by_label("Account of Ada Osei").click()
    tab.get_by_role("button", name="Sign out").click()
    tab.wait_for_url("**/accounts/login/**")
    tab.close()


def sign_in_again(page: Page, email: str = "ada@example.org") -> Page:
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in in a new tab").click()
    tab = opened.value
    tab.get_by_label("Work e-mail").fill(email)
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    tab.wait_for_url("/")
    return tab


def test_a_draft_comes_back_after_a_reload(form, state):
    form.keyboard.type("565")
    form.get_by_label("Note").fill("Arrived late, warmed up.")
    expect(state).to_contain_text("Draft saved")
    form.reload()
    expect(form.get_by_text("Your draft from today")).to_be_visible()
    assert chosen(form) == "565"
    expect(form.get_by_label("Note")).to_have_value("Arrived late, warmed up.")
    expect(form.get_by_role("radiogroup", name="Trust").get_by_role("radio").first).to_be_focused()
    form.keyboard.type("6565")
    form.keyboard.press("Enter")
    form.wait_for_url("**/clients/**")
    assert not RatingDraft.objects.exists()


def test_a_draft_survives_a_log_out(form, state, watch):
    watch.expect("status of 40[13]")
    form.keyboard.type("565")
    sign_out_elsewhere(form)
    form.keyboard.type("6565")
    expect(state).to_contain_text("You have been signed out. Your answers are still here.")
    sign_in_again(form)
    expect(state).to_contain_text("Draft saved")
    form.keyboard.press("Enter")
    form.wait_for_url("**/clients/**")
    assert Rating.objects.get().responsiveness == 5


def test_a_rating_sent_after_a_log_out_is_saved_by_itself(form, state, watch):
    watch.expect("status of 40[13]")
    sign_out_elsewhere(form)
    form.keyboard.type(SEVEN)
    form.keyboard.press("Enter")
    expect(state).to_contain_text("You have been signed out. Sign in, and this is saved by itself.")
    sign_in_again(form)
    form.wait_for_url("**/clients/**")
    expect(form.locator("#saved")).to_contain_text("Saved for Robin A.")
    assert Rating.objects.get().goals == 5


def test_someone_else_who_signs_in_neither_saves_nor_loses_it(form, state, watch, ben):
    watch.expect("status of 40[134]")
    sign_out_elsewhere(form)
    form.keyboard.type(SEVEN)
    form.keyboard.press("Enter")
    sign_in_again(form, ben.email)
    expect(state).to_contain_text("Not saved")
    assert chosen(form) == SEVEN
    assert not Rating.objects.exists()


def test_without_a_network_it_is_sent_again_by_itself(form, state, watch):
    watch.expect("ERR_INTERNET_DISCONNECTED")
    form.keyboard.type(SEVEN)
    form.context.set_offline(True)
    form.keyboard.press("Enter")
    expect(state).to_contain_text("No connection. Keep this page open: it is sent again by itself.")
    form.keyboard.press("Enter")
    form.context.set_offline(False)
    form.wait_for_url("**/clients/**")
    assert Rating.objects.get().version == 1


def test_an_answer_that_is_lost_on_its_way_back_makes_no_second_rating(form, address, watch):
    watch.expect("ERR_FAILED")

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    form.route(f"**{address}", lose_the_answer, times=1)
    form.keyboard.type(SEVEN)
    form.keyboard.press("Enter")
    form.wait_for_url("**/clients/**")
    assert Rating.objects.get().version == 1


def test_a_server_in_trouble_is_asked_again(form, state, address, watch):
    watch.expect("status of 503")
    form.route(f"**{address}", lambda route: route.fulfill(status=503), times=1)
    form.keyboard.type(SEVEN)
    form.keyboard.press("Enter")
    form.wait_for_url("**/clients/**")
    assert Rating.objects.get().version == 1


def test_pressing_twice_saves_once(form):
    form.keyboard.type(SEVEN)
    form.keyboard.press("Enter")
    form.keyboard.press("Enter")
    form.wait_for_url("**/clients/**")
    assert Rating.objects.get().version == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_a_double_click_saves_once(open_browser, ada, address, scripts):
    page = open_browser(ada, java_script_enabled=scripts)
    page.goto(address)
    for row in page.locator(".rate").all():
        row.get_by_role("radio").nth(4).check()
    page.get_by_role("button", name="Save", exact=True).dblclick()
    page.wait_for_url("**/clients/**")
    assert Rating.objects.get().version == 1


@pytest.fixture
def two_tabs(form, address, watch) -> Page:
    """The second tab, in which a rating was sent after the first had saved another one."""
    watch.expect("status of 409")
    second = form.context.new_page()
    second.goto(address)
    form.keyboard.type(SEVEN)
    form.keyboard.press("Enter")
    form.wait_for_url("**/clients/**")
    second.bring_to_front()
    second.keyboard.type("2222222")
    second.get_by_label("Note").fill("The other tab")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_role("heading", name="This session has a rating")).to_be_visible()
    return second


def test_the_second_tab_shows_both_versions(two_tabs):
    saved = two_tabs.get_by_role("region", name="Saved").locator("dd")
    assert "".join(saved.all_inner_texts()) == SEVEN
    expect(two_tabs.get_by_role("region", name="What you sent now")).to_contain_text("The other tab")
    two_tabs.get_by_role("link", name="Keep what is saved").click()
    two_tabs.wait_for_url("**/clients/**")
    assert Rating.objects.get().goals == 5


def test_the_second_version_can_be_used_instead(two_tabs):
    two_tabs.get_by_role("button", name="Use what I sent now").click()
    two_tabs.wait_for_url("**/clients/**")
    rating = Rating.objects.get()
    assert (rating.version, rating.goals, rating.note) == (2, 2, "The other tab")


def test_a_rating_can_be_changed_for_fifteen_minutes(open_browser, ada, yesterday, address):
    rate(yesterday, 4)
    page = open_browser(ada)
    page.goto(address)
    expect(page.get_by_text("You are changing the rating saved at")).to_be_visible()
    assert chosen(page) == "4444444"
    page.locator(".rate").first.get_by_role("radio").nth(5).check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/clients/**")
    assert Rating.objects.get().goals == 6
