import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Episode, TherapySession
from tests.doors import check_doors
from tests.factories import SessionFactory

pytestmark = pytest.mark.django_db
GIVEN = {"day": "2026-11-22", "at": "15:00", "modality": "phone"}


@pytest.fixture
def url(robin):
    return reverse("new_session", args=[robin.pk])


def test_doors(robin, ada, ben, sue, adam):
    check_doors("new_session", robin.pk, opens_to=[ada], not_to=[ben, sue, adam])


def test_a_session_that_was_held_leads_to_its_rating(monday, as_user, ada, url):
    response = as_user(ada).post(url, GIVEN)
    assert response.url == reverse("rate", args=[TherapySession.objects.get().pk])


def test_a_session_to_come_leads_to_the_client(monday, as_user, ada, robin, url):
    response = as_user(ada).post(url, GIVEN | {"day": "2026-11-24"})
    assert response.url == reverse("client", args=[robin.pk])


def test_the_form_begins_with_today_and_how_they_meet(monday, as_user, ada, url):
    Episode.objects.update(modality="video")
    form = as_user(ada).get(url).context["form"]
    assert (form["day"].value(), form["modality"].value()) == (timezone.localdate(), "video")


@pytest.mark.parametrize(
    "change",
    [
        {"day": "2026-01-01"},
        {"day": "2027-12-31"},
        {"day": "1066-10-14"},
        {"at": "99:99"},
        {"at": "\x00"},
        {"modality": "x"},
    ],
)
def test_a_bad_form_is_shown_again(monday, as_user, ada, url, change):
    typed = GIVEN | change
    response = as_user(ada).post(url, typed)
    assert response.status_code == 422
    assert (response.context["form"]["day"].value(), response.context["form"]["at"].value()) == (
        typed["day"],
        typed["at"],
    )
    assert not TherapySession.objects.exists()


def test_the_same_time_twice_is_refused(monday, as_user, ada, robin, url):
    SessionFactory(client=robin, starts_at=monday.replace(day=22, hour=15))
    assert as_user(ada).post(url, GIVEN).status_code == 422


def test_a_closed_therapy_has_no_such_page(as_user, ada, url):
    Episode.objects.update(ended_on=timezone.localdate(), ending="planned")
    assert as_user(ada).get(url).status_code == 404
