"""The weekly pattern plans eight weeks ahead, tops itself up, and keeps its hour when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from clients.actions import plan_sessions, set_pattern, top_up_plans
from clients.models import Assignment, Attendance, Episode
from tests.factories import SessionFactory

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
MONDAY, TUESDAY = 0, 1


@pytest.fixture(autouse=True)
def in_london(monday):
    with timezone.override(ZoneInfo("Europe/London")):
        yield


@pytest.fixture
def episode(robin):
    return robin.episodes.get()


@pytest.fixture
def since_january(episode):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    Episode.objects.update(started_on=start.date())
    Assignment.objects.update(starts_at=start)


def weekly(episode, weekday=MONDAY, at=time(15), modality="in_person"):
    set_pattern(episode, weekday=weekday, weekly_at=at, modality=modality, by=episode.assignments.get().clinician)
    episode.refresh_from_db()


def planned(episode):
    return list(episode.sessions.filter(voided_at=None).order_by("starts_at").values_list("starts_at", flat=True))


def local_starts(episode):
    return [timezone.localtime(start) for start in planned(episode)]


def test_a_pattern_plans_the_next_eight_weeks(monday, episode, ada, trail):
    weekly(episode, TUESDAY, modality="video")
    first = datetime(2026, 11, 24, 15, tzinfo=UTC)
    assert planned(episode) == [first + week * WEEK for week in range(8)]
    assert set(episode.sessions.values_list("clinician", "modality", "from_pattern")) == {(ada.pk, "video", True)}
    assert episode.planned_until == date(2027, 1, 18)
    assert trail() == ["pattern.changed"]


def test_todays_session_stays_when_the_pattern_is_saved_again(monday, episode):
    with time_machine.travel(monday - WEEK, tick=False):
        weekly(episode)
    assert planned(episode)[0] == monday.replace(hour=15)
    weekly(episode, modality="video")
    assert planned(episode)[0] == monday.replace(hour=15)


def test_topping_up_adds_what_is_missing_and_nothing_twice(monday, episode):
    weekly(episode)
    today = timezone.localdate()
    assert top_up_plans(today) == 0
    assert top_up_plans(today + 3 * WEEK) == 3
    assert top_up_plans(today + 3 * WEEK) == 0
    assert planned(episode) == [monday.replace(hour=15) + week * WEEK for week in range(1, 12)]


def test_topping_up_after_a_long_pause_leaves_no_hole(monday, episode):
    weekly(episode)
    assert top_up_plans(timezone.localdate() + 20 * WEEK) == 20
    assert len(planned(episode)) == 28


def test_a_session_that_was_moved_voided_or_cancelled_is_not_planned_again(monday, episode):
    weekly(episode)
    moved, voided, cancelled = episode.sessions.order_by("starts_at")[:3]
    episode.sessions.filter(pk=moved.pk).update(starts_at=moved.starts_at + timedelta(days=1))
    episode.sessions.filter(pk=voided.pk).update(voided_at=monday, voided_reason="Holiday")
    episode.sessions.filter(pk=cancelled.pk).update(attendance=Attendance.CANCELLED)
    assert top_up_plans(timezone.localdate()) == 0
    assert episode.sessions.count() == 8


def test_a_change_replaces_the_plans_still_to_come_and_nothing_else(monday, episode, ada):
    weekly(episode)
    ahead = episode.sessions.order_by("starts_at")
    drafted, cancelled = ahead[0], ahead[1]
    drafted.drafts.create(user=ada, answers="{}")
    episode.sessions.filter(pk=cancelled.pk).update(attendance=Attendance.CANCELLED)
    by_hand = SessionFactory(client=episode.client, starts_at=monday + timedelta(days=2))
    past = SessionFactory(client=episode.client, from_pattern=True)
    weekly(episode, TUESDAY, time(9))
    kept = set(episode.sessions.exclude(starts_at__week_day=3))
    assert kept == {drafted, cancelled, by_hand, past}
    assert episode.sessions.filter(starts_at__week_day=3).count() == 8


def test_a_pattern_can_be_stopped(episode, ada):
    weekly(episode)
    set_pattern(episode, weekday=None, weekly_at=None, modality="phone", by=ada)
    episode.refresh_from_db()
    assert (episode.weekday, episode.weekly_at, episode.modality) == (None, None, "phone")
    assert planned(episode) == []
    assert top_up_plans(timezone.localdate()) == 0


def test_a_closed_therapy_has_no_pattern(episode, ada):
    weekly(episode)
    Episode.objects.update(ended_on=timezone.localdate(), ending="planned")
    with pytest.raises(ValidationError, match="has ended"):
        weekly(episode)
    assert top_up_plans(timezone.localdate() + WEEK) == 0


def test_a_therapy_that_begins_later_is_planned_from_its_beginning(episode):
    Episode.objects.update(started_on=date(2026, 12, 9))
    weekly(episode)
    assert local_starts(episode)[0].date() == date(2026, 12, 14)


@pytest.mark.parametrize(
    ("now", "weekday", "change"),
    [
        (datetime(2026, 3, 10, 12, tzinfo=UTC), 6, date(2026, 3, 29)),
        (datetime(2026, 10, 6, 12, tzinfo=UTC), 6, date(2026, 10, 25)),
    ],
)
def test_the_hour_stays_the_same_when_the_clocks_change(since_january, episode, now, weekday, change):
    Episode.objects.update(started_on=date(2026, 1, 1))
    with time_machine.travel(now, tick=False):
        weekly(episode, weekday, time(9, 30))
    starts = local_starts(episode)
    assert change in {start.date() for start in starts}
    assert {(start.weekday(), start.hour, start.minute) for start in starts} == {(weekday, 9, 30)}
    assert len({start.utcoffset() for start in starts}) == 2


def test_an_hour_that_the_clock_skips_is_planned_all_the_same(since_january, episode):
    with time_machine.travel(datetime(2026, 3, 10, 12, tzinfo=UTC), tick=False):
        weekly(episode, 6, time(1, 30))
    assert len(planned(episode)) == 8


def test_a_leap_day_is_a_day_like_any_other(episode):
    with time_machine.travel(datetime(2028, 2, 14, 12, tzinfo=UTC), tick=False):
        weekly(episode, TUESDAY)
    assert date(2028, 2, 29) in {start.date() for start in local_starts(episode)}


def test_planning_keeps_clear_of_a_session_at_that_very_time(monday, episode):
    by_hand = SessionFactory(client=episode.client, starts_at=monday.replace(hour=15) + WEEK)
    weekly(episode)
    assert planned(episode).count(by_hand.starts_at) == 1
    assert plan_sessions(episode, timezone.localdate()) == 0
