"""The client's figure on its page: drawn by Plotly under the site's policy, in both themes, by keyboard too."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from ratings.models import Rater
from tests.browser.conftest import PHONE
from tests.browser.steps import chart_points, drawn_chart
from tests.factories import SessionFactory, history, rate

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]

INK, LIGHT_INK = "rgb(20, 36, 44)", "rgb(232, 239, 241)"


@pytest.fixture
def open_chart(open_browser, ada, robin):
    def open_one(*scores: int | None, query: str = "", **options) -> Page:
        for session in history(robin, list(scores))[::2]:
            if session.ratings.exists():
                rate(session, 6, rater=Rater.CLIENT)
        page = open_browser(ada, **options)
        page.goto(reverse("client", args=[robin.pk]) + query)
        drawn_chart(page)
        return page

    return open_one


def ink(page: Page) -> str:
    return page.locator(".at-chart .annotation-text").first.evaluate("text => getComputedStyle(text).fill")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_draws_what_was_rated(open_chart, theme):
    page = open_chart(3, None, 5, 6, color_scheme=theme)
    assert chart_points(page, "Overall") == [3, None, 5, 6]
    assert ink(page) == (INK if theme == "light" else LIGHT_INK)
    assert page.locator(".modebar, .modebar-btn").count() == 0
    assert "Share" not in page.locator(".at-chart").inner_text()


def test_the_theme_button_draws_it_again(open_chart):
    page = open_chart(3, 4, 5)
    button = page.get_by_role("button", name="Dark theme")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert ink(page) == LIGHT_INK
    page.reload()
    drawn_chart(page)
    assert ink(page) == LIGHT_INK
    button.click()
    assert ink(page) == INK


def test_the_arrow_keys_read_out_each_session(open_chart):
    page = open_chart(3, 4, 5)
    chart = page.get_by_role("slider", name="Alliance by session")
    chart.focus()
    page.keyboard.press("Home")
    expect(chart).to_have_attribute("aria-valuenow", "1")
    assert "Overall: you 3.0, Robin A. 6.0." in chart.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowRight")
    expect(chart).to_have_attribute("aria-valuenow", "2")
    assert "Overall: you 4.0." in chart.get_attribute("aria-valuetext")


def test_one_rating_is_drawn(open_chart):
    page = open_chart(3)
    assert chart_points(page, "Overall") == [3]
    page.goto(f"{page.url}?by=date&split=1")
    assert chart_points(page, "Overall") == [3]


def test_a_long_therapy_is_drawn_in_every_view(open_chart):
    page = open_chart(*[3 + index % 4 for index in range(40)], query="?by=date")
    assert len(chart_points(page, "Overall")) == 26
    page.get_by_role("link", name="Goals, tasks, bond too").click()
    page.wait_for_url("**split=1")
    assert len(chart_points(page, "Bond")) == 26
    page.get_by_role("link", name="Show all 40 sessions").click()
    page.wait_for_url("**sessions=all")
    assert len(chart_points(page, "Overall")) == 40


def test_it_fits_a_phone_and_lets_it_scroll(open_chart):
    page = open_chart(*[3 + index % 4 for index in range(26)], **PHONE)
    box = page.locator(".at-chart").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + 100)
    expect(page.get_by_role("slider")).not_to_have_attribute("aria-valuenow", "26")


def test_names_are_never_markup(open_browser, ada, robin):
    robin.name = "</script><b>R</b>"
    robin.save()
    history(robin, [3, 4])
    rate(SessionFactory(client=robin), 5, rater=Rater.CLIENT)
    page = open_browser(ada)
    page.goto(reverse("client", args=[robin.pk]))
    drawn_chart(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("</script><b>R</b>")
