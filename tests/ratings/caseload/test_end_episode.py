from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Episode
from tests.doors import check_doors

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(robin):
    return reverse("end_episode", args=[robin.pk])


def test_doors(robin, ada, ben, sue, adam):
    check_doors("end_episode", robin.pk, opens_to=[ada], not_to=[ben, sue, adam])


def test_a_therapy_ends_and_its_record_stays_readable(monday, as_user, ada, sue, url):
    response = as_user(ada).post(url, {"ended_on": "2026-11-20", "ending": "unplanned"})
    for who in (ada, sue):
        assert "This therapy ended on 20 November 2026" in as_user(who).get(response.url).content.decode()
    assert as_user(ada).get(url).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"ended_on": "2026-11-24"},
        {"ended_on": "2020-01-01"},
        {"ended_on": ""},
        {"ended_on": "x"},
        {"ending": ""},
        {"ending": "x"},
    ],
)
def test_a_bad_form_is_shown_again(monday, as_user, ada, url, change):
    typed = {"ended_on": "2026-11-23", "ending": "planned"} | change
    response = as_user(ada).post(url, typed)
    assert response.status_code == 422
    assert response.context["form"]["ended_on"].value() == typed["ended_on"]
    assert Episode.objects.get().is_open


def test_a_session_after_that_day_stops_it(as_user, ada, yesterday, url):
    day = timezone.localdate() - timedelta(days=3)
    response = as_user(ada).post(url, {"ended_on": day.isoformat(), "ending": "planned"})
    assert response.status_code == 422
    assert "after that day" in response.content.decode()
