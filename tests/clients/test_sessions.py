"""Held, numbered, due, late: rules 1, 2 and 9, on the nights when the clock changes too."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from clients.models import Attendance, TherapySession
from tests.factories import SessionFactory

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def in_london(monday):
    with timezone.override(LONDON):
        yield


def at(*moment):
    return datetime(*moment, tzinfo=UTC)


def numbers(client):
    sessions = TherapySession.objects.filter(episode__client=client).counting().numbered().order_by("starts_at")
    return [session.number for session in sessions]


def test_past_sessions_that_were_not_missed_cancelled_or_voided_were_held(monday, robin):
    held = [SessionFactory(client=robin, attendance=attendance) for attendance in ("planned", "attended")]
    held.append(SessionFactory(client=robin, starts_at=monday))
    for attendance in ("missed", "cancelled"):
        SessionFactory(client=robin, attendance=attendance)
    SessionFactory(client=robin, voided_at=monday, voided_reason="Twice")
    SessionFactory(client=robin, starts_at=monday + timedelta(seconds=1))
    assert set(TherapySession.objects.held(monday)) == set(held)
    assert [session.counts for session in TherapySession.objects.held(monday)] == [True] * 3


def test_the_number_is_the_order_by_start_among_the_sessions_that_count(monday, robin):
    third = SessionFactory(client=robin, starts_at=monday)
    first = SessionFactory(client=robin, starts_at=monday - 3 * WEEK)
    missed = SessionFactory(client=robin, starts_at=monday - 2 * WEEK, attendance=Attendance.MISSED)
    second = SessionFactory(client=robin, starts_at=monday - WEEK)
    SessionFactory(starts_at=monday - 4 * WEEK)
    found = {session.pk: session.number for session in TherapySession.objects.numbered()}
    assert [found[session.pk] for session in (first, second, third)] == [1, 2, 3]
    TherapySession.objects.filter(pk=missed.pk).update(attendance=Attendance.PLANNED)
    assert numbers(robin) == [1, 2, 3, 4]


def test_voiding_a_session_moves_the_later_numbers_up(monday, robin):
    sessions = [SessionFactory(client=robin, starts_at=monday - n * WEEK) for n in range(3)]
    TherapySession.objects.filter(pk=sessions[2].pk).update(voided_at=monday, voided_reason="Twice")
    assert numbers(robin) == [1, 2]


def test_each_episode_counts_its_own_sessions(monday, robin):
    SessionFactory(client=robin, starts_at=monday - WEEK)
    SessionFactory(starts_at=monday)
    assert set(TherapySession.objects.numbered().values_list("number", flat=True)) == {1}


@pytest.mark.parametrize(
    ("now", "starts_at", "due"),
    [
        (at(2026, 11, 23, 10), at(2026, 11, 23, 10), True),
        (at(2026, 11, 23, 10), at(2026, 11, 23, 23, 59), True),
        (at(2026, 11, 23, 10), at(2026, 11, 24, 0, 0), False),
        # 23:30 UTC is already tomorrow, half past midnight, in British Summer Time.
        (at(2026, 7, 6, 23, 30), at(2026, 7, 7, 9), True),
        (at(2026, 7, 6, 22, 30), at(2026, 7, 7, 9), False),
        (at(2026, 7, 6, 22, 30), at(2026, 7, 6, 23, 30), False),
        # The nights of the changes: 29 March has 23 hours, 25 October has 25.
        (at(2026, 3, 29, 0, 30), at(2026, 3, 29, 22, 59), True),
        (at(2026, 3, 29, 0, 30), at(2026, 3, 29, 23, 0), False),
        (at(2026, 10, 24, 23, 30), at(2026, 10, 25, 23, 59), True),
        (at(2026, 10, 24, 22, 30), at(2026, 10, 24, 23, 30), False),
        (at(2028, 2, 29, 10), at(2028, 2, 29, 18), True),
        (at(2028, 2, 28, 10), at(2028, 2, 29, 9), False),
    ],
)
def test_a_session_is_due_on_its_own_local_day(now, starts_at, due):
    assert TherapySession(starts_at=starts_at).is_due(now) is due


@pytest.mark.parametrize(
    ("starts_at", "day"),
    [
        (at(2026, 7, 6, 23, 30), date(2026, 7, 7)),
        (at(2026, 12, 6, 23, 30), date(2026, 12, 6)),
        (at(2026, 10, 25, 0, 30), date(2026, 10, 25)),
        (at(2028, 2, 29, 23, 30), date(2028, 2, 29)),
    ],
)
def test_the_day_of_a_session_is_the_local_one(starts_at, day):
    assert TherapySession(starts_at=starts_at).day == day


@pytest.mark.parametrize(("hours", "late"), [(72, False), (72.01, True), (1, False)])
def test_a_rating_is_late_after_72_hours_also_across_a_change_of_the_clock(hours, late):
    start = datetime(2026, 10, 23, 10, tzinfo=LONDON)
    saved = start.astimezone(UTC) + timedelta(hours=hours)
    assert TherapySession(starts_at=start).is_late(saved) is late


def test_only_untouched_sessions_to_come_are_plans(monday, robin, ada):
    plan = SessionFactory(client=robin, starts_at=monday + WEEK)
    SessionFactory(client=robin, starts_at=monday + 2 * WEEK, attendance=Attendance.CANCELLED)
    SessionFactory(client=robin, starts_at=monday + 3 * WEEK).drafts.create(user=ada, answers="{}")
    SessionFactory(client=robin, starts_at=monday)
    assert list(TherapySession.objects.plans(after=monday)) == [plan]
