"""The device handed over in a real browser: no way leads back to the clinician's pages, until they sign in."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from clients.models import Episode
from ratings.models import ClientLink, Rater, Rating
from tests.browser.ways_out import WAYS, Device, addresses_of, all_of
from tests.factories import PASSWORD, SessionFactory, history, rate

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]

NOTE = "Canary-Note"
QUIET = ("A few questions", "Thank you", "Sign in - Alliance Tracker", "")
FIRST_SEVEN = 7


@pytest.fixture
def session(robin):
    """Yesterday's session of a client who has a history, and whom the plan asks about it."""
    for past in history(robin, [5, 4, 6])[:2]:
        rate(past, 3, rater=Rater.CLIENT)
    rate(SessionFactory(client=robin, starts_at=timezone.now() - timedelta(days=2)), 2, note=NOTE)
    Episode.objects.update(ask_every=1)
    return SessionFactory(client=robin, starts_at=timezone.now() - timedelta(hours=23))


@pytest.fixture
def tablet(open_browser, new_context, ada, robin, session) -> Device:
    """Ada has looked around, typed into the form, opened another window, and hands over from Today."""
    page = open_browser(ada)
    addresses = addresses_of(robin, session)
    page.goto(addresses["client"])
    page.goto(addresses["rate"])
    page.keyboard.type("22")
    expect(page.locator("[data-state]")).to_contain_text("Draft saved")
    earlier = page.evaluate("() => Object.fromEntries(new FormData(document.querySelector('.rateform')))")
    other = page.context.new_page()
    other.goto(addresses["client_list"])
    other.goto(addresses["client"])
    cookies = page.context.cookies()
    page.goto("/")
    page.get_by_role("link", name="Hand to client: Robin A., session 5").click()
    page.get_by_role("button", name="Sign me out and hand over").click()
    page.wait_for_url("**/answer/")
    return Device(page, other, addresses, earlier, cookies, partial(new_context, base_url=page.url[: -len("/answer/")]))


def check_no_way_out(tablet: Device, secrets: list[str]) -> None:
    for way, take in WAYS.items():
        seen = take(tablet)
        assert not [secret for secret in secrets if secret in seen], way
        assert "<table" not in seen, way
        assert "at-chart" not in seen, way


@pytest.fixture
def secrets(robin, session, ada) -> list[str]:
    return ["Robin", robin.code, NOTE, str(robin.pk), str(session.pk), ada.name, ada.email]


@pytest.fixture
def calm(watch) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED", "ERR_CACHE_MISS", "Failed to load resource", "Failed to fetch")


def answer_all(page: Page, score: str = "6") -> None:
    page.get_by_role("button", name="Start").click()
    for _ in range(FIRST_SEVEN):
        page.locator(f".step:visible input[value='{score}']").check()
        page.locator(".step:visible [data-next]").click()
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/thanks/")


@pytest.mark.usefixtures("calm")
def test_while_the_form_runs_there_is_no_way_out(tablet, secrets):
    check_no_way_out(tablet, secrets)
    tablet.page.goto("/")
    assert tablet.page.url.endswith("/answer/")
    assert tablet.page.locator("input:checked").count() == 0
    answer_all(tablet.page)
    rating = Rating.objects.get(rater=Rater.CLIENT, session__client_links__kind=ClientLink.Kind.HAND_OVER)
    assert (rating.goals, rating.author) == (6, None)


@pytest.mark.usefixtures("calm")
def test_once_it_is_sent_there_is_no_way_out_but_a_full_sign_in(tablet, secrets, robin):
    answer_all(tablet.page)
    check_no_way_out(tablet, secrets)
    page = tablet.page
    page.goto(tablet.addresses["client"])
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.get_by_role("link", name="sign in").click()
    page.get_by_label("Work e-mail").fill("ada@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("/")
    expect(page.get_by_text("client has answered")).to_be_visible()
    expect(page.get_by_role("link", name="Go back to where you were")).to_have_attribute("href", "/")
    page.goto(reverse("client", args=[robin.pk]))
    expect(page.get_by_role("heading", name="Robin A.").first).to_be_visible()


@pytest.mark.usefixtures("calm")
def test_after_ten_minutes_there_is_no_way_out(tablet, secrets):
    ClientLink.objects.update(created_at=timezone.now() - timedelta(minutes=11), expires_at=timezone.now())
    check_no_way_out(tablet, secrets)
    tablet.page.goto("/answer/")
    expect(tablet.page.get_by_text("Please return the device")).to_be_visible()
    assert not Rating.objects.filter(rater=Rater.CLIENT, channel="handover").exists()


def test_the_form_closes_by_itself_when_its_time_is_up(tablet):
    tablet.page.get_by_role("button", name="Start").click()
    ClientLink.objects.update(expires_at=timezone.now() + timedelta(seconds=2))
    tablet.page.reload()
    tablet.page.wait_for_url("**/thanks/")
    expect(tablet.page.get_by_text("Please return the device")).to_be_visible()


def test_a_window_that_was_open_before_leads_to_the_form_at_once(tablet, secrets):
    tablet.other.wait_for_url("**/answer/")
    assert not [secret for secret in secrets if secret in all_of(tablet.other)]


def test_the_clinicians_own_answers_are_not_filled_in_for_the_client(tablet):
    """The browser keeps what was chosen in a form, and both forms name their questions alike."""
    for _ in range(3):
        tablet.page.go_back()
        assert tablet.page.locator("input[type=radio]:checked").count() == 0


def test_a_page_that_the_browser_kept_whole_is_asked_for_again(open_browser, ada, robin):
    page = open_browser(ada)
    page.goto(reverse("client", args=[robin.pk]))
    page.context.clear_cookies()
    page.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    page.wait_for_url("**/accounts/login/**")
    assert "Robin" not in all_of(page)
