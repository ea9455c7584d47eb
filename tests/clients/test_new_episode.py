import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Episode
from tests.doors import check_doors

pytestmark = pytest.mark.django_db
GIVEN = {"day": "2026-11-23", "at": "15:00", "modality": "in_person"}


@pytest.fixture
def url(robin):
    return reverse("new_episode", args=[robin.pk])


@pytest.fixture
def closed(monday, robin):
    Episode.objects.update(ended_on=timezone.localdate(), ending="planned")
    return robin.episodes.get()


def test_doors(robin, ada, ben, sue, adam):
    check_doors("new_episode", robin.pk, opens_to=[ada], not_to=[ben, sue, adam])


def test_a_client_who_comes_back_begins_anew(as_user, ada, robin, url, closed):
    response = as_user(ada).post(url, GIVEN | {"weekly": "on"})
    assert response.url == reverse("client", args=[robin.pk])
    new = robin.episodes.open().get()
    assert new.started_on == timezone.localdate()
    assert new.sessions.count() == 9
    page = as_user(ada).get(response.url).content.decode()
    assert f"?episode={closed.pk}" in page
    assert f"?episode={new.pk}" in page


def test_beside_an_open_therapy_it_is_refused(monday, as_user, ada, url):
    response = as_user(ada).post(url, GIVEN)
    assert response.status_code == 422
    assert "open therapy already" in response.content.decode()
    assert Episode.objects.count() == 1


@pytest.mark.parametrize(
    "change", [{"day": "2026-11-01"}, {"day": ""}, {"at": "x"}, {"modality": ""}, {"day": "2028-01-01"}]
)
def test_a_bad_form_is_shown_again(as_user, ada, url, closed, change):
    typed = GIVEN | change
    response = as_user(ada).post(url, typed)
    assert response.status_code == 422
    assert response.context["form"]["at"].value() == typed["at"]
    assert Episode.objects.get() == closed
