"""Who looked at a clinician's clients: others only, one's present clients only."""

import pytest
from django.urls import reverse

from clients.actions import hand_on
from tests.accounts.doors import signed_in
from tests.doors import check_doors_of_role
from tests.factories import EmergencyAccessFactory

pytestmark = pytest.mark.django_db
URL = reverse("client_looks")


def looks(person) -> list[tuple[str, str, str]]:
    page = signed_in(person).get(URL).context["page"]
    return [(entry.who, entry.what, entry.about) for entry in page.entries]


def test_doors(ada, sue, adam):
    check_doors_of_role("client_looks", opens_to=[ada], not_to=[sue, adam])


def test_looks_and_exports_of_others_are_listed_and_ones_own_are_not(ada, ben, sue, robin, yesterday):
    EmergencyAccessFactory(client=robin, user=ben)
    for person in (ada, sue, ben):
        signed_in(person).get(reverse("client", args=[robin.pk]))
    signed_in(sue).get(reverse("ratings_csv", args=[robin.pk]))
    assert looks(ada) == [
        ("Sue Brandt", "Took ratings out as a file", "R-1"),
        ("Ben Lind", "Looked at a client's record", "R-1"),
        ("Sue Brandt", "Looked at a client's record", "R-1"),
    ]
    assert looks(ben) == []


def test_the_list_goes_with_the_client(ada, ben, sue, robin, adam):
    signed_in(sue).get(reverse("client", args=[robin.pk]))
    hand_on(robin.episodes.get(), to=ben, by=adam)
    assert looks(ada) == []
    assert [who for who, *_ in looks(ben)] == ["Sue Brandt"]


def test_an_unknown_place_in_the_list_shows_the_newest(ada, sue, robin):
    signed_in(sue).get(reverse("client", args=[robin.pk]))
    assert len(signed_in(ada).get(f"{URL}?before=nonsense").context["page"].entries) == 1
