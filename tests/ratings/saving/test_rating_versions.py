"""Every version of a rating, and the one that stood at a moment."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from ratings.models import Rater
from ratings.saving.corrections import correct_rating
from tests.doors import check_doors
from tests.factories import answers, rate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("service")]


@pytest.fixture
def rating(monday, ada, yesterday):
    """Saved at ten on Monday, corrected an hour later."""
    rating = rate(yesterday, 5, note="First words")
    with time_machine.travel(monday + timedelta(hours=1), tick=False):
        return correct_rating(rating, answers(6, bond=None), reason="A wrong row", by=ada, version=1)


@pytest.fixture
def url(rating):
    return reverse("rating_versions", args=[rating.pk])


def test_doors(rating, ada, sue, ben, adam):
    check_doors("rating_versions", rating.pk, opens_to=[ada, sue], not_to=[ben, adam], methods="get head")


def test_each_version_is_a_column_with_who_when_and_why(as_user, sue, url, trail):
    page = as_user(sue).get(url)
    rows = dict(page.context["history"].rows)
    assert (rows["Goals"], rows["Bond"], rows["Note"]) == (["5", "6"], ["5", "not observed"], ["First words", "–"])  # noqa: RUF001
    text = page.content.decode()
    assert all(words in text for words in ("A wrong row", "Ada Osei", "23 Nov 2026, 10:00", "23 Nov 2026, 11:00"))
    assert trail()[-1] == "client.viewed"


@pytest.mark.parametrize(
    ("at", "version"), [("09:59:59", None), ("10:00", 1), ("10:59:59", 1), ("11:00", 2), ("23:00", 2)]
)
def test_the_version_of_any_moment(as_user, ada, url, at, version):
    stood = as_user(ada).get(url, {"at": f"2026-11-23T{at}"}).context["history"].stood
    assert (stood and stood.version) == version


@pytest.mark.parametrize("at", ["", "yesterday", "2026-13-40T99:99", "\x00", "2026-11-23T10:00" * 99])
def test_a_moment_that_is_none_is_ignored(as_user, ada, url, at):
    page = as_user(ada).get(url, {"at": at})
    assert (page.status_code, page.context["history"].at) == (200, None)


def test_a_clients_hidden_rating_has_no_versions_page(monday, as_user, ada, yesterday):
    hidden = rate(yesterday, 2, rater=Rater.CLIENT)
    url = reverse("rating_versions", args=[hidden.pk])
    assert as_user(ada).get(url).status_code == 404
    rate(yesterday, 5)
    assert as_user(ada).get(url).status_code == 200
