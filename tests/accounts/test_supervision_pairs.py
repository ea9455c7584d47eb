"""Who supervises whom, from when to when."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts import actions
from alliance_tracker.accounts.models import Supervision
from alliance_tracker.audit.models import AuditEvent
from clients.models import Client
from tests.factories import SupervisionFactory, UserFactory

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
NEW = "quiet-river-over-stone"


def page_of(person) -> str:
    return reverse("edit_person", args=[person.pk])


def details(person, **change):
    return {"name": person.name, "email": person.email, "roles": person.roles} | change


def recorded(**match) -> list[str]:
    return list(AuditEvent.objects.filter(**match).order_by("at", "id").values_list("action", flat=True))


def test_a_lost_role_ends_the_pairs_it_allowed(adam, ada, sue):
    later = SupervisionFactory(supervisor=sue, starts_at=timezone.now() + timedelta(days=3))
    actions.update_person(sue, **details(sue, roles=["admin"]), by=adam)
    assert not Supervision.objects.current().exists()
    assert not Supervision.objects.filter(pk=later.pk).exists()
    assert recorded(action="supervision.ended") == ["supervision.ended"] * 2
    actions.update_person(sue, **details(sue, roles=["supervisor"]), by=adam)
    assert not Supervision.objects.current().exists()


def test_a_supervisor_loses_the_clients_with_the_pair(adam, ada, sue, robin):
    assert Client.objects.visible_to(sue).exists()
    actions.end_supervision(Supervision.objects.get(supervisor=sue), by=adam)
    assert not Client.objects.visible_to(sue).exists()


def test_a_supervisor_is_added_from_now_on(as_user, adam, ben, sue, robin):
    url = reverse("add_supervisor", args=[ben.pk])
    assert as_user(adam).post(url, {"supervisor": sue.pk}).url == page_of(ben)
    pair = Supervision.objects.get(clinician=ben)
    assert (pair.supervisor, pair.ends_at) == (sue, None)
    assert pair.starts_at <= timezone.now()
    assert recorded() == ["supervision.started"]


def test_days_of_a_pair_are_whole_days_of_the_service(monday, as_user, adam, ben, sue):
    given = {"supervisor": sue.pk, "starts_on": "2027-03-01", "ends_on": "2027-03-31"}
    as_user(adam).post(reverse("add_supervisor", args=[ben.pk]), given)
    pair = Supervision.objects.get(clinician=ben)
    assert pair.starts_at == datetime(2027, 3, 1, tzinfo=LONDON)
    assert pair.ends_at == datetime(2027, 4, 1, tzinfo=LONDON)
    text = as_user(adam).get(page_of(ben)).content.decode()
    assert "from 1 Mar 2027, until 31 Mar 2027" in text
    with time_machine.travel(datetime(2027, 3, 31, 23, 59, tzinfo=LONDON)):
        assert Supervision.objects.current().filter(clinician=ben).exists()
    with time_machine.travel(datetime(2027, 4, 1, 0, 0, tzinfo=LONDON)):
        assert not Supervision.objects.current().filter(clinician=ben).exists()


@pytest.mark.parametrize(
    "change",
    [
        {"supervisor": ""},
        {"supervisor": "00000000-0000-0000-0000-000000000000"},
        {"supervisor": "\x00"},
        {"starts_on": "tomorrow"},
        {"starts_on": "0001-01-01"},
        {"ends_on": "9999-12-31"},
        {"starts_on": "2027-03-02", "ends_on": "2027-03-01"},
        {"ends_on": "2020-01-01"},
    ],
)
def test_a_bad_pair_is_refused(as_user, adam, ben, sue, change):
    page = as_user(adam).post(reverse("add_supervisor", args=[ben.pk]), {"supervisor": sue.pk} | change)
    assert page.status_code == 422
    assert "There is a problem" in page.content.decode()
    assert not Supervision.objects.filter(clinician=ben).exists()


def test_only_supervisors_can_be_chosen(as_user, adam, ben, stella):
    for person in (ben, stella):
        page = as_user(adam).post(reverse("add_supervisor", args=[ben.pk]), {"supervisor": person.pk})
        assert page.status_code == 422


def test_the_same_pair_does_not_overlap(as_user, adam, ada, sue):
    url = reverse("add_supervisor", args=[ada.pk])
    assert as_user(adam).post(url, {"supervisor": sue.pk}).status_code == 422
    assert as_user(adam).post(url, {"supervisor": sue.pk, "ends_on": "2090-01-01"}).status_code == 422
    actions.end_supervision(Supervision.objects.get(), by=adam)
    assert as_user(adam).post(url, {"supervisor": sue.pk}).status_code == 302


def test_nobody_supervises_themselves(adam):
    both = UserFactory(is_supervisor=True)
    with pytest.raises(ValidationError, match="Nobody supervises themselves"):
        actions.add_supervisor(both, supervisor=both, starts_on=None, ends_on=None, by=adam)


def test_a_clinician_may_have_two_supervisors_at_once(adam, ada, sue):
    other = UserFactory(is_supervisor=True)
    actions.add_supervisor(ada, supervisor=other, starts_on=None, ends_on=None, by=adam)
    assert set(Supervision.objects.current().filter(clinician=ada).values_list("supervisor", flat=True)) == {
        sue.pk,
        other.pk,
    }


@pytest.mark.parametrize("who", ["ben", "sue"])
def test_a_pair_needs_two_who_have_not_left(adam, ben, sue, who, request):
    left = request.getfixturevalue(who)
    left.is_active, left.deactivated_at = False, timezone.now()
    left.save()
    with pytest.raises(ValidationError, match="between an active supervisor and an active clinician"):
        actions.add_supervisor(ben, supervisor=sue, starts_on=None, ends_on=None, by=adam)


@pytest.mark.parametrize("who", ["not a clinician", "not a supervisor"])
def test_a_pair_needs_both_roles(adam, ada, sue, who):
    clinician, supervisor = (adam, sue) if who == "not a clinician" else (ada, adam)
    with pytest.raises(ValidationError, match="between an active supervisor and an active clinician"):
        actions.add_supervisor(clinician, supervisor=supervisor, starts_on=date(2027, 1, 1), ends_on=None, by=adam)


def test_a_pair_is_ended_from_either_page(as_user, adam, ada, sue):
    pair = Supervision.objects.get()
    url = reverse("end_supervision", args=[pair.pk])
    assert as_user(adam).post(url, {"back": "supervisor"}).url == page_of(sue)
    pair.refresh_from_db()
    assert pair.ends_at <= timezone.now()
    again = as_user(adam).post(url, {"back": "\x00"}, follow=True)
    assert again.redirect_chain[-1][0] == page_of(ada)
    assert "has ended already" in again.content.decode()


def test_a_pair_to_come_is_taken_back(adam, ada, sue):
    pair = SupervisionFactory(clinician=UserFactory(), starts_at=timezone.now() + timedelta(days=1))
    actions.end_supervision(pair, by=adam)
    assert not Supervision.objects.filter(pk=pair.pk).exists()
