"""Today: what waits for a rating, oldest first; what comes later; what is done."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from clients.models import Episode
from ratings.caseload.today import clinicians_day
from ratings.models import Rater
from tests.factories import ClientFactory, SessionFactory, UserFactory, rate

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def day_of(browser):
    return browser.get("/").context["day"]


def sessions(part):
    return [each.session for each in part]


@pytest.mark.parametrize(("who", "page"), [("sue", "/supervision/"), ("adam", "/people/")])
def test_it_leads_each_person_to_the_first_page_of_their_roles(as_user, who, page, request):
    assert as_user(request.getfixturevalue(who)).get("/").url == page


def test_a_clinician_who_supervises_too_begins_here(as_user, ada):
    ada.is_supervisor = ada.is_admin = True
    ada.save()
    assert as_user(ada).get("/").status_code == 200


def test_it_needs_a_sign_in_and_answers_looking_only(client, as_user, ada):
    assert client.get("/").url == "/accounts/login/?next=/"
    for method in ("post", "put", "delete", "options", "trace"):
        assert getattr(as_user(ada), method)("/").status_code == 405


def test_sessions_wait_oldest_first_then_those_of_later_today(monday, as_user, ada, robin):
    older = SessionFactory(client=robin, starts_at=monday - 9 * DAY)
    newer = SessionFactory(client=robin, starts_at=monday - DAY)
    this_morning = SessionFactory(client=robin, starts_at=monday)
    later = SessionFactory(client=robin, starts_at=monday + 5 * HOUR)
    SessionFactory(client=robin, starts_at=monday + DAY)
    day = day_of(as_user(ada))
    assert (sessions(day.to_rate), sessions(day.later)) == ([older, newer, this_morning], [later])
    assert [each.number for each in day.to_rate] == [1, 2, 3]
    assert [each.waits_long for each in day.to_rate] == [True, False, False]


def test_what_was_rated_or_set_aside_today_is_listed_and_older_ones_are_gone(monday, as_user, ada, robin):
    rated, missed, not_suitable = (SessionFactory(client=robin, starts_at=monday - n * HOUR) for n in (1, 2, 3))
    rate(rated)
    type(missed).objects.filter(pk=missed.pk).update(attendance="missed")
    type(missed).objects.filter(pk=not_suitable.pk).update(not_rated_reason="not_suitable")
    rate(SessionFactory(client=robin, starts_at=monday - DAY))
    SessionFactory(client=robin, starts_at=monday - 2 * DAY, attendance="cancelled")
    SessionFactory(client=robin, starts_at=monday, voided_at=monday, voided_reason="Twice")
    day = day_of(as_user(ada))
    assert (sessions(day.rated), sessions(day.set_aside)) == ([rated], [not_suitable, missed])
    assert (day.to_rate, day.later) == ([], [])


def test_a_client_alone_leaves_the_session_waiting_and_that_they_answered_shows(as_user, ada, yesterday):
    rate(yesterday, rater=Rater.CLIENT)
    page = as_user(ada).get("/")
    assert sessions(page.context["day"].to_rate) == [yesterday]
    assert "client has answered" in page.content.decode()


def test_only_ones_own_clients_are_there(as_user, ada, ben, yesterday):
    SessionFactory(client=ClientFactory(clinician=ben, code="B-1", name="Bo"))
    page = as_user(ada).get("/").content.decode()
    assert "R-1" in page
    assert "B-1" not in page


def test_a_session_of_a_closed_therapy_still_waits(as_user, ada, yesterday):
    Episode.objects.update(ended_on=timezone.localdate(), ending="planned")
    assert sessions(day_of(as_user(ada)).to_rate) == [yesterday]


def test_the_caseload_comes_with_it_in_the_chosen_order(as_user, ada, robin):
    rate(SessionFactory(client=ClientFactory(code="A-2", clinician=ada)))
    by_rated = as_user(ada).get("/?sort=rated").context["rows"]
    assert [row.client.code for row in by_rated] == ["R-1", "A-2"]
    assert [row.client.code for row in as_user(ada).get("/?sort=code").context["rows"]] == ["A-2", "R-1"]


@pytest.mark.parametrize(
    "query", ["?sort=name;drop", "?saved=x", "?saved=%00", "?sort=%00", "?unknown=1", "?saved[]=1"]
)
def test_unknown_parts_of_the_address_change_nothing(as_user, ada, yesterday, query):
    page = as_user(ada).get(f"/{query}")
    assert page.status_code == 200
    assert page.context["sort"] == "signals"
    assert page.context["saved"] is None


def test_what_was_just_saved_is_said_once_asked_for_and_of_ones_own_only(as_user, ada, ben, yesterday):
    rate(yesterday)
    address = f"/?saved={yesterday.pk}"
    assert "First rating: overall 5.0." in as_user(ada).get(address).content.decode()
    assert "overall 5.0" not in as_user(ben).get(address).content.decode()


def test_with_nothing_to_do_it_says_so(as_user, ada):
    page = as_user(ada).get("/").content.decode()
    assert "Nothing to rate" in page
    assert reverse("new_client") in page


def test_looking_is_one_event(as_user, ada, robin, trail):
    as_user(ada).get("/")
    assert trail() == ["caseload.viewed"]


@pytest.mark.parametrize(
    ("now", "starts_at", "part"),
    [
        # Half past midnight on 7 July in London is still 6 July in UTC.
        ("2026-07-06 23:30", "2026-07-06 22:30", "to_rate"),
        ("2026-07-06 23:30", "2026-07-07 09:00", "later"),
        ("2026-07-06 22:30", "2026-07-07 09:00", None),
        ("2026-07-06 23:30", "2026-07-07 23:00", None),
        # The day of 23 hours ends an hour earlier in UTC; the day of 25 begins an hour earlier.
        ("2026-03-29 00:30", "2026-03-29 22:30", "later"),
        ("2026-03-29 00:30", "2026-03-29 23:00", None),
        ("2026-10-24 23:30", "2026-10-25 23:30", "later"),
        ("2026-10-24 22:30", "2026-10-24 23:30", None),
        # The hour that comes twice: half past one in summer time, then half past one in winter time.
        ("2026-10-25 01:00", "2026-10-25 00:30", "to_rate"),
        ("2026-10-25 01:00", "2026-10-25 01:30", "later"),
        ("2028-02-29 10:00", "2028-02-29 18:00", "later"),
        ("2028-02-28 10:00", "2028-02-29 09:00", None),
    ],
)
def test_today_is_the_local_day_whatever_the_clocks_do(now, starts_at, part):
    now, starts_at = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (now, starts_at))
    with time_machine.travel(now, tick=False), timezone.override(ZoneInfo("Europe/London")):
        clinician = UserFactory()
        session = SessionFactory(client=ClientFactory(clinician=clinician), starts_at=starts_at)
        day = clinicians_day(clinician, now)
    found = {name: sessions(getattr(day, name)) for name in ("to_rate", "later", "rated", "set_aside")}
    assert {name: those for name, those in found.items() if those} == ({part: [session]} if part else {})
