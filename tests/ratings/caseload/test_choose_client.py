import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Episode
from tests.doors import check_doors_of_role
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db
URL = "/sessions/new/"


def test_doors(ada, sue, adam):
    check_doors_of_role("choose_client", opens_to=[ada], not_to=[sue, adam])


def test_ones_own_open_clients_are_offered(as_user, ada, ben, robin):
    closed = ClientFactory(code="C-1", clinician=ada)
    Episode.objects.filter(client=closed).update(ended_on=timezone.localdate(), ending="planned")
    ClientFactory(code="B-1", clinician=ben)
    page = as_user(ada).get(URL)
    assert [row.client for row in page.context["rows"]] == [robin]
    assert reverse("new_session", args=[robin.pk]) in page.content.decode()


def test_without_clients_it_says_what_to_do(as_user, ada):
    assert reverse("new_client") in as_user(ada).get(URL).content.decode()
