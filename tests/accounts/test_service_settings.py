"""The page of the service's settings."""

import pytest

from alliance_tracker.accounts.models import EMERGENCY_TEXT, FRANK_TEXT, ServiceSettings
from alliance_tracker.audit.models import AuditEvent
from tests.accounts.doors import check_doors

pytestmark = pytest.mark.django_db

GIVEN = {
    "name": "North District",
    "time_zone": "America/New_York",
    "blind": "on",
    "link_days": "7",
    "frank_text": "Say it as it was.",
    "emergency_text": "Call 999.",
    "keep_years": "8",
    "keep_years_after_death": "3",
}


def test_doors(adam, ada, sue):
    check_doors("service_settings", admin=adam, others=[ada, sue])


def test_the_settings_are_saved_and_recorded(as_user, adam):
    browser = as_user(adam)
    assert 'value="Europe/London" selected' in browser.get("/settings/").content.decode()
    assert browser.post("/settings/", GIVEN).url == "/settings/"
    row = ServiceSettings.objects.get()
    assert (row.name, row.time_zone, row.blind) == ("North District", "America/New_York", True)
    assert (row.keep_years, row.keep_years_after_death) == (8, 3)
    assert list(AuditEvent.objects.values_list("action", "actor_id")) == [("settings.changed", adam.pk)]
    assert "North District" in browser.get("/settings/").content.decode()


def test_blinding_can_be_turned_off(as_user, adam):
    as_user(adam).post("/settings/", {key: given for key, given in GIVEN.items() if key != "blind"})
    assert ServiceSettings.objects.get().blind is False


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"name": "\x00"},
        {"time_zone": ""},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": "\x00"},
        {"time_zone": "posixrules"},
        {"link_days": ""},
        {"link_days": "0"},
        {"link_days": "15"},
        {"link_days": "four"},
        {"frank_text": "x" * 601},
        {"emergency_text": "x" * 301},
        {"emergency_text": "\x00"},
        {"keep_years": ""},
        {"keep_years": "0"},
        {"keep_years": "101"},
        {"keep_years_after_death": "ten"},
        {"holidays": "Christmas"},
        {"holidays": "2026-12-25 2026-02-30"},
    ],
)
def test_a_bad_form_is_shown_again_and_the_page_still_works(as_user, adam, change):
    page = as_user(adam).post("/settings/", GIVEN | change)
    assert page.status_code == 422
    assert "There is a problem" in page.content.decode()
    row = ServiceSettings.objects.get()
    assert (row.name, row.link_days) == ("Psychotherapy service", 4)
    assert (row.keep_years, row.keep_years_after_death) == (20, 10)
    assert (row.frank_text, row.emergency_text) == (FRANK_TEXT, EMERGENCY_TEXT)
    assert not AuditEvent.objects.exists()


def test_holidays_are_kept_in_order_each_once(as_user, adam):
    as_user(adam).post("/settings/", GIVEN | {"holidays": "2027-01-01\n2026-12-25 2027-01-01\n"})
    assert ServiceSettings.objects.get().holidays == ["2026-12-25", "2027-01-01"]
    assert "2026-12-25\n2027-01-01" in as_user(adam).get("/settings/").content.decode()


def test_what_clients_read_is_saved_shown_and_may_be_empty(as_user, adam):
    browser = as_user(adam)
    page = browser.get("/settings/").content.decode()
    assert FRANK_TEXT in page
    assert EMERGENCY_TEXT in page
    browser.post("/settings/", GIVEN | {"frank_text": ""})
    row = ServiceSettings.objects.get()
    assert (row.link_days, row.frank_text, row.emergency_text) == (7, "", "Call 999.")
    assert "Call 999." in browser.get("/settings/").content.decode()
