"""The client's own form: by touch, by keyboard and without JavaScript, on a phone of their own."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from ratings.elements import ITEMS
from ratings.models import ClientLink, Rater, Rating
from tests.browser.conftest import PHONE
from tests.browser.inspection import faults_on_phone
from tests.browser.steps import drawn_chart, point, press, shown
from tests.factories import SessionFactory, history, make_link, rate

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]

FEWEST_TAPS = 19
LARGE = 48
MODULES = """() => {
  const { viewBox } = document.querySelector(".qr__code");
  return viewBox.baseVal.width;
}"""


def answer_all(page: Page, scores: str) -> int:
    """Answer by tapping; how many taps it took."""
    press(page, "Start")
    for score in scores:
        point(page, score).tap()
        press(page, "Next")
    point(page, "none").tap()
    press(page, "Send")
    page.wait_for_url("**/thanks/")
    return 1 + 2 * len(scores) + 2


def check_said(page: Page, *words: str) -> None:
    for said in words:
        expect(page.locator("main")).to_contain_text(said)


def test_from_the_qr_code_to_both_ratings_together(open_browser, ada, robin, yesterday, watch):
    watch.expect("status of 404")
    for weeks in (4, 3, 2, 1):
        earlier = SessionFactory(client=robin, starts_at=yesterday.starts_at - timedelta(weeks=weeks))
        rate(earlier, 6, rater=Rater.CLIENT)
        rate(earlier, 6)
    clinician = open_browser(ada)
    clinician.goto(reverse("ask_client", args=[yesterday.pk]))
    clinician.get_by_role("button", name="Make a link").click()
    link = clinician.get_by_label("Address", exact=True).input_value()
    assert clinician.evaluate(MODULES) > 21

    phone = open_browser(**PHONE)
    phone.goto(link)
    assert phone.title() == "A few questions"
    assert re.fullmatch(r"/q/[\w-]{43}/", phone.evaluate("() => location.pathname"))
    page = phone.content()
    assert not [word for word in ("Robin", robin.code, "Ada", "lliance", str(yesterday.pk)) if word in page]
    assert answer_all(phone, "3353335") <= FEWEST_TAPS
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    check_said(phone, "You can close this page")

    clinician.goto("/")
    expect(clinician.get_by_text("client has answered")).to_be_visible()
    clinician.goto(reverse("rate", args=[yesterday.pk]))
    expect(clinician.get_by_text("Robin A. has answered.")).to_be_visible()
    clinician.keyboard.type("6666666")
    clinician.keyboard.press("Enter")
    clinician.wait_for_url("**/clients/**")
    drawn_chart(clinician)
    pair = clinician.get_by_role("region", name=re.compile("Both ratings of session"))
    overall = pair.get_by_role("row", name="Overall")
    expect(overall).to_contain_text("6.0")
    expect(overall).to_contain_text("lower")
    expect(pair.get_by_role("row", name="Goals")).to_contain_text("3 lower")
    expect(pair.get_by_role("row", name="Bond")).to_contain_text("1 lower")
    check_said(clinician, "In the 4 sessions before that both rated, Robin A. rated")

    phone.goto(link)
    expect(phone.get_by_role("heading", name="This page is closed")).to_be_visible()


def test_until_the_clinician_has_rated_nothing_of_the_answers_is_shown(open_browser, ada, robin, yesterday, address):
    history(robin, [5, 5])
    phone = open_browser(**PHONE)
    phone.goto(address)
    answer_all(phone, "1111111")
    clinician = open_browser(ada)
    clinician.goto(reverse("client", args=[robin.pk]))
    drawn_chart(clinician)
    assert "1.0" not in clinician.locator("main").inner_text()


def test_every_target_is_large_enough(phone):
    small = []
    press(phone, "Start")
    for _ in range(8):
        targets = [target for target in shown(phone).locator(".point, a, button").all() if target.is_visible()]
        small += [target.inner_text() for target in targets if target.bounding_box()["height"] < LARGE]
        if shown(phone).locator("[data-next]").count():
            press(phone, "Next")
    assert small == []


def test_progress_back_and_skip(phone):
    press(phone, "Start")
    expect(shown(phone)).to_contain_text("1 of 8")
    assert shown(phone).locator("progress").get_attribute("value") == "1"
    point(phone, "2").check()
    press(phone, "Next")
    expect(shown(phone).get_by_role("heading")).to_have_text(ITEMS[1].client)
    expect(shown(phone).get_by_role("heading")).to_be_focused()
    point(phone, "7").check()
    press(phone, "Back")
    expect(point(phone, "2")).to_be_checked()
    phone.go_forward()
    expect(point(phone, "7")).to_be_checked()
    press(phone, "Skip this one")
    phone.go_back()
    expect(shown(phone).locator("input:checked")).to_have_count(0)
    for _ in range(6):
        press(phone, "Next")
    expect(shown(phone)).to_contain_text("8 of 8")
    expect(shown(phone)).to_contain_text("Any strain")
    press(phone, "Send")
    phone.wait_for_url("**/thanks/")
    rating = Rating.objects.get()
    assert {key: score for key, score in rating.items.items() if score} == {"goals": 2}
    assert rating.strain == ""


def test_stopping_keeps_nothing_and_can_be_thought_better_of(phone):
    press(phone, "Start")
    point(phone, "2").check()
    shown(phone).get_by_role("link", name="Stop").click()
    check_said(phone, "Nothing of this page is kept")
    press(phone, "Go on with the questions")
    expect(point(phone, "2")).to_be_checked()
    shown(phone).get_by_role("link", name="Stop").click()
    press(phone, "Stop here")
    phone.wait_for_url("**/thanks/")
    assert not Rating.objects.exists()
    assert ClientLink.objects.get().declined_at


def test_all_invitations_are_stopped_by_the_client_alone(phone, open_browser, ada, robin, yesterday):
    shown(phone).get_by_role("link", name="Stop all invitations").click()
    press(phone, "Stop all invitations")
    expect(phone.get_by_role("heading", name="Invitations are off")).to_be_visible()
    clinician = open_browser(ada)
    clinician.goto(reverse("client", args=[robin.pk]))
    check_said(clinician, "Invitations stopped by the client")
    clinician.goto(reverse("ask_client", args=[yesterday.pk]))
    check_said(clinician, "Only the client can change that")
    expect(clinician.get_by_role("button", name="Make a link")).to_have_count(0)
    phone.get_by_role("button", name="Allow invitations again").click()
    expect(shown(phone).get_by_role("button", name="Start")).to_be_visible()
    clinician.reload()
    expect(clinician.get_by_role("button", name="Make a link")).to_be_visible()


def test_by_keyboard_alone(open_browser, address):
    page = open_browser()
    page.goto(address)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for number in range(1, 8):
        expect(shown(page)).to_contain_text(f"{number} of 8")
        page.keyboard.press(str(number))
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/thanks/")
    rating = Rating.objects.get()
    assert list(rating.items.values()) == [1, 2, 3, 4, 5, 6, 7]
    assert rating.strain == "none"


def test_every_step_is_accessible(phone):
    faults = {}
    for step in range(9):
        faults[step] = faults_on_phone(phone)
        if step == 8:
            point(phone, "clear").check()
            faults["strain"] = faults_on_phone(phone)
        else:
            press(phone, "Start" if step == 0 else "Next")
    shown(phone).get_by_role("link", name="Stop").click()
    faults["stop"] = faults_on_phone(phone)
    assert not any(faults.values()), faults


def test_without_javascript_it_is_one_page(open_browser, address, watch):
    watch.expect("status of 422")
    page = open_browser(**PHONE, java_script_enabled=False)
    page.goto(address)
    assert page.locator("section.step:visible").count() == len(ITEMS) + 3
    page.get_by_role("radiogroup", name="Any strain").first.get_by_role("radio", name="Slight").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Please answer at least one of the questions")
    expect(page.get_by_role("radio", name="Slight", exact=True)).to_be_checked()
    page.get_by_role("radiogroup", name=ITEMS[3].client).get_by_role("radio", name="5").first.check()
    page.get_by_role("radiogroup", name=ITEMS[4].client).get_by_role("radio", name="Skip this one").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    rating = Rating.objects.get()
    assert (rating.trust, rating.empathy, rating.strain) == (5, None, "slight")


def test_two_clients_at_once_never_meet(open_browser, ada):
    sessions = [SessionFactory(), SessionFactory()]
    phones = [open_browser(**PHONE) for _ in sessions]
    for page, session in zip(phones, sessions, strict=True):
        page.goto(reverse("answer_link", args=[make_link(session)]))
    forms = [page.locator("[name=form]").first.input_value() for page in phones]
    assert forms == [str(session.client_links.get().pk) for session in sessions]
    for page in phones:
        press(page, "Start")
    for page, score in zip(phones, "26", strict=True):
        point(page, score).check()
    for _ in range(7):
        for page in phones:
            press(page, "Next")
    for page in phones:
        press(page, "Send")
    for page in phones:
        page.wait_for_url("**/thanks/")
    assert [session.ratings.get().goals for session in sessions] == [2, 6]
