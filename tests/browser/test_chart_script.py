"""The script that draws figures, on a page of its own under the policy of the site."""

import json
from pathlib import Path

import pytest

from tests.ratings.figures.chart_cases import everything

pytestmark = pytest.mark.browser

STATIC = Path(__file__).parents[2] / "static"
SITE = "http://charts.test"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:"
PAGE = """<!doctype html><html lang="en"><head><title>Chart</title>
<link rel="stylesheet" href="/css/tokens.css">
<link rel="stylesheet" id="plotly.js-style-global" href="/css/plotly-host.css">
<script defer src="/js/chart.js"></script></head>
<body>{before}<div class="chart-box"><svg class="figure" role="img" aria-label="The first drawing"></svg>
<div class="at-chart" data-figure="trend" data-plotly="/vendor/plotly/plotly-basic.min.js"
data-label="Alliance by session"></div></div>{after}
<script type="application/json" id="trend">{figure}</script></body></html>"""
INK, LIGHT_INK = "rgb(20, 36, 44)", "rgb(232, 239, 241)"
LAST = (
    "Session 4, 2 October 2026. From here with Ana Ruiz. Followed by 1 missed session. Robin: late rating. "
    "Overall: you 4.0, Robin 6.0. Working alliance: you 4.0, Robin 6.0. Trust: you 4, Robin 6. "
    "Empathy: you 4, Robin 6. Client engagement: you 4, Robin 6. Therapist responsiveness: you 4, Robin 6."
)


@pytest.fixture
def open_chart(page):
    """Open a page with one chart; what the browser complains about fails the test."""
    complaints = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def answer(route):
        path = route.request.url.removeprefix(SITE)
        if path == "/":
            route.fulfill(body=answer.page, content_type="text/html", headers={"Content-Security-Policy": POLICY})
        elif path == "/favicon.ico":
            route.fulfill(status=204)
        else:
            route.fulfill(path=STATIC / path.removeprefix("/"))

    def open_it(*, before="", after="", label="Robin", by_date=False):
        figure = json.dumps(everything(labels=("you", label), by_date=by_date)).replace("<", "\\u003c")
        answer.page = PAGE.format(before=before, after=after, figure=figure)
        page.route(f"{SITE}/**", answer)
        page.goto(f"{SITE}/")
        return page.locator(".at-chart")

    yield open_it
    assert complaints == []


def texts(chart):
    return chart.locator(".annotation-text").all_text_contents()


def ink(chart):
    return chart.locator(".annotation-text").first.evaluate("text => getComputedStyle(text).fill")


def test_it_draws_without_a_complaint_and_without_a_way_out(open_chart):
    chart = open_chart()
    chart.locator(".main-svg").first.wait_for()
    assert chart.get_attribute("aria-label") == "Alliance by session"
    assert chart.locator("xpath=..").get_attribute("class") == "chart-box is-live"
    assert chart.locator(".modebar-btn").count() == 0
    assert texts(chart)[0] == "Overall"


def test_the_keys_read_out_each_session(open_chart, page):
    chart = open_chart()
    chart.locator(".main-svg").first.wait_for()
    assert chart.get_attribute("role") == "slider"
    assert chart.get_attribute("aria-valuetext") == LAST
    chart.focus()
    page.keyboard.press("Home")
    assert chart.get_attribute("aria-valuenow") == "1"
    assert "You: late rating. Robin: partial rating. Overall: you 5.0, Robin too few answers." in (
        chart.get_attribute("aria-valuetext")
    )
    assert "Trust: you 5, Robin skipped." in chart.get_attribute("aria-valuetext")
    assert texts(chart)[0] == "Overall, session 1, 27 Jul"
    page.keyboard.press("ArrowRight")
    assert chart.get_attribute("aria-valuetext") == "Session 2, 3 August 2026. No ratings to show."
    page.keyboard.press("ArrowRight")
    assert "Empathy: you not observed." in chart.get_attribute("aria-valuetext")
    assert "you n/o" in texts(chart)
    page.keyboard.press("Escape")
    assert chart.get_attribute("aria-valuetext") == LAST
    assert texts(chart)[0] == "Overall"


@pytest.mark.parametrize("by_date", [False, True])
def test_the_pointer_reads_out_the_nearest_session(open_chart, page, by_date):
    chart = open_chart(by_date=by_date)
    chart.locator(".main-svg").first.wait_for()
    box = chart.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 300)
    assert chart.get_attribute("aria-valuenow") == "1"
    page.mouse.move(box["x"] + box["width"] - 20, box["y"] + 300)
    assert chart.get_attribute("aria-valuenow") == "4"
    page.mouse.move(2, 2)
    assert texts(chart)[0] == "Overall"


def test_a_name_is_never_markup(open_chart):
    chart = open_chart(label="<b>Bo</b>")
    chart.locator(".main-svg").first.wait_for()
    assert "<b>Bo</b> 6.0" in texts(chart)


def test_it_follows_the_theme(open_chart, page):
    page.emulate_media(color_scheme="dark")
    chart = open_chart()
    chart.locator(".main-svg").first.wait_for()
    assert ink(chart) == LIGHT_INK
    page.evaluate("document.documentElement.dataset.bsTheme = 'light'")
    assert ink(chart) == INK
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    assert ink(chart) == LIGHT_INK


def test_it_waits_until_it_is_shown(open_chart, page):
    chart = open_chart(before="<details><summary>More</summary>", after="</details>")
    page.wait_for_function("() => document.querySelector('.at-chart').getAttribute('role') === 'slider'")
    assert chart.locator(".main-svg").count() == 0
    page.locator("summary").click()
    chart.locator(".main-svg").first.wait_for()
    assert chart.locator(".main-svg").first.bounding_box()["width"] == chart.bounding_box()["width"]


def test_it_follows_the_width_of_the_page(open_chart, page):
    chart = open_chart()
    chart.locator(".main-svg").first.wait_for()
    page.set_viewport_size({"width": 390, "height": 844})
    width = chart.bounding_box()["width"]
    page.wait_for_function(f"() => document.querySelector('.main-svg').getBoundingClientRect().width === {width}")
    chart.focus()
    page.keyboard.press("Home")
    assert texts(chart)[0] == "Session 1, 27 Jul"
