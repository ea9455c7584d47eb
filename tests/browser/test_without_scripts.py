"""Every page works without JavaScript; the figure is the one that the server draws."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from clients.models import TherapySession
from ratings.models import Rating
from tests.factories import PASSWORD, history

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]


@pytest.fixture
def page(open_browser, ada) -> Page:
    return open_browser(ada, java_script_enabled=False)


def choose(page: Page, row: str, answer: str) -> None:
    page.get_by_role("radiogroup", name=row, exact=True).get_by_role("radio", name=answer).check()


def test_sign_in_and_rate(open_browser, ada, yesterday):
    page = open_browser(java_script_enabled=False)
    page.goto("/")
    page.get_by_label("Work e-mail").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Rate Robin A., session 1").click()
    for row in ("Goals", "Tasks", "Bond", "Trust", "Empathy", "Client engagement"):
        choose(page, row, "6")
    choose(page, "Therapist responsiveness", "Not observed")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#saved")).to_contain_text("Saved for Robin A.")
    assert Rating.objects.get().items["goals"] == 6


def test_a_form_with_a_gap_comes_back_with_what_was_typed(page, yesterday, watch):
    watch.expect("status of 422")
    page.goto(reverse("rate", args=[yesterday.pk]))
    choose(page, "Goals", "3")
    page.get_by_label("Note").fill("Short session.")
    page.get_by_role("button", name="Save and next").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(6)
    expect(page.get_by_role("radiogroup", name="Goals").get_by_role("radio", name="3")).to_be_checked()
    expect(page.get_by_label("Note")).to_have_value("Short session.")
    page.get_by_role("alert").get_by_role("link", name="Trust").click()
    expect(page.get_by_role("radiogroup", name="Trust").get_by_role("radio").first).to_be_focused()
    assert not Rating.objects.exists()


def test_the_client_page_is_readable(page, robin):
    history(robin, [4, 5, None, 6])
    page.goto(reverse("client", args=[robin.pk]))
    figure = page.get_by_role("img", name="Alliance by session")
    expect(figure).to_be_visible()
    assert figure.bounding_box()["height"] == 784
    expect(figure.get_by_text("Therapist responsiveness")).to_be_visible()
    rows = page.get_by_role("region", name="Sessions table").locator("tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.first).to_contain_text("6")
    page.get_by_role("link", name="By date").click()
    expect(page.get_by_role("link", name="By date")).to_have_attribute("aria-current", "true")
    page.get_by_text("Manage").click()
    page.get_by_role("link", name="Weekly pattern").click()
    expect(page.get_by_role("heading", name="Weekly pattern")).to_be_visible()


def test_missed_in_one_click_and_undone_in_one(page, yesterday):
    page.goto("/")
    page.get_by_role("button", name="Missed: Robin A.").click()
    expect(page.get_by_role("status")).to_contain_text("Marked as missed.")
    assert TherapySession.objects.get().attendance == "missed"
    page.goto(reverse("rate", args=[yesterday.pk]))
    page.get_by_text("Change", exact=True).click()
    page.get_by_role("button", name="Undo: it counts after all").click()
    expect(page.get_by_role("link", name="Rate Robin A., session 1")).to_be_visible()
    assert TherapySession.objects.get().attendance == "planned"


def test_the_menus_of_a_phone_open(open_browser, ada, robin):
    page = open_browser(ada, java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto("/clients/")
    page.get_by_label("Menu").click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Today").click()
    page.wait_for_url("/")
    page.get_by_label("Account of Ada Osei").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
