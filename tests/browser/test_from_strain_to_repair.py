"""A strain from the rating that shows it to the word that it is repaired, as clinician and supervisor see it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.factories import SessionFactory, history, rate

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]


@pytest.fixture
def sessions(robin):
    """Robin's steady ratings, and three sessions of today that wait for theirs."""
    history(robin, [6, 5, 6, 6, 5])
    hours = (6, 4, 2)
    return [SessionFactory(client=robin, starts_at=timezone.now() - timedelta(hours=each)) for each in hours]


def rate_by_keyboard(page: Page, session, digits: str) -> None:
    page.goto(reverse("rate", args=[session.pk]))
    page.keyboard.type(digits)
    page.keyboard.press("Enter")
    page.wait_for_url("**/clients/**")


def test_a_low_rating_is_explained_followed_and_repaired(open_browser, ada, sue, robin, sessions):
    clinician, supervisor = open_browser(ada), open_browser(sue)
    rate_by_keyboard(clinician, sessions[0], "2223222")
    signal = clinician.locator(".sig", has_text="Unusually low").first
    expect(signal).to_contain_text("lower than this client's own usual level")
    signal.get_by_text("Why am I seeing this?").click()
    expect(signal).to_contain_text(re.compile(r"t = \(b - score\) / w = \(\d"))
    expect(clinician.get_by_role("region", name="Strain since session 6")).to_contain_text("Things to ask or try")

    def attention():
        supervisor.goto(reverse("supervision"))
        return supervisor.get_by_role("region", name="Needs attention")

    expect(attention()).to_contain_text("Not seen by the clinician")
    clinician.get_by_role("button", name="I know about it").click()
    expect(clinician.get_by_role("region", name="Strain since session 6")).to_contain_text("Acknowledged")
    expect(attention()).to_contain_text("Strain: acknowledged")

    rate(sessions[1], 6)
    rate_by_keyboard(clinician, sessions[2], "6666666")
    clinician.get_by_role("button", name="Yes, repaired").click()
    expect(clinician.get_by_role("region", name="Past strains")).to_contain_text("Session 6: repaired")
    expect(clinician.get_by_role("region", name="Open signals")).to_contain_text("Nothing stands out")
    expect(attention()).to_contain_text("No one needs attention")
