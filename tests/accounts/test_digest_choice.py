"""The choice of a weekly e-mail, and the address that stops it."""

import pytest
from django.core.signing import Signer
from django.urls import reverse

from alliance_tracker.accounts.digest_choice import choose_digest, stop_path
from alliance_tracker.logs import TOKENS
from tests.doors import check_doors_of_role

pytestmark = pytest.mark.django_db
CHOOSE, ME = "/accounts/digest/", "/accounts/me/"


def test_doors(ada, sue, adam):
    check_doors_of_role("choose_digest", opens_to=[sue], not_to=[ada, adam], methods="post")


def test_only_supervisors_are_offered_it(as_user, ada, sue, adam):
    for person in (ada, adam):
        assert "Weekly e-mail" not in as_user(person).get(ME).content.decode()
    page = as_user(sue).get(ME).content.decode()
    assert '<option value="" selected>Never</option>' in page


def test_a_day_is_chosen_changed_and_dropped(as_user, sue, trail):
    browser = as_user(sue)
    for given, stored in (("0", 0), ("6", 6), ("", None)):
        assert browser.post(CHOOSE, {"weekday": given}).url == ME
        sue.refresh_from_db()
        assert sue.digest_weekday == stored
        page = browser.get(ME).content.decode()
        assert f'<option value="{given}" selected>' in page
        assert "Your choice is saved." in page
    assert trail() == ["digest.chosen", "digest.chosen", "digest.stopped"]


@pytest.mark.parametrize("given", ["7", "-1", "monday", "0.5"])
def test_an_unknown_day_changes_nothing(as_user, sue, given):
    assert as_user(sue).post(CHOOSE, {"weekday": given}).status_code == 400
    sue.refresh_from_db()
    assert sue.digest_weekday is None


class TestTheAddressThatStopsIt:
    @pytest.fixture(autouse=True)
    def asked(self, sue):
        choose_digest(sue, weekday=0, by=sue)

    def test_looking_changes_nothing_and_offers_a_button(self, client, sue):
        page = client.get(stop_path(sue))
        assert page.status_code == 200
        assert "<button" in page.content.decode()
        client.head(stop_path(sue))
        sue.refresh_from_db()
        assert sue.digest_weekday == 0

    def test_one_click_stops_it_for_good_and_says_so(self, client, sue, trail):
        for _ in range(2):
            page = client.post(stop_path(sue)).content.decode()
            assert "The weekly e-mail is stopped" in page
            assert "<button" not in page
        sue.refresh_from_db()
        assert sue.digest_weekday is None
        assert trail() == ["digest.chosen", "digest.stopped"]
        assert "is stopped" in client.get(stop_path(sue)).content.decode()

    def test_it_says_nothing_of_the_person(self, client, sue):
        page = client.get(stop_path(sue)).content.decode()
        assert sue.name not in page
        assert sue.email not in page

    def test_a_changed_or_foreign_address_is_no_page(self, client, sue, ada):
        good = stop_path(sue).split("/")[-2]
        value, signature = good.split(":")
        foreign = Signer(salt="something else").sign(value)
        for token in (good[:-1], f"{ada.pk.hex}:{signature}", value, foreign, "x", ":"):
            assert client.post(reverse("stop_digest", args=[token])).status_code == 404, token
        sue.refresh_from_db()
        assert sue.digest_weekday == 0

    def test_the_log_does_not_keep_the_address(self, sue):
        assert TOKENS.sub(r"\1…", f"Not Found: {stop_path(sue)}") == "Not Found: /digest/stop/…/"

    def test_other_methods_are_refused(self, client, sue):
        for method in ("put", "delete", "patch"):
            assert getattr(client, method)(stop_path(sue)).status_code == 405
