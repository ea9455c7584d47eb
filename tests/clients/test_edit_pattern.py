import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Episode
from tests.doors import check_doors

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(robin):
    return reverse("edit_pattern", args=[robin.pk])


def test_doors(robin, ada, ben, sue, adam):
    check_doors("edit_pattern", robin.pk, opens_to=[ada], not_to=[ben, sue, adam])


def test_a_pattern_is_set_and_stopped(as_user, ada, robin, url):
    response = as_user(ada).post(url, {"weekday": "2", "weekly_at": "09:30", "modality": "phone"})
    assert response.url == reverse("client", args=[robin.pk])
    assert robin.episodes.get().sessions.count() == 8
    assert "Wednesdays at 09:30, phone" in as_user(ada).get(response.url).content.decode()
    as_user(ada).post(url, {"weekday": "", "weekly_at": "09:30", "modality": "phone"})
    assert robin.episodes.get().weekly_at is None
    assert not robin.episodes.get().sessions.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"weekday": "7"},
        {"weekday": "x"},
        {"weekly_at": ""},
        {"weekly_at": "9 o'clock"},
        {"modality": "x"},
        {"weekday": "\x00"},
    ],
)
def test_a_bad_form_is_shown_again(as_user, ada, url, change):
    typed = {"weekday": "2", "weekly_at": "09:30", "modality": "phone"} | change
    response = as_user(ada).post(url, typed)
    assert response.status_code == 422
    assert response.context["form"]["weekly_at"].value() == typed["weekly_at"]
    assert Episode.objects.get().weekday is None


def test_a_closed_therapy_has_no_such_page(as_user, ada, url):
    Episode.objects.update(ended_on=timezone.localdate(), ending="planned")
    assert as_user(ada).get(url).status_code == 404
    assert as_user(ada).post(url, {"weekday": "2", "weekly_at": "09:30", "modality": "phone"}).status_code == 404
