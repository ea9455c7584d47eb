"""The main job with one thumb, on a phone 390 pixels wide."""

import pytest
from playwright.sync_api import Locator, Page, expect

from ratings.models import Rating
from tests.browser.conftest import PHONE
from tests.browser.steps import drawn_chart
from tests.factories import history

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]

TOPS = """() => [...document.querySelectorAll(".rate")].map(row => row.getBoundingClientRect().top)"""
FREE = """() => [document.querySelector(".bar").getBoundingClientRect().bottom,
                 document.querySelector(".savebar").getBoundingClientRect().top]"""


@pytest.fixture
def form(open_browser, ada, yesterday) -> Page:
    page = open_browser(ada, **PHONE, reduced_motion="reduce")
    page.goto(f"/sessions/{yesterday.pk}/rate/")
    return page


def tap(page: Page, row: int, value: str) -> None:
    """Tap where the answer is now, as a thumb does: nothing scrolls it into view first."""
    box = answer(page, row, value).bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(answer(page, row, value)).to_be_checked()


def answer(page: Page, row: int, value: str) -> Locator:
    return page.locator(".rate").nth(row).locator(f"input[value='{value}']")


def test_from_today_to_the_new_point_by_tapping(open_browser, robin, ada):
    history(robin, [5, 5, None])
    page = open_browser(ada, **PHONE)
    page.goto("/")
    page.get_by_role("link", name="Rate Robin A., session 3").tap()
    page.wait_for_url("**/rate/")
    for row, value in enumerate("6565656"):
        answer(page, row, value).scroll_into_view_if_needed()
        tap(page, row, value)
    expect(page.locator("[data-count]")).to_have_text("7 of 7")
    page.get_by_role("button", name="Save", exact=True).tap()
    page.wait_for_url("**/clients/**")
    expect(page.locator("#saved")).to_contain_text("Saved for Robin A.")
    drawn_chart(page)
    assert Rating.objects.count() == 3


def test_the_next_row_comes_to_the_thumb(form):
    form.locator(".rate").first.scroll_into_view_if_needed()
    for row in range(4):
        before = form.evaluate(TOPS)
        tap(form, row, "5")
        after = form.evaluate(TOPS)
        assert after[row + 1] == pytest.approx(before[row], abs=1.5)


def test_the_bars_never_cover_the_row_to_answer(form):
    for row in range(7):
        tap(form, row, "4")
        if row < 6:
            top, bottom = form.evaluate(FREE)
            box = form.locator(".rate").nth(row + 1).locator(".seg").bounding_box()
            assert top <= box["y"]
            assert box["y"] + box["height"] <= bottom


def test_changing_an_answer_does_not_move_the_page(form):
    for row in range(3):
        tap(form, row, "4")
    tap(form, 1, "6")
    before = form.evaluate("() => scrollY")
    tap(form, 1, "7")
    assert form.evaluate("() => scrollY") == before


def test_every_target_is_large_enough_for_a_thumb(form):
    numbers = [number.bounding_box() for number in form.locator(".seg input").all()]
    others = [other.bounding_box() for other in form.locator(".na input, .help-btn, .savebar button").all()]
    assert min(min(box["height"], box["width"]) for box in numbers) >= 40
    assert min(min(box["height"], box["width"]) for box in others) >= 24
