import pytest
from django.urls import reverse

from clients.models import Client
from tests.doors import check_doors
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(robin):
    return reverse("edit_client", args=[robin.pk])


def test_doors(robin, ada, ben, sue, adam):
    check_doors("edit_client", robin.pk, opens_to=[ada], not_to=[ben, sue, adam])


def test_code_name_and_e_mail_are_changed(as_user, ada, robin, url, trail):
    response = as_user(ada).post(url, {"code": "R/2", "name": "Robin B.", "email": "robin@example.org"})
    assert response.url == reverse("client", args=[robin.pk])
    robin.refresh_from_db()
    assert (robin.code, robin.name, robin.email) == ("R/2", "Robin B.", "robin@example.org")
    assert trail() == ["client.updated"]


def test_looking_at_the_form_is_in_the_trail(as_user, ada, url, trail):
    page = as_user(ada).get(url).content.decode()
    assert 'value="Robin A."' in page
    assert trail() == ["client.viewed"]


@pytest.mark.parametrize(
    "change", [{"code": ""}, {"code": "k-7"}, {"code": "no spaces"}, {"email": "@"}, {"name": "\x00"}]
)
def test_a_bad_form_is_shown_again(as_user, ada, url, change):
    ClientFactory(code="K-7", clinician=ada)
    typed = {"code": "R-1", "name": "Robin typed", "email": "typed@example.org"} | change
    response = as_user(ada).post(url, typed)
    assert response.status_code == 422
    assert response.context["form"]["name"].value() == typed["name"]
    assert Client.objects.get(code="R-1").name == "Robin A."


def test_what_is_shown_is_escaped(as_user, ada, robin, url):
    as_user(ada).post(url, {"code": "R-1", "name": "<script>alert(1)</script>", "email": ""})
    for page in (url, reverse("client", args=[robin.pk]), "/", "/clients/"):
        assert "<script>alert" not in as_user(ada).get(page).content.decode()
