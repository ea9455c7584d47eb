import pytest
from django.test import Client as Browser
from django.urls import reverse
from uuid_utils.compat import uuid7

from ratings.models import Rating, RatingDraft
from tests.doors import check_doors

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(yesterday):
    return reverse("keep_typed", args=[yesterday.pk])


def test_doors(yesterday, ada, ben, sue, adam):
    check_doors("keep_typed", yesterday.pk, opens_to=[ada], not_to=[ben, sue, adam], methods="post")


def test_half_a_form_is_kept_and_comes_back(monday, as_user, ada, yesterday, url):
    response = as_user(ada).post(url, {"goals": "6", "note": "Half a", "idempotency_key": str(uuid7())})
    assert response.json() == {"kept_at": "10:00"}
    form = as_user(ada).get(reverse("rate", args=[yesterday.pk])).context["form"]
    assert (form.initial["goals"], form.initial["tasks"], form.initial["note"]) == ("6", "", "Half a")
    assert not Rating.objects.exists()


def test_the_key_and_the_version_of_the_form_are_not_part_of_it(as_user, ada, url):
    as_user(ada).post(url, {"goals": "6", "idempotency_key": str(uuid7()), "version": "3", "extra": "x"})
    assert not {"idempotency_key", "version", "extra"} & set(RatingDraft.objects.get().fields)


@pytest.mark.parametrize(
    "typed",
    [
        {"goals": "8"},
        {"goals": "x"},
        {"strain": "x"},
        {"note": "x" * 501},
        {"note": "\x00"},
        {"idempotency_key": "x"},
        {"version": "-1"},
    ],
)
def test_what_could_not_be_sent_is_not_kept(as_user, ada, url, typed):
    response = as_user(ada).post(url, typed)
    assert response.status_code == 422
    assert response.json()["error"]
    assert not RatingDraft.objects.exists()


def test_a_script_that_is_signed_out_is_told_so(url):
    response = Browser().post(url, {"goals": "6"}, headers={"accept": "application/json"})
    assert response.status_code == 401
    assert not RatingDraft.objects.exists()


def test_keeping_is_not_in_the_trail(as_user, ada, url, trail):
    as_user(ada).post(url, {"goals": "6"})
    assert trail() == []
