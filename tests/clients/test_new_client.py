from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Episode, TherapySession
from tests.doors import check_doors_of_role
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db
URL = reverse("new_client")
GIVEN = {
    "code": "K-7",
    "name": "Kim B.",
    "email": "kim@example.org",
    "day": "2026-11-23",
    "at": "15:00",
    "modality": "video",
}


def test_doors(ada, sue, adam):
    check_doors_of_role("new_client", opens_to=[ada], not_to=[sue, adam], methods="get head post")


def test_a_client_is_added_and_their_page_opens(monday, as_user, ada):
    response = as_user(ada).post(URL, GIVEN | {"weekly": "on"})
    client = Client.objects.editable_by(ada).get()
    assert response.url == reverse("client", args=[client.pk])
    assert (client.code, client.name, client.email) == ("K-7", "Kim B.", "kim@example.org")
    assert client.episodes.get().weekday == 0
    assert client.episodes.get().sessions.count() == 9


def test_without_a_pattern_there_is_one_session(monday, as_user, ada):
    as_user(ada).post(URL, GIVEN | {"name": "", "email": ""})
    session = TherapySession.objects.get()
    assert (session.starts_at, session.modality) == (monday + timedelta(hours=5), "video")
    assert Client.objects.get().label == "K-7"


def test_the_time_is_that_of_the_service(monday, as_user, ada):
    as_user(ada).post(URL, GIVEN | {"day": "2026-10-01"})
    assert TherapySession.objects.get().starts_at.hour == 14


def test_the_form_begins_with_today(monday, as_user, ada):
    assert 'value="2026-11-23"' in as_user(ada).get(URL).content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"code": ""},
        {"code": "x" * 21},
        {"code": "two words"},
        {"code": "<b>"},
        {"code": "K\x007"},
        {"code": "r-1"},
        {"name": "x" * 121},
        {"name": "\x00"},
        {"email": "not an address"},
        {"email": f"{'x' * 250}@example.org"},
        {"day": ""},
        {"day": "tomorrow"},
        {"day": "0001-01-01"},
        {"day": "9999-12-31"},
        {"day": "2026-02-30"},
        {"day": "2030-01-01"},
        {"at": "25:00"},
        {"at": ""},
        {"modality": "telepathy"},
        {"modality": ""},
    ],
)
def test_a_bad_form_is_shown_again(monday, as_user, ada, robin, change):
    response = as_user(ada).post(URL, GIVEN | change)
    assert response.status_code == 422
    assert response.context["form"].data.get("email") == (GIVEN | change)["email"]
    assert 'value="K-7"' in response.content.decode() or "code" in change
    assert Client.objects.get() == robin
    assert not TherapySession.objects.exists()


def test_extra_fields_change_nothing(monday, as_user, ada, ben):
    as_user(ada).post(URL, GIVEN | {"clinician": ben.pk, "id": "1", "external_key": "x", "by": ben.pk})
    assert not Client.objects.visible_to(ben).exists()
    assert Client.objects.get().external_key is None


def test_two_values_for_one_field_are_no_error(monday, as_user, ada):
    as_user(ada).post(URL, GIVEN | {"code": ["K-7", "K-8"]})
    assert Client.objects.get().code == "K-8"


def test_an_admins_client_waits_for_its_clinician(as_user, adam, ada):
    as_user(adam).post(reverse("new_client_code"), {"code": "K-9", "clinician": ada.pk})
    assert Client.objects.editable_by(ada).get().code == "K-9"
    assert Episode.objects.get().started_on == timezone.localdate()
    ClientFactory(clinician=ada)
    assert "K-9" in as_user(ada).get("/clients/").content.decode()
