"""A supervisor's day: who needs attention, a meeting prepared, run and printed; the clinician finds what follows."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from ratings.models import AgendaItem, FollowUp, Meeting, SignalReview
from tests.browser.conftest import PHONE
from tests.factories import ClientFactory, SessionFactory, history, rate

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("caseload")]

A4 = pytest.approx((595, 842), abs=1)  # in points
WHERE = "() => ({ top: scrollY, marked: window.marked || '', focused: document.activeElement.closest('li')?.id || '' })"
DECISIONS = (
    ("Try something", "Ask what would make it easier"),
    ("Joint session", "Agree a date with both"),
    ("Continue as now", "Say what has helped"),
)


@pytest.fixture
def caseload(database, ada) -> None:
    """Clients of Ada's: four who fell, one with a strain that nobody looked at, and some who are well."""
    for number, scores in enumerate([[6, 6, 5, 6, 2], [6, 5, 6, 6, 2], [5, 6, 6, 6, 2], [6, 6, 6, 5, 2]]):
        history(ClientFactory(code=f"F-{number}", name=f"Fay {number}", clinician=ada), scores)
    with time_machine.travel(timezone.now() - timedelta(days=9)):
        strained = SessionFactory(client=ClientFactory(code="K-9", name="Kit B.", clinician=ada))
        rate(strained, 6, strain="clear", strain_discussed="no")
    for number in range(3):
        history(ClientFactory(code=f"W-{number}", name=f"Wyn {number}", clinician=ada), [5, 5, 5, 6])


def triage(page: Page, name: str):
    return page.get_by_role("region", name="Needs attention").locator(".triage > li", has_text=name)


def in_view(page: Page, name: str):
    """Scroll to a row, mark the page, and return where the person is."""
    triage(page, name).scroll_into_view_if_needed()
    page.evaluate("() => { window.marked = 'the same page'; }")
    return page.evaluate(WHERE)


def due_day() -> str:
    return (timezone.localdate() + timedelta(days=7)).isoformat()


def assign(page: Page, name: str) -> None:
    form = page.locator("form.assign")
    form.get_by_label("What should happen").fill("Call before Thursday")
    form.get_by_label("By").fill(due_day())
    form.get_by_role("button", name="Assign and mark seen").click()
    expect(triage(page, name)).to_contain_text("To do: Call before Thursday (Ada Osei, due")
    expect(triage(page, name)).to_contain_text("You saw this")


@pytest.mark.parametrize("options", [{"viewport": {"width": 1440, "height": 500}}, PHONE], ids=["desk", "phone"])
def test_acting_on_a_row_keeps_the_page_and_the_place(open_browser, sue, options):
    page = open_browser(sue, **options)
    page.goto(f"{reverse('supervision')}?severity=high")
    before = in_view(page, "Fay 2")
    page.get_by_role("button", name="Seen: Fay 2").click()
    expect(triage(page, "Fay 2")).to_contain_text("You saw this")
    after = page.evaluate(WHERE)
    assert after["marked"] == "the same page"
    assert abs(after["top"] - before["top"]) < 2
    assert after["focused"] == triage(page, "Fay 2").get_attribute("id")
    assert SignalReview.objects.filter(by=sue).exists()

    in_view(page, "Fay 3")
    page.get_by_role("link", name="Assign a follow-up for Fay 3").click()
    expect(page.get_by_label("What should happen")).to_be_focused()
    assign(page, "Fay 3")
    after = page.evaluate(WHERE)
    assert after["marked"] == "the same page"
    assert after["focused"] == triage(page, "Fay 3").get_attribute("id")
    expect(triage(page, "Fay 3")).to_be_in_viewport(ratio=0.9)
    assert page.url.endswith("?severity=high")


def test_a_form_in_a_row_is_put_away_again(open_browser, sue):
    page = open_browser(sue)
    page.goto(reverse("supervision"))
    opener = page.get_by_role("link", name="Assign a follow-up for Kit B.")
    opener.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Cancel").click()
    expect(page.locator("form.assign")).to_have_count(0)
    expect(opener).to_be_focused()
    assert not FollowUp.objects.exists()


def test_without_javascript_it_comes_back_to_the_same_row_and_filter(open_browser, sue):
    page = open_browser(sue, java_script_enabled=False)
    address = f"{reverse('supervision')}?severity=high"
    page.goto(address)
    page.get_by_role("button", name="Seen: Fay 2").click()
    expect(triage(page, "Fay 2")).to_contain_text("You saw this")
    assert page.url.endswith(f"{address}#{triage(page, 'Fay 2').get_attribute('id')}")
    page.get_by_role("link", name="Assign a follow-up for Fay 3").click()
    assign(page, "Fay 3")
    assert page.url.endswith(f"{address}#{triage(page, 'Fay 3').get_attribute('id')}")


def case(page: Page, at: int):
    return page.locator("section.case").nth(at)


def prepare(page: Page) -> None:
    """From Monday's page to a meeting of five cases: one is pinned, one dropped, and another proposed for it."""
    page.goto(reverse("supervision"))
    page.get_by_role("link", name="Prepare a meeting").click()
    page.get_by_role("button", name="Propose cases").click()
    expect(page.locator("section.case")).to_have_count(5)
    expect(case(page, 0)).to_contain_text("Needs attention first")
    last = case(page, 4).locator("h2 a").inner_text()
    case(page, 4).get_by_role("button", name="Pin").click()
    expect(case(page, 0).locator("h2 a")).to_have_text(last)
    dropped = case(page, 4).locator("h2 a").inner_text()
    page.get_by_role("button", name=f"Drop {dropped}").click()
    expect(page.locator("section.case")).to_have_count(4)
    page.get_by_role("button", name="Propose again").click()
    expect(page.locator("section.case")).to_have_count(5)
    expect(page.locator("section.case h2 a", has_text=dropped)).to_have_count(0)


def decide(page: Page, at: int, decision: str, action: str) -> None:
    shown = case(page, at)
    shown.get_by_label("Decision").select_option(label=decision)
    shown.get_by_label("Action").fill(action)
    shown.get_by_label("Who").select_option(label="Ada Osei")
    shown.locator("[name=due_on]").fill(due_day())
    shown.get_by_label("Minutes").fill(f"We spoke about it: {decision.lower()}.")
    shown.get_by_role("button", name="Save").click()


def print_on_a4(page: Page) -> list[str]:
    """Return the text of each sheet, none of which is of another size."""
    sheets = PdfReader(BytesIO(page.pdf(format="A4"))).pages
    assert [(sheet.mediabox.width, sheet.mediabox.height) for sheet in sheets] == [A4] * len(sheets)
    return [sheet.extract_text() for sheet in sheets]


@pytest.mark.parametrize("scripts", [True, False], ids=["live", "without JavaScript"])
def test_a_meeting_from_preparation_to_the_clinicians_today(open_browser, sue, ada, scripts):
    page = open_browser(sue, java_script_enabled=scripts)
    prepare(page)
    names = [case(page, at).locator("h2 a").inner_text() for at in range(3)]
    for at, (decision, action) in enumerate(DECISIONS):
        decide(page, at, decision, action)
        expect(page.locator("#decided-count")).to_have_text(f"{at + 1} of 5 cases decided.")
        expect(case(page, at).locator("form.case__form").get_by_role("status")).to_contain_text(
            "Saved" if scripts else "Decided"
        )
    sheets = print_on_a4(page)
    assert len(sheets) <= 3
    text = "\n".join(sheets)
    assert all(words in text for words in [*names, *(words for pair in DECISIONS for words in pair)])
    assert "Propose again" not in text
    page.get_by_role("button", name="Close the meeting").click()
    expect(page.locator(".lede")).to_contain_text("Closed")
    assert AgendaItem.objects.exclude(decision="").count() == 3

    today = open_browser(ada, java_script_enabled=scripts)
    today.goto("/")
    decided = today.get_by_role("region", name="Decided in supervision")
    for name, (decision, action) in zip(names, DECISIONS, strict=True):
        expect(today.get_by_role("region", name="Follow-ups")).to_contain_text(action)
        line = decided.locator("li", has_text=name).first
        expect(line).to_contain_text(decision)
        expect(line).to_contain_text("You, due")
    today.get_by_role("button", name=f"Done: {DECISIONS[0][1]}").click()
    expect(today.get_by_role("button", name=f"Undo: {DECISIONS[0][1]}")).to_be_visible()
    assert FollowUp.objects.open().count() == 2


def test_what_is_not_done_is_carried_over_to_the_next_meeting(open_browser, sue):
    page = open_browser(sue)
    prepare(page)
    decide(page, 0, *DECISIONS[0])
    expect(page.locator("#decided-count")).to_have_text("1 of 5 cases decided.")
    page.get_by_role("button", name="Close the meeting").click()
    page.goto(reverse("prepare_meeting"))
    page.get_by_role("button", name="Propose cases").click()
    expect(page.get_by_role("region", name="Carried over")).to_contain_text(DECISIONS[0][1])
    assert Meeting.objects.filter(closed_at=None).count() == 1


def test_both_figures_show_without_javascript_and_on_paper(open_browser, sue):
    page = open_browser(sue, java_script_enabled=False)
    page.goto(reverse("supervision"))
    for name in ("Distance from usual by rated sessions", "Latest overall rating by stage of therapy"):
        expect(page.get_by_role("img", name=name)).to_be_visible()
    text = "\n".join(print_on_a4(page))
    assert all(words in text for words in ("Rated sessions so far", "Latest overall rating", "4 to 8", "F-2"))
