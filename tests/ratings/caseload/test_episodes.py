"""The end of a therapy and its reopening."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from clients.actions import set_pattern, start_episode
from clients.models import Attendance, Client, Episode
from ratings.caseload.episodes import end_episode, reopen_episode
from tests.factories import SessionFactory, rate

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def episode(robin):
    return robin.episodes.get()


def end(episode, ada, *, days_ago=0, ending="planned"):
    end_episode(episode, ended_on=timezone.localdate() - days_ago * DAY, ending=ending, by=ada)
    episode.refresh_from_db()


def test_a_therapy_ends_with_its_day_and_its_reason(episode, ada, trail):
    end(episode, ada, days_ago=2, ending="unplanned")
    assert (episode.ended_on, episode.ending) == (timezone.localdate() - 2 * DAY, "unplanned")
    assert not episode.is_open
    assert trail() == ["episode.ended"]


def test_the_record_stays_with_its_clinician_and_their_supervisor(episode, ada, sue, yesterday):
    rate(yesterday)
    end(episode, ada)
    assert Client.objects.editable_by(ada).get() == episode.client
    assert Client.objects.visible_to(sue).get() == episode.client


def test_plans_go_and_what_happened_stays(monday, episode, robin, ada):
    set_pattern(episode, weekday=1, weekly_at=time(9), modality="video", by=ada)
    past, cancelled = (
        SessionFactory(client=robin),
        SessionFactory(client=robin, starts_at=monday + DAY, attendance="cancelled"),
    )
    today = SessionFactory(client=robin, starts_at=monday + timedelta(hours=6))
    end(episode, ada)
    assert set(episode.sessions.all()) == {past, today, cancelled}
    assert (episode.weekday, episode.weekly_at) == (None, None)


def test_a_plan_with_a_draft_goes_too(monday, episode, robin, ada):
    SessionFactory(client=robin, starts_at=monday + DAY).drafts.create(user=ada, answers="{}")
    end(episode, ada)
    assert not episode.sessions.counting().filter(starts_at__gt=monday).exists()


@pytest.mark.parametrize("days_ago", [-1, 101])
def test_the_last_day_lies_between_the_first_one_and_today(episode, ada, days_ago):
    with pytest.raises(ValidationError, match="to today"):
        end(episode, ada, days_ago=days_ago)
    assert Episode.objects.get().is_open


def test_a_therapy_may_end_on_the_day_it_began(ada, robin):
    Episode.objects.update(started_on=timezone.localdate())
    end(robin.episodes.get(), ada)


def test_no_session_was_held_after_the_end(episode, yesterday, ada):
    with pytest.raises(ValidationError, match="after that day"):
        end(episode, ada, days_ago=2)
    type(yesterday).objects.update(attendance=Attendance.MISSED)
    end(episode, ada, days_ago=2)


def test_the_last_day_is_a_whole_local_day(episode, robin, ada):
    with (
        time_machine.travel(datetime(2026, 7, 8, 10, tzinfo=UTC), tick=False),
        timezone.override(ZoneInfo("Europe/London")),
    ):
        Episode.objects.update(started_on=timezone.localdate() - 30 * DAY)
        episode.assignments.update(starts_at=timezone.now() - 30 * DAY)
        SessionFactory(client=robin, starts_at=datetime(2026, 7, 6, 22, 30, tzinfo=UTC))
        end(episode, ada, days_ago=2)
        reopen_episode(episode, by=ada)
        SessionFactory(client=robin, starts_at=datetime(2026, 7, 6, 23, 30, tzinfo=UTC))
        with pytest.raises(ValidationError, match="after that day"):
            end(episode, ada, days_ago=2)


def test_a_therapy_is_opened_again(episode, ada, trail):
    end(episode, ada)
    reopen_episode(episode, by=ada)
    episode.refresh_from_db()
    assert (episode.ended_on, episode.ending) == (None, "")
    assert trail()[-1] == "episode.reopened"


def test_an_open_one_is_not_opened_again(episode, ada):
    with pytest.raises(ValidationError, match="open therapy already"):
        reopen_episode(episode, by=ada)


def test_an_old_one_is_not_opened_beside_a_new_one(episode, robin, ada):
    end(episode, ada)
    start_episode(robin, clinician=ada, by=ada)
    with pytest.raises(ValidationError, match="open therapy already"):
        reopen_episode(episode, by=ada)


def test_a_closed_therapy_is_not_ended_again(episode, ada):
    end(episode, ada, days_ago=2)
    with pytest.raises(ValidationError):
        end(episode, ada)
    episode.refresh_from_db()
    assert episode.ended_on == timezone.localdate() - 2 * DAY
