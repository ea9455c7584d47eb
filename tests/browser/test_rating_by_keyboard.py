"""The main job without touching the mouse."""

import pytest
from playwright.sync_api import Page, expect

from ratings.models import Rating
from tests.browser.steps import chart_points, press_until_on
from tests.factories import PASSWORD, SessionFactory, history

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]

SEVEN = "5656565"


@pytest.fixture
def form(open_browser, ada, yesterday) -> Page:
    page = open_browser(ada)
    page.goto(f"/sessions/{yesterday.pk}/rate/")
    return page


def chosen(page: Page) -> list[str]:
    return page.locator(".rate input:checked").evaluate_all("inputs => inputs.map(input => input.value)")


def test_from_sign_in_to_the_new_point(open_browser, robin, ada):
    history(robin, [4, 5, 6, None])
    page = open_browser()
    page.goto("/")
    expect(page.get_by_label("Work e-mail")).to_be_focused()
    page.keyboard.type("ada@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("/")
    press_until_on(page, "Tab", "Rate Robin A., session 4")
    page.keyboard.press("Enter")
    page.wait_for_url("**/rate/")
    page.keyboard.type(SEVEN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/clients/**")
    expect(page.locator("#saved")).to_contain_text("Saved for Robin A.")
    assert chart_points(page, "Overall") == [4, 5, 6, pytest.approx(5.46, abs=0.05)]


def test_digits_fill_the_row_and_move_on(form):
    assert chosen(form) == []
    expect(form.locator("[data-count]")).to_have_text("0 of 7")
    form.keyboard.type("130")
    assert chosen(form) == ["1", "3", "na"]
    expect(form.locator("[data-count]")).to_have_text("3 of 7")
    expect(form.get_by_role("radiogroup", name="Trust").get_by_role("radio").first).to_be_focused()


def test_not_observed_is_saved_as_no_value(form, yesterday):
    form.keyboard.type("6066666")
    form.keyboard.press("Enter")
    form.wait_for_url("**/clients/**")
    rating = Rating.objects.get()
    assert (rating.goals, rating.tasks, rating.bond) == (6, None, 6)


def test_arrows_move_inside_a_row_and_tab_to_the_next(form):
    form.keyboard.type("4")
    form.keyboard.press("Space")
    form.keyboard.press("ArrowRight")
    form.keyboard.press("ArrowRight")
    assert chosen(form) == ["4", "3"]
    form.keyboard.press("Tab")
    expect(form.get_by_role("button", name="What 1, 4 and 7 mean for bond")).to_be_focused()
    form.keyboard.press("Enter")
    expect(form.get_by_text("Real warmth and mutual regard")).to_be_visible()
    form.keyboard.press("Tab")
    form.keyboard.press("Space")
    assert chosen(form) == ["4", "3", "1"]


def test_after_the_seventh_digit_typing_changes_nothing_by_accident(form):
    form.keyboard.type(SEVEN + "33")
    assert chosen(form) == list(SEVEN)
    form.get_by_label("Note").fill("17")
    assert chosen(form) == list(SEVEN)


def test_save_and_next_leads_to_the_next_form(open_browser, ada, robin):
    first, second = SessionFactory.create_batch(2, client=robin)
    earlier, later = sorted((first, second), key=lambda session: session.starts_at)
    page = open_browser(ada)
    page.goto(f"/sessions/{earlier.pk}/rate/")
    page.keyboard.type(SEVEN)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/sessions/{later.pk}/rate/?saved={earlier.pk}")
    expect(page.locator("#saved")).to_contain_text("Saved for Robin A.")
    page.keyboard.type(SEVEN)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"/?saved={later.pk}")
    expect(page.get_by_role("heading", name="Nothing to rate")).to_be_visible()
    assert Rating.objects.count() == 2


def test_a_missing_row_is_named_and_the_rest_is_kept(form, watch):
    watch.expect("status of 422")
    form.keyboard.type("565656")
    form.keyboard.press("Enter")
    summary = form.get_by_role("alert")
    expect(summary).to_be_focused()
    assert form.title().startswith("Error: ")
    assert chosen(form) == list("565656")
    summary.get_by_role("link").focus()
    form.keyboard.press("Enter")
    form.keyboard.type("7")
    form.keyboard.press("Enter")
    form.wait_for_url("**/clients/**")
    assert Rating.objects.get().responsiveness == 7
