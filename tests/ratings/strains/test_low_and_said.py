"""The page of the rule "low, and said": what it shows, when it may be switched, and what it refuses."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from alliance_tracker.audit.models import AuditEvent
from ratings.models import RuleCheck, SaidSwitch
from ratings.strains.said_switch import switch_low_and_said
from tests.accounts.doors import check_doors

pytestmark = pytest.mark.django_db
URL = "/settings/low-and-said/"
NONE_READ = {"sessions": 0, "unusually_low": 0, "unusually_high": 0, "clinicians": 0}


def counted(low=200, low_reported=42, ordinary=800, ordinary_reported=96, clinicians=5) -> RuleCheck:
    """Store a count; as it is, a strain is reported 1.75 times as often where the client's rating is low."""
    check = RuleCheck(
        counted_at=timezone.now(),
        low=low,
        low_reported=low_reported,
        ordinary=ordinary,
        ordinary_reported=ordinary_reported,
        blind_clinicians=clinicians,
        **NONE_READ,
    )
    RuleCheck.objects.all().delete()
    check.save()
    return check


@pytest.fixture
def browser(as_user, adam):
    return as_user(adam)


def text(page) -> str:
    return " ".join(page.content.decode().split())


def test_doors(adam, ada, sue):
    check_doors("low_and_said", admin=adam, others=[ada, sue])


def test_it_is_off_and_the_settings_lead_to_it(browser):
    assert f'href="{URL}"' in browser.get("/settings/").content.decode()
    page = text(browser.get(URL))
    assert '<span class="tag">Off</span>' in page
    assert "Nothing has been counted yet" in page
    assert 'name="on"' not in page


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (None, "nothing has been counted"),
        ({"low": 199, "low_reported": 199}, "it takes 200 sessions"),
        ({"low_reported": 41}, "do not report a strain often enough"),
        ({"low_reported": 0, "ordinary_reported": 0}, "do not report a strain often enough"),
        ({"ordinary": 0, "ordinary_reported": 0}, "do not report a strain often enough"),
    ],
)
def test_it_is_refused_with_a_reason_and_nothing_changes(browser, counts, words):
    if counts is not None:
        counted(**counts)
    assert words in text(browser.get(URL))
    page = browser.post(URL, {"on": "yes"})
    assert page.status_code == 422
    assert text(page).count(words) == 2
    assert not SaidSwitch.objects.exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"on": ""}, {"on": "maybe"}, {"on": "\x00"}])
def test_a_broken_form_changes_nothing(browser, sent):
    counted()
    assert browser.post(URL, sent).status_code == 422
    assert not SaidSwitch.objects.exists()


def test_where_the_answers_bear_it_it_is_switched_on_from_tomorrow_and_off_again(browser, adam, monday):
    counted()
    assert "Switch on from tomorrow" in text(browser.get(URL))
    assert browser.post(URL, {"on": "yes"}).url == URL
    assert list(SaidSwitch.objects.values_list("since", "on")) == [(datetime(2026, 11, 24, tzinfo=UTC), True)]
    assert "On for sessions from 24 November 2026 on" in text(browser.get(URL))
    assert browser.post(URL, {"on": "yes"}).status_code == 422
    assert browser.post(URL, {"on": "no"}).url == URL
    assert list(SaidSwitch.objects.values_list("since", "on")) == [(datetime(2026, 11, 24, tzinfo=UTC), False)]
    assert list(AuditEvent.objects.order_by("pk").values_list("action", "actor_id")) == [
        ("low_and_said.switched_on", adam.pk),
        ("low_and_said.switched_off", adam.pk),
    ]


def test_a_later_day_keeps_the_days_that_it_was_on(service, adam, monday):
    counted()
    switch_low_and_said(on=True, by=adam)
    SaidSwitch.objects.update(since=monday - timedelta(days=30))
    switch_low_and_said(on=False, by=adam)
    assert list(SaidSwitch.objects.order_by("since").values_list("on", flat=True)) == [True, False]


def test_tomorrow_begins_where_the_service_is(service, browser, monday):
    service.time_zone = "America/New_York"
    service.save()
    counted()
    browser.post(URL, {"on": "yes"})
    assert SaidSwitch.objects.get().since == datetime(2026, 11, 24, 5, tzinfo=UTC)


def test_on_stays_on_where_the_answers_no_longer_bear_it_and_the_page_says_so(browser, adam, service):
    counted()
    switch_low_and_said(on=True, by=adam)
    counted(low_reported=41)
    assert "no longer bear it" in text(browser.get(URL))
    browser.post(URL, {"on": "no"})
    with pytest.raises(ValidationError, match="often enough"):
        switch_low_and_said(on=True, by=adam)


def test_what_is_off_cannot_be_switched_off(service, adam):
    with pytest.raises(ValidationError, match="switched off already"):
        switch_low_and_said(on=False, by=adam)


def test_it_shows_the_services_own_counts_and_holds_small_ones_back(browser):
    counted()
    assert shown(browser) == ["200", "21%", "800", "12%", "1.8 times"]
    counted(low=60, low_reported=9)
    assert shown(browser) == ["60", "under 17%", "800", "12%", "not shown"]
    counted(clinicians=2)
    assert shown(browser) == ["not shown"] * 5


def shown(browser) -> list[str]:
    return re.findall(r"<dd>(.*?)</dd>", text(browser.get(URL)))
