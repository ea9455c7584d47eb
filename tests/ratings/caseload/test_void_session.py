import pytest
from django.urls import reverse

from clients.models import TherapySession
from tests.doors import check_doors
from tests.factories import rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(yesterday):
    return reverse("void_session", args=[yesterday.pk])


def test_doors(yesterday, ada, ben, sue, adam):
    check_doors("void_session", yesterday.pk, opens_to=[ada], not_to=[ben, sue, adam])


def test_a_session_added_by_mistake_is_taken_out(as_user, ada, robin, yesterday, url):
    response = as_user(ada).post(url, {"reason": "Entered twice"})
    assert response.url == reverse("client", args=[robin.pk])
    assert TherapySession.objects.get().voided_reason == "Entered twice"
    assert str(yesterday.pk) not in as_user(ada).get("/").content.decode()
    assert as_user(ada).get(url).status_code == 404


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301, "\x00"])
def test_it_needs_a_reason(as_user, ada, url, reason):
    response = as_user(ada).post(url, {"reason": reason})
    assert response.status_code == 422
    assert response.context["form"]["reason"].value() == reason
    assert TherapySession.objects.get().voided_at is None


def test_a_rated_session_stays(as_user, ada, yesterday, url):
    rate(yesterday)
    response = as_user(ada).post(url, {"reason": "Entered twice"})
    assert response.status_code == 422
    assert "has a rating" in response.content.decode()
    assert response.context["form"]["reason"].value() == "Entered twice"
