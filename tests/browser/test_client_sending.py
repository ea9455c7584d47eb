"""The client's answers arrive once, whatever the network, the server or a second finger does."""

import pytest
from playwright.sync_api import Page, Route, expect

from ratings.models import Rater, Rating
from tests.browser.steps import point, press
from tests.factories import rate

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]


def go_to_the_end(page: Page) -> None:
    press(page, "Start")
    point(page, "4").check()
    for _ in range(7):
        press(page, "Next")


def test_without_a_network_it_is_sent_again_by_itself(phone, watch):
    watch.expect("ERR_INTERNET_DISCONNECTED")
    go_to_the_end(phone)
    phone.context.set_offline(True)
    press(phone, "Send")
    expect(phone.get_by_role("status")).to_contain_text("No connection. Your answers are still here")
    press(phone, "Send")
    phone.context.set_offline(False)
    phone.wait_for_url("**/thanks/")
    assert Rating.objects.get().goals == 4


def test_an_answer_that_is_lost_on_its_way_back_makes_no_second_rating(phone, address, watch):
    watch.expect("ERR_FAILED")

    def lose_the_answer(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    go_to_the_end(phone)
    phone.route(f"**{address}", lose_the_answer, times=1)
    press(phone, "Send")
    phone.wait_for_url("**/thanks/")
    assert Rating.objects.get().version == 1


def test_a_server_in_trouble_is_asked_again(phone, address, watch):
    watch.expect("status of 503")
    go_to_the_end(phone)
    phone.route(f"**{address}", lambda route: route.fulfill(status=503), times=1)
    press(phone, "Send")
    phone.wait_for_url("**/thanks/")
    assert Rating.objects.get().goals == 4


def test_a_check_of_the_form_that_has_run_out_is_renewed(phone, watch):
    watch.expect("status of 403")
    go_to_the_end(phone)
    phone.context.clear_cookies()
    press(phone, "Send")
    phone.wait_for_url("**/thanks/")
    assert Rating.objects.get().goals == 4


def test_a_form_that_was_closed_meanwhile_says_so(phone, yesterday, watch):
    watch.expect("status of 404")
    go_to_the_end(phone)
    rate(yesterday, rater=Rater.CLIENT)
    press(phone, "Send")
    expect(phone.get_by_role("heading", name="This page is closed")).to_be_visible()
    assert Rating.objects.get().goals == 5


def test_nothing_to_send_is_said_before_it_is_sent(phone):
    press(phone, "Start")
    for _ in range(7):
        press(phone, "Skip this one")
    press(phone, "Send")
    expect(phone.get_by_role("status")).to_contain_text("Please answer at least one of the questions")
    assert not Rating.objects.exists()


@pytest.mark.parametrize("scripts", [True, False])
def test_sending_twice_saves_once(open_browser, address, scripts):
    page = open_browser(java_script_enabled=scripts)
    page.goto(address)
    if scripts:
        go_to_the_end(page)
    else:
        page.get_by_role("radio", name="4").first.check()
    page.get_by_role("button", name="Send").dblclick()
    page.wait_for_url("**/thanks/")
    assert Rating.objects.get().version == 1
