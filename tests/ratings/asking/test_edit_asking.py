"""The plan of an episode: when its client is asked."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from clients.models import Episode
from ratings.asking.invitations import set_asking_plan
from ratings.caseload.episodes import end_episode
from tests.doors import check_doors

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(robin, service):
    return reverse("edit_asking", args=[robin.pk])


@pytest.fixture
def browser(as_user, ada):
    return as_user(ada)


def test_doors(robin, ada, ben, sue, adam):
    check_doors("edit_asking", robin.pk, opens_to=[ada], not_to=[ben, sue, adam])


@pytest.mark.parametrize(("sent", "every"), [("0", None), ("1", 1), ("3", 3), ("12", 12)])
def test_every_session_every_nth_or_by_hand(browser, url, trail, sent, every):
    Episode.objects.update(ask_every=2)
    response = browser.post(url, {"every": sent})
    assert response.url == reverse("client", args=[Episode.objects.get().client_id])
    assert Episode.objects.get().ask_every == every
    assert trail()[-1] == "asking.changed"
    assert f'value="{sent}" selected' in browser.get(url).content.decode()


@pytest.mark.parametrize("sent", ["", "13", "-1", "two", "\x00"])
def test_what_is_no_plan_is_refused_and_nothing_changes(browser, url, trail, sent):
    Episode.objects.update(ask_every=2)
    assert browser.post(url, {"every": sent}).status_code == 422
    assert Episode.objects.get().ask_every == 2
    assert "asking.changed" not in trail()


def test_by_hand_is_what_a_therapy_begins_with(browser, url):
    assert 'value="0" selected' in browser.get(url).content.decode()


def test_an_ended_therapy_has_no_plan(browser, url, robin, ada):
    end_episode(robin.episodes.get(), ended_on=timezone.localdate(), ending="planned", by=ada)
    assert browser.get(url).status_code == 404
    with pytest.raises(ValidationError, match="This therapy has ended"):
        set_asking_plan(robin.episodes.get(), every=1, by=ada)


def test_it_says_that_the_client_has_stopped_invitations_and_cannot_change_that(browser, url, robin):
    robin.invitations_stopped_at = timezone.now() - timedelta(days=3)
    robin.save()
    assert "Invitations stopped by the client on" in browser.get(url).content.decode()
    browser.post(url, {"every": "1", "invitations_stopped_at": ""})
    robin.refresh_from_db()
    assert robin.invitations_stopped_at is not None
