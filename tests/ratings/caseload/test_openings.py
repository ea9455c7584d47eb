"""Openings are seen: a clinician reads who opened which client's page, and when; nobody else does."""

import pytest
from django.urls import reverse
from django.utils import timezone
from uuid_utils.compat import uuid7

from alliance_tracker.audit.models import AuditEvent
from clients.actions import hand_on
from tests.doors import check_doors_of_role
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db
URL = "/openings/"


def page_of(client) -> str:
    return reverse("client", args=[client.pk])


def seen(page) -> list[tuple[str, str, str]]:
    return [(each.client.code, each.who.name, each.done) for each in page.context["shown"].openings]


def test_doors(ada, sue, adam):
    check_doors_of_role("openings", opens_to=[ada], not_to=[sue, adam])


def test_a_supervisors_look_is_there_and_ones_own_is_not(robin, ada, sue, as_user):
    as_user(sue).get(page_of(robin))
    as_user(sue).get(f"{page_of(robin)}ratings.csv")
    as_user(ada).get(page_of(robin))
    page = as_user(ada).get(URL)
    assert seen(page) == [("R-1", "Sue Brandt", "Downloaded the ratings"), ("R-1", "Sue Brandt", "Opened")]
    text = page.content.decode()
    event = AuditEvent.objects.filter(actor_id=sue.pk).earliest("at")
    assert f"{event.at:%Y}, " in text
    assert "supervisor" in text


def test_lists_and_other_acts_are_no_openings(robin, sue, ada, as_user):
    for address in ("/supervision/", "/clients/", "/meetings/"):
        as_user(sue).get(address)
    follow_up = {"what": "Call", "owner": "clinician", "due_on": f"{timezone.localdate()}"}
    as_user(sue).post(reverse("new_follow_up", args=[robin.pk]), follow_up)
    assert seen(as_user(ada).get(URL)) == []


def test_a_form_about_one_client_shows_the_client_so_it_counts(robin, sue, ada, as_user):
    as_user(sue).get(reverse("assign_follow_up", args=[robin.pk]))
    assert seen(as_user(ada).get(URL)) == [("R-1", "Sue Brandt", "Opened")]


def test_only_of_clients_whom_one_holds_now(robin, ada, ben, sue, as_user):
    as_user(sue).get(page_of(robin))
    assert seen(as_user(ben).get(URL)) == []
    as_user(ada).get(page_of(robin))
    hand_on(robin.episodes.get(), to=ben, by=ada)
    assert seen(as_user(ada).get(URL)) == []
    assert seen(as_user(ben).get(URL)) == [("R-1", "Ada Osei", "Opened"), ("R-1", "Sue Brandt", "Opened")]


def test_of_one_client_when_asked_and_of_all_when_the_address_is_wrong(robin, ada, ben, sue, as_user):
    kit = ClientFactory(code="K-1", clinician=ada)
    strange = ClientFactory(code="B-1", clinician=ben)
    for client in (robin, kit):
        as_user(sue).get(page_of(client))
    browser = as_user(ada)
    assert [code for code, *_ in seen(browser.get(f"{URL}?client={kit.pk}"))] == ["K-1"]
    for wrong in (strange.pk, "x", "<script>"):
        assert [code for code, *_ in seen(browser.get(f"{URL}?client={wrong}"))] == ["K-1", "R-1"]


def test_thirty_a_page_the_newest_first(robin, ada, sue, as_user):
    for _ in range(31):
        as_user(sue).get(page_of(robin))
    first, second = (as_user(ada).get(f"{URL}?page={number}") for number in (1, 2))
    assert (len(seen(first)), len(seen(second))) == (30, 1)
    moments = [each.event.at for page in (first, second) for each in page.context["shown"].openings]
    assert moments == sorted(moments, reverse=True)


def test_an_account_that_is_gone_is_named_as_such(robin, ada, as_user):
    AuditEvent.objects.create(action="client.viewed", actor_id=uuid7(), client_id=robin.pk)
    assert "An account that was removed" in as_user(ada).get(URL).content.decode()


def test_today_and_the_clients_page_lead_there(robin, ada, as_user):
    assert f'href="{URL}"' in as_user(ada).get("/").content.decode()
    assert f'href="{URL}?client={robin.pk}"' in as_user(ada).get(page_of(robin)).content.decode()


def test_looking_is_one_event_itself(robin, ada, as_user, trail):
    as_user(ada).get(URL)
    assert trail() == ["caseload.viewed"]
