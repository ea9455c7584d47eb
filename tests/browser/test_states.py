"""Pages in the states they come to: empty, refused, opened, in error. The pages themselves are in test_pages.py."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import Page

from ratings.caseload.views import today
from tests.browser.inspection import faults_on_phone
from tests.browser.pages import PAGES, to

pytestmark = pytest.mark.browser

CLEAR_AND_SEND = """form => {
  form.querySelectorAll("input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea").forEach(field => {
    field.value = "";
  });
  form.requestSubmit();
}"""
FORMS = [
    "account_change_password",
    "account_login",
    "account_reset_password_from_key",
    "accept_invitation",
    "deactivate_person",
    "edit_client",
    "edit_person",
    "edit_session",
    "end_episode",
    "enter_code",
    "hand_on_caseload",
    "hand_on_client",
    "invite_person",
    "my_account",
    "new_client",
    "new_client_code",
    "new_episode",
    "new_session",
    "observe",
    "rate",
    "service_settings",
    "void_session",
]


def open_details(page: Page) -> None:
    for each in page.locator("main details:not(.menu) > summary").all():
        each.click()


def open_account_menu(page: Page) -> None:
    page.locator("summary.me").click()


def open_all_of_rating(page: Page) -> None:
    open_details(page)
    for each in page.locator(".help-btn").all():
        each.click()
    page.get_by_role("radio", name="Clear").check()
    page.keyboard.press("ArrowLeft")
    for row in page.locator(".rate").all()[:5]:
        row.get_by_role("radio").last.check()


def rate_again(page: Page) -> None:
    """Send the form of a session that another tab has rated."""
    page.get_by_role("radio", name="4").first.wait_for()
    page.evaluate("""() => { document.querySelector("[name=version]").value = 0; }""")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("heading", name="What you sent now").wait_for()


def just_saved(cast: SimpleNamespace) -> str:
    return f"{to('client', 'robin')(cast)}?saved={cast.strained.pk}"


# State -> who, address, what leads there, the status of the answer that shows it.
STATES: dict[str, tuple] = {
    "today, nobody yet": ("nell", to("today"), None, 200),
    "clients, nobody yet": ("nell", to("client_list"), None, 200),
    "clients, none closed": ("nell", to("client_list", query="?show=closed"), None, 200),
    "clients, closed": ("ada", to("client_list", query="?show=closed"), None, 200),
    "clients of a supervisor": ("sue", to("client_list"), None, 200),
    "choose a client, nobody yet": ("nell", to("choose_client"), None, 200),
    "supervision, nobody yet": ("sam", to("supervision"), None, 200),
    "supervision, clients' ratings": ("sue", to("supervision", query="?rater=client"), None, 200),
    "supervision, no match": ("sue", to("supervision", query="?clinician=nobody"), None, 200),
    "people, no match": ("adam", to("people", query="?q=nobody"), None, 200),
    "people, all": ("adam", to("people", query="?status=all"), None, 200),
    "codes, no match": ("adam", to("client_codes", query="?q=nobody"), None, 200),
    "a person who has left": ("adam", to("edit_person", "gil"), None, 200),
    "hand on, nobody to hand on": ("adam", to("hand_on_caseload", "nell"), None, 200),
    "client, not rated yet": ("ada", to("client", "fresh"), None, 200),
    "client, closed": ("ada", to("client", "closed"), open_details, 200),
    "client, read by a supervisor": (
        "sue",
        to("client", "robin", "?by=date&split=1"),
        open_details,
        200,
    ),
    "report for the client": ("sue", to("client_report", "robin", "?for=client"), None, 200),
    "report, not rated yet": ("ada", to("client_report", "fresh"), None, 200),
    "client, just saved": (
        "ada",
        just_saved,
        open_details,
        200,
    ),
    "rating, everything open": ("ada", to("rate", "unrated"), open_all_of_rating, 200),
    "rating, too early": ("ada", to("rate", "later"), None, 200),
    "rating, missed": ("ada", to("rate", "missed"), open_details, 200),
    "rating, changed": ("ada", to("rate", "rated"), None, 200),
    "rating, twice": ("ada", to("rate", "rated"), rate_again, 409),
    "today, a menu open": ("ada", to("today"), open_account_menu, 200),
    "invitation, unknown": (None, lambda _: "/invite/unknown/", None, 404),
    "reset link, used": (None, lambda cast: f"/accounts/password/reset/key/{cast.lou.pk.hex}-used/", None, 200),
    "client's form, closed": (None, lambda _: "/q/unknown/", None, 404),
    "not found": ("ada", lambda _: "/nowhere/", None, 404),
    "not found, signed out": (None, lambda _: "/nowhere/", None, 404),
    "no access": ("ada", to("people"), None, 403),
}


@pytest.mark.parametrize("state", STATES)
def test_state(cast, tab_of, watch, state):
    person, address, step, status = STATES[state]
    if status >= 400:
        watch.expect(f"status of {status}")
    page = tab_of(getattr(cast, person) if person else None)
    page.goto(address(cast))
    if step:
        step(page)
    assert faults_on_phone(page) == []


@pytest.mark.parametrize("name", FORMS)
def test_refused_form(cast, tab_of, watch, name):
    watch.expect("status of 422")
    person, address = PAGES[name][:2]
    page = tab_of(getattr(cast, person) if person else None)
    page.goto(address(cast))
    page.locator("main form:not(#mark-session)").first.evaluate(CLEAR_AND_SEND)
    page.locator("#errors").wait_for()
    assert page.title().startswith("Error: ")
    assert faults_on_phone(page) == []


def test_error_of_the_server(cast, tab_of, watch, monkeypatch):
    watch.expect("status of 500")
    monkeypatch.setattr(today, "clinicians_day", broken)
    page = tab_of(cast.ada)
    assert page.goto("/").status == 500
    assert faults_on_phone(page) == []


def broken(*_: object) -> None:
    raise RuntimeError


def test_forged_form(cast, open_browser, watch):
    watch.expect("status of 403")
    page = open_browser(reduced_motion="reduce")
    page.goto("/accounts/login/")
    page.context.clear_cookies()
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="The form could not be checked").wait_for()
    assert faults_on_phone(page) == []


def test_too_many_tries(cast, tab_of, watch, settings):
    watch.expect("status of 4(22|29)")
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    page = tab_of()
    for _ in range(2):
        page.goto("/accounts/login/")
        page.get_by_label("Work e-mail").fill("ada@example.org")
        page.get_by_label("Password", exact=True).fill("not this one")
        page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Too many tries in a short time").wait_for()
    assert faults_on_phone(page) == []


def test_reset_by_mail(cast, tab_of, settings):
    settings.EMAIL_HOST = "mail.example.org"
    page = tab_of()
    page.goto("/accounts/password/reset/")
    page.get_by_label("Work e-mail").wait_for()
    assert faults_on_phone(page) == []


def test_menu_of_a_phone(cast, tab_of):
    page = tab_of(cast.ada)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    page.get_by_label("Menu").click()
    assert faults_on_phone(page) == []
