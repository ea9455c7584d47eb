from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.actions import start_episode
from clients.models import Episode
from ratings.caseload.episodes import end_episode, reopen_episode
from ratings.models import Signal
from tests.doors import check_doors
from tests.factories import history

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(robin):
    return reverse("reopen_episode", args=[robin.pk])


@pytest.fixture
def closed(robin):
    Episode.objects.update(ended_on=timezone.localdate(), ending="planned")
    return robin.episodes.get()


@pytest.mark.usefixtures("closed")
def test_doors(robin, ada, ben, sue, adam):
    check_doors("reopen_episode", robin.pk, opens_to=[ada], not_to=[ben, sue, adam], methods="post")


def test_a_closed_therapy_goes_on(as_user, ada, closed, url, trail):
    assert as_user(ada).post(url).url == url.removesuffix("reopen/")
    assert Episode.objects.get().is_open
    assert trail() == ["episode.reopened"]


def test_with_an_open_one_it_is_refused_with_the_reason(as_user, ada, robin, closed, url):
    start_episode(robin, clinician=ada, by=ada)
    response = as_user(ada).post(url)
    assert response.status_code == 409
    assert "open therapy already" in response.content.decode()
    assert Episode.objects.open().count() == 1


def test_only_the_newest_one_is_reopened(as_user, ada, robin, closed, url):
    Episode.objects.update(ended_on=timezone.localdate() - timedelta(days=9))
    newer = start_episode(robin, clinician=ada, by=ada)
    Episode.objects.filter(pk=newer.pk).update(ended_on=timezone.localdate(), ending="planned")
    as_user(ada).post(url)
    assert Episode.objects.open().get() == newer


def test_what_the_ratings_say_stands_closed_while_the_therapy_is_over(ada, robin):
    history(robin, [5] * 5)
    episode = robin.episodes.get()
    end_episode(episode, ended_on=timezone.localdate(), ending="planned", by=ada)
    signal = Signal.objects.get(rule="little-information")
    assert not signal.is_open
    reopen_episode(episode, by=ada)
    signal.refresh_from_db()
    assert signal.is_open
