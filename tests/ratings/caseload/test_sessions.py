"""Missed, cancelled, not suitable, moved, added by mistake: each one undone in one step, each in the trail."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from clients.models import Attendance, NotRated, TherapySession
from ratings.caseload.sessions import move_session, set_attendance, set_not_suitable, void_session
from ratings.models import Rater, Standing
from tests.factories import SessionFactory, history, rate

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def held():
    return TherapySession.objects.held(timezone.now())


@pytest.mark.parametrize("attendance", [Attendance.MISSED, Attendance.CANCELLED])
def test_a_session_that_did_not_take_place_counts_again_when_undone(yesterday, ada, trail, attendance):
    set_attendance(yesterday, attendance, by=ada)
    assert not held().exists()
    set_attendance(yesterday, Attendance.PLANNED, by=ada)
    assert held().get() == yesterday
    assert trail() == ["session.attendance_changed"] * 2


def test_a_session_of_later_is_cancelled_but_not_missed(monday, robin, ada):
    tomorrow = SessionFactory(client=robin, starts_at=monday + DAY)
    with pytest.raises(ValidationError, match="still to come"):
        set_attendance(tomorrow, Attendance.MISSED, by=ada)
    set_attendance(tomorrow, Attendance.CANCELLED, by=ada)
    later_today = SessionFactory(client=robin, starts_at=monday + timedelta(hours=5))
    set_attendance(later_today, Attendance.MISSED, by=ada)
    assert later_today.attendance == Attendance.MISSED


def test_not_suitable_is_said_and_taken_back(yesterday, ada, trail):
    set_not_suitable(yesterday, suitable=False, by=ada)
    yesterday.refresh_from_db()
    assert yesterday.not_rated_reason == NotRated.NOT_SUITABLE
    assert held().get() == yesterday
    set_not_suitable(yesterday, suitable=True, by=ada)
    yesterday.refresh_from_db()
    assert yesterday.not_rated_reason == ""
    assert trail() == ["session.suitability_changed"] * 2


@pytest.mark.parametrize("rater", [Rater.CLINICIAN, Rater.CLIENT])
def test_a_rated_session_took_place(yesterday, ada, rater):
    rate(yesterday, rater=rater)
    for refused in (
        lambda: set_attendance(yesterday, Attendance.MISSED, by=ada),
        lambda: set_not_suitable(yesterday, suitable=False, by=ada),
        lambda: void_session(yesterday, reason="Twice", by=ada),
    ):
        with pytest.raises(ValidationError, match="has a rating"):
            refused()
    yesterday.refresh_from_db()
    assert (yesterday.attendance, yesterday.not_rated_reason, yesterday.voided_at) == ("attended", "", None)


def test_a_session_added_by_mistake_leaves_every_count_and_keeps_its_reason(yesterday, ada, trail):
    void_session(yesterday, reason="Entered for the wrong client", by=ada)
    yesterday.refresh_from_db()
    assert yesterday.voided_at
    assert yesterday.voided_reason == "Entered for the wrong client"
    assert not held().exists()
    assert trail() == ["session.voided"]


def test_the_reason_is_encrypted(yesterday, ada):
    void_session(yesterday, reason="Entered for the wrong client", by=ada)
    with connection.cursor() as cursor:
        cursor.execute("SELECT voided_reason FROM clients_therapysession")
        assert "wrong" not in cursor.fetchone()[0]


def test_a_session_is_moved(monday, yesterday, ada, trail):
    move_session(yesterday, starts_at=monday - 2 * DAY, modality="phone", by=ada)
    yesterday.refresh_from_db()
    assert (yesterday.starts_at, yesterday.modality) == (monday - 2 * DAY, "phone")
    assert trail() == ["session.moved"]


def test_a_rated_session_that_is_moved_takes_its_new_place_in_the_series(monday, robin, ada):
    first, second = history(robin, [3, 6])
    move_session(first, starts_at=second.starts_at + timedelta(hours=1), modality="video", by=ada)
    standing = Standing.objects.get()
    assert standing.clinician["recent"] == [6, 3]
    assert standing.last_rated_at == second.starts_at + timedelta(hours=1)


@pytest.mark.parametrize("days", [-101, 367])
def test_a_session_stays_inside_its_therapy(yesterday, ada, days):
    with pytest.raises(ValidationError):
        move_session(yesterday, starts_at=timezone.now() + days * DAY, modality="video", by=ada)


def test_a_rated_session_is_not_moved_to_another_day_to_come(monday, yesterday, ada):
    rate(yesterday)
    with pytest.raises(ValidationError, match="in the future"):
        move_session(yesterday, starts_at=monday + DAY, modality="video", by=ada)
    move_session(yesterday, starts_at=monday + timedelta(hours=3), modality="video", by=ada)


def test_an_unrated_session_may_be_put_off(monday, yesterday, ada):
    move_session(yesterday, starts_at=monday + DAY, modality="video", by=ada)
    assert not held().exists()


def test_a_session_keeps_its_time_or_takes_a_free_one(robin, yesterday, ada):
    other = SessionFactory(client=robin)
    with pytest.raises(ValidationError, match="at that time already"):
        move_session(yesterday, starts_at=other.starts_at, modality="video", by=ada)
    yesterday.refresh_from_db()
    move_session(yesterday, starts_at=yesterday.starts_at, modality="phone", by=ada)
