"""What a client disagrees with stands beside the record, in their words, and is not changed."""

import pytest
from django.urls import reverse

from clients.actions import hand_on
from ratings.models import Rectification
from tests.doors import check_doors

pytestmark = pytest.mark.django_db
WORDS = "On 3 May I was ten minutes late,\nnot absent. <b>I</b> said so."


@pytest.fixture
def noted(as_user, ada, robin):
    """Note what Robin disagrees with, as Ada."""
    return lambda text: as_user(ada).post(reverse("add_rectification", args=[robin.pk]), {"text": text})


def test_doors(robin, ada, sue, ben, adam):
    check_doors("add_rectification", robin.pk, opens_to=[ada], not_to=[sue, ben, adam])


def test_it_is_noted_with_its_day_and_shown_to_whoever_may_see_the_client(monday, noted, as_user, sue, trail):
    address = noted(WORDS).url
    row = Rectification.objects.get()
    assert (row.client.code, row.text, row.added_by.name, row.added_at) == ("R-1", WORDS, "Ada Osei", monday)
    assert trail()[-1] == "rectification.added"
    for person in (row.added_by, sue):
        page = as_user(person).get(address).content.decode()
        assert "On 3 May I was ten minutes late,<br>not absent. &lt;b&gt;I&lt;/b&gt; said so." in page
        assert "23 November 2026, noted by Ada Osei" in page


def test_it_goes_with_the_client_to_the_next_clinician(noted, as_user, ben, adam, robin):
    noted(WORDS)
    hand_on(robin.episodes.get(), to=ben, by=adam)
    assert "ten minutes late" in as_user(ben).get(reverse("client", args=[robin.pk])).content.decode()


@pytest.mark.parametrize("text", ["", "  ", "x" * 4001, "\x00"])
def test_a_bad_note_is_shown_again_and_nothing_is_written(noted, text):
    page = noted(text)
    assert page.status_code == 422
    assert "There is a problem" in page.content.decode()
    assert not Rectification.objects.exists()
