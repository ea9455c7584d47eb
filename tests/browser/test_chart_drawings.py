"""The two drawings of one figure: what Plotly draws lies where the server drew it, at every width and on paper."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from ratings.models import Rater
from tests.browser.conftest import DESK, PHONE
from tests.browser.steps import drawn_chart
from tests.factories import ClientFactory, history, rate

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]

TOLERANCE = 1.5
MIDDLES = """selector => [...document.querySelectorAll(selector)].map(mark => {
  const { left, right, top, bottom } = mark.getBoundingClientRect();
  return [(left + right) / 2, (top + bottom) / 2 + scrollY];
})"""
STARTS = """selector => [...document.querySelectorAll(selector)].map(text => {
  const { left, bottom } = text.getBoundingClientRect();
  return [text.textContent, left, bottom + scrollY];
})"""
MARKS = ".figure .trace > g > *", ".at-chart .scatterlayer .point"
TEXTS = ".figure text", ".at-chart .annotation-text, .at-chart .xtick text, .at-chart [class$=tick] text"
MARK_OF_EACH = [4, 5, None, 6, 2, 2, 5, 6]


@pytest.fixture
def open_page(open_browser, ada, robin):
    def open_one(query: str = "", plotly=None, **options) -> Page:
        for session in history(robin, MARK_OF_EACH)[::2]:
            if session.ratings.exists():
                rate(session, 6, rater=Rater.CLIENT, trust=None)
        page = open_browser(ada, **options)
        if plotly:
            page.route(re.compile("plotly-basic"), plotly)
        page.goto(reverse("client", args=[robin.pk]) + query)
        return page

    return open_one


def far_apart(one: list[list], other: list[list]) -> list[tuple]:
    """Pair what lies next to each other; return the pairs that lie apart, and whatever has no partner."""
    rest, apart = list(other), []
    for place in one:
        near = min(rest, key=lambda found: max(abs(a - b) for a, b in zip(found[-2:], place[-2:], strict=True)))
        rest.remove(near)
        if place[:-2] != near[:-2] or max(abs(a - b) for a, b in zip(near[-2:], place[-2:], strict=True)) > TOLERANCE:
            apart.append((place, near))
    return apart + [(None, found) for found in rest]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1440", "390"])
@pytest.mark.parametrize("query", ["", "?by=date&split=1"])
def test_the_marks_and_words_of_both_drawings_lie_on_each_other(open_page, size, query):
    page = open_page(query, **size)
    drawn_chart(page)
    first, second = (page.evaluate(MIDDLES, selector) for selector in MARKS)
    assert len(first) > 60
    assert far_apart(first, second) == []
    assert far_apart(*(page.evaluate(STARTS, selector) for selector in TEXTS)) == []


def test_nothing_moves_when_the_second_takes_the_place_of_the_first(open_page):
    held = []
    page = open_page(plotly=lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    expect(page.locator(".figure")).to_be_visible()
    before = page.locator(".chart-box").bounding_box()
    page.locator(".at-chart").evaluate("chart => chart.focus({ preventScroll: true })")
    page.wait_for_function("() => document.querySelector('script[src*=plotly-basic]')")
    held[0].continue_()
    drawn_chart(page)
    assert page.locator(".chart-box").bounding_box() == before
    assert page.locator(".at-chart .main-svg").first.bounding_box() == before
    expect(page.locator(".figure")).to_be_hidden()


def test_what_is_chosen_before_plotly_is_there_shows_when_it_comes(open_page):
    held = []
    page = open_page(plotly=lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    chart = page.get_by_role("slider", name="Alliance by session")
    chart.focus()
    page.keyboard.press("Home")
    expect(chart).to_have_attribute("aria-valuenow", "1")
    expect(page.locator(".figure")).to_be_visible()
    held[0].continue_()
    drawn_chart(page)
    expect(page.locator(".at-chart .annotation-text").first).to_contain_text("session 1")


def test_without_plotly_the_first_drawing_stays(open_page, watch):
    watch.expect("Failed to load resource")
    page = open_page(plotly=lambda route: route.abort())
    chart = page.get_by_role("slider", name="Alliance by session")
    chart.focus()
    page.keyboard.press("End")
    expect(chart).to_have_attribute("aria-valuenow", "8")
    expect(page.locator(".figure")).to_be_visible()


def test_paper_has_the_first_drawing_in_the_light_palette(open_page):
    page = open_page(color_scheme="dark")
    drawn_chart(page)
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".figure")).to_be_visible()
    expect(page.locator(".at-chart")).to_be_hidden()
    header = page.locator(".figure").get_by_text("Overall", exact=True)
    assert header.evaluate("text => getComputedStyle(text).fill") == "rgb(20, 36, 44)"
    page.emulate_media(media="screen", color_scheme="dark")
    drawn_chart(page)
    expect(page.locator(".figure")).to_be_hidden()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1440", "390"])
def test_the_two_figures_of_a_caseload_lie_on_each_other_too(open_browser, sue, ada, size):
    for number, scores in enumerate([[6, 5, 6, 6, 2], [5, 5, 6], [4], [5] * 9, [3, 4], [6, 6, 7], [4, 4], [5, 5]]):
        history(ClientFactory(code=f"C-{number}", clinician=ada), scores)
    page = open_browser(sue, **size)
    page.goto(reverse("supervision"))
    for box in (".chart-box--chance", ".chart-box--stages"):
        page.locator(f"{box} .at-chart").scroll_into_view_if_needed()
        page.locator(f"{box} .main-svg").first.wait_for()
        marks, words = ([f"{box} {part}" for part in pair[1].split(", ")] for pair in (MARKS, TEXTS))
        assert far_apart(page.evaluate(MIDDLES, f"{box} {MARKS[0]}"), page.evaluate(MIDDLES, ", ".join(marks))) == []
        assert far_apart(page.evaluate(STARTS, f"{box} {TEXTS[0]}"), page.evaluate(STARTS, ", ".join(words))) == []
