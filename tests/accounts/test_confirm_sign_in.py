"""What needs a fresh sign-in asks for one, and then goes on from there."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts.models import Invitation, ServiceSettings, User
from alliance_tracker.audit.models import AuditEvent
from ratings.privacy.actions import hold_record
from tests.accounts.doors import signed_in
from tests.accounts.factors import code_now, give_app
from tests.accounts.test_service_settings import GIVEN
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

CONFIRM = "/accounts/confirm/"
RESUME = "/accounts/resume/"


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def held(robin, adam):
    """A hold on Robin's record."""
    return hold_record(robin, reason="A complaint", until=None, by=adam)


@pytest.fixture
def adams(clock, adam):
    return signed_in(adam)


@pytest.mark.parametrize(("seconds", "status"), [(599, 200), (600, 200), (601, 302)])
def test_a_sign_in_is_fresh_for_ten_minutes(clock, adams, seconds, status):
    clock.shift(seconds)
    page = adams.get("/settings/")
    assert page.status_code == status
    assert status == 200 or page.url == f"{CONFIRM}?next=%2Fsettings%2F"


def test_confirming_leads_back_and_lasts_ten_minutes(clock, adams, trail):
    clock.shift(601)
    address = adams.get("/settings/").url
    assert adams.get(address).status_code == 200
    assert adams.post(address, {"password": PASSWORD}).url == "/settings/"
    assert trail() == ["user.sign_in_confirmed"]
    for seconds, status in ((600, 200), (1, 302)):
        clock.shift(seconds)
        assert adams.get("/settings/").status_code == status


def test_a_form_that_meets_it_is_sent_again(clock, adams):
    clock.shift(601)
    assert adams.post("/settings/", GIVEN).url == CONFIRM
    assert ServiceSettings.objects.get().name == "Psychotherapy service"
    assert adams.post(CONFIRM, {"password": PASSWORD}).url == RESUME
    waiting = adams.get(RESUME).context["waiting"]
    assert (waiting.path, dict(waiting.fields)) == ("/settings/", GIVEN)
    assert adams.post(waiting.path, dict(waiting.fields)).url == "/settings/"
    assert ServiceSettings.objects.get().name == "North District"
    assert adams.get(RESUME).url == "/"


@pytest.mark.parametrize(
    ("person", "page", "sent"),
    [
        ("Ada Osei", "copy_for_client", {}),
        ("Adam Novak", "lift_hold", {}),
        ("Adam Novak", "erase_client", {"basis": "request", "code": "R-1"}),
    ],
)
def test_whole_records_ask_for_it_too(clock, held, person, page, sent):
    browser, address = signed_in(User.objects.get(name=person)), reverse(page, args=[held.client_id])
    clock.shift(601)
    assert browser.post(address, sent).url == CONFIRM
    assert not AuditEvent.objects.filter(action__regex="copied|lifted|erased").exists()
    assert browser.post(CONFIRM, {"password": PASSWORD}).url == RESUME
    waiting = browser.get(RESUME).context["waiting"]
    assert (waiting.path, dict(waiting.fields)) == (address, sent)


def test_a_code_does_too_and_works_once(clock, adams, adam):
    give_app(adam)
    clock.shift(601)
    code = code_now()
    assert adams.post(CONFIRM, {"code": code}).url == "/"
    assert adams.get("/settings/").status_code == 200
    assert adams.post(CONFIRM, {"code": code}).status_code == 422


@pytest.mark.parametrize(
    "given",
    [{}, {"password": ""}, {"password": "wrong-password"}, {"code": "000000"}, {"code": ""}, {"password": "\x00"}],
)
def test_what_is_wrong_confirms_nothing(clock, adams, given):
    clock.shift(601)
    page = adams.post(CONFIRM, given)
    assert page.status_code == 422
    assert "There is a problem" in page.content.decode()
    assert "(optional)" not in page.content.decode()
    assert "wrong-password" not in page.content.decode()
    assert adams.get("/settings/").status_code == 302


def test_guessing_is_throttled(clock, adams, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/d/key"}
    for _ in range(2):
        adams.post(CONFIRM, {"password": "wrong-password"})
    page = adams.post(CONFIRM, {"password": PASSWORD})
    assert page.status_code == 422
    assert "Too many failed attempts" in page.content.decode()


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_it_never_leads_elsewhere(adams, address):
    assert adams.post(CONFIRM, {"password": PASSWORD, "next": address}).url == "/"


def test_what_needs_it(clock, adams, ada, robin):
    person = [ada.pk]
    clock.shift(601)
    for name in ("edit_person", "deactivate_person"):
        assert adams.get(reverse(name, args=person)).url.startswith(CONFIRM)
    for name in ("add_supervisor", "make_reset_link", "restore_person", "let_in_again", "remove_second_factor"):
        assert adams.post(reverse(name, args=person)).url == CONFIRM
    for name in ("invite_person", "add_passkey", "add_code_app", "recovery_codes"):
        assert adams.get(reverse(name)).url.startswith(CONFIRM)
    for name in ("remove_code_app", "renew_recovery_codes"):
        assert adams.post(reverse(name)).url == CONFIRM
    assert adams.post(reverse("remove_passkey", args=[1])).url == CONFIRM
    assert adams.get("/people/").status_code == 200
    theirs = signed_in(ada)
    export = reverse("ratings_csv", args=[robin.pk])
    assert theirs.get(export).status_code == 200
    clock.shift(601)
    assert theirs.get(export).url.startswith(CONFIRM)
    assert theirs.get(reverse("client", args=[robin.pk])).status_code == 200


def test_the_page_is_refused_to_other_roles_before_anything_is_asked(clock, ada):
    theirs = signed_in(ada)
    clock.shift(601)
    assert theirs.get("/settings/").status_code == 403


def test_an_invitation_that_meets_it_is_made_once(clock, adams):
    clock.shift(601)
    given = {"name": "New", "email": "new@example.org", "roles": ["clinician", "supervisor"]}
    adams.post("/people/invite/", given)
    adams.post(CONFIRM, {"password": PASSWORD})
    fields = adams.get(RESUME).context["waiting"].fields
    assert [value for name, value in fields if name == "roles"] == ["clinician", "supervisor"]
    adams.post("/people/invite/", given)
    assert Invitation.objects.get().role_names == ["Clinician", "Supervisor"]
