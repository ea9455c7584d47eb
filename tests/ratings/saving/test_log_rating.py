"""Saving a rating: one transaction that writes the rating, its version, the standing and the audit event."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from uuid_utils.compat import uuid7

from alliance_tracker.audit.models import AuditEvent
from clients.models import Attendance, NotRated
from ratings.models import Rater, Rating, RatingVersion, Standing
from ratings.saving import actions
from ratings.saving.actions import form_opened_at, log_rating
from tests.factories import SessionFactory, UserFactory, answers, rate

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def log(session, **given):
    return log_rating(session, answers(**given), rater=Rater.CLINICIAN, by=session.clinician)


def nothing_is_written():
    return not (Rating.objects.exists() or RatingVersion.objects.exists() or Standing.objects.exists())


def test_a_rating_is_stored_as_it_was_answered(monday, yesterday, ada):
    given = answers(6, bond=None, strain="slight", strain_discussed="partly", discussed="not_yet", note="A long pause.")
    rating = log_rating(yesterday, given, rater=Rater.CLINICIAN, by=ada)
    rating.refresh_from_db()
    assert rating.items == answers(6, bond=None)
    assert (rating.strain, rating.strain_discussed, rating.discussed) == ("slight", "partly", "not_yet")
    assert (rating.note, rating.author, rating.rater, rating.channel) == ("A long pause.", ada, "clinician", "web")
    assert (rating.version, rating.saved_at, rating.opens_at) == (1, timezone.now(), None)


def test_its_version_holds_the_same_state(yesterday, ada):
    rating = log(yesterday, note="As it was.")
    version = rating.versions.get()
    assert version.items == rating.items
    assert (version.version, version.saved_by, version.note) == (1, ada, "As it was.")
    assert version.saved_at == rating.saved_at


def test_the_session_was_held_then(yesterday):
    yesterday.not_rated_reason = NotRated.NOT_SUITABLE
    yesterday.save()
    log(yesterday)
    yesterday.refresh_from_db()
    assert (yesterday.attendance, yesterday.not_rated_reason) == (Attendance.ATTENDED, "")


def test_the_event_names_the_rating_and_the_client_and_holds_no_value(yesterday, ada, trail):
    rating = log(yesterday, note="Canary")
    event = AuditEvent.objects.get()
    assert trail() == ["rating.logged"]
    assert (event.actor_id, event.target_type, event.target_id) == (ada.pk, "rating", rating.pk)
    assert (event.client_id, event.reason) == (yesterday.episode.client_id, "")


def test_the_standing_is_that_of_the_new_rating(yesterday):
    log(yesterday)
    standing = Standing.objects.get()
    assert standing.episode_id == yesterday.episode_id
    assert standing.clinician["scores"]["overall"] == 5
    assert standing.last_rated_at == yesterday.starts_at


def test_the_weekly_pattern_is_topped_up(yesterday):
    episode = yesterday.episode
    episode.weekday, episode.weekly_at = 0, timezone.now().time()
    episode.save()
    log(yesterday)
    assert episode.sessions.filter(from_pattern=True).count() == 8


@pytest.mark.parametrize("attendance", [Attendance.MISSED, Attendance.CANCELLED])
def test_a_session_that_did_not_take_place_is_not_rated(robin, attendance):
    with pytest.raises(ValidationError, match="did not take place"):
        log(SessionFactory(client=robin, attendance=attendance))
    assert nothing_is_written()


def test_a_voided_session_is_not_rated(robin):
    with pytest.raises(ValidationError, match="did not take place"):
        log(SessionFactory(client=robin, voided_at=timezone.now(), voided_reason="Twice"))
    assert nothing_is_written()


def test_a_session_marked_missed_meanwhile_is_not_rated(yesterday):
    type(yesterday).objects.update(attendance=Attendance.MISSED)
    with pytest.raises(ValidationError):
        log(yesterday)


@pytest.mark.parametrize(("hours", "allowed"), [(13, True), (15, False)])
def test_a_session_is_rated_from_its_own_day_on(monday, robin, hours, allowed):
    session = SessionFactory(client=robin, starts_at=monday + hours * HOUR)
    if allowed:
        assert log(session).session == session
    else:
        with pytest.raises(ValidationError, match="still to come"):
            log(session)
        assert nothing_is_written()


def test_at_least_one_row_is_rated(yesterday):
    with pytest.raises(ValidationError, match="at least one row"):
        log_rating(yesterday, answers(None, note="Nothing"), rater=Rater.CLINICIAN, by=yesterday.clinician)
    assert nothing_is_written()


def test_a_form_that_changes_a_rating_that_is_not_there_is_out_of_date(yesterday, ada):
    with pytest.raises(ValidationError, match="out of date"):
        log_rating(yesterday, answers(), rater=Rater.CLINICIAN, by=ada, version=1)
    assert nothing_is_written()


@pytest.mark.parametrize("part", ["refresh_standing", "record", "settle_session"])
def test_a_failure_anywhere_leaves_nothing_half_written(yesterday, monkeypatch, part):
    def fail(*_, **__):
        raise IntegrityError(part)

    monkeypatch.setattr(actions, part, fail)
    with pytest.raises(IntegrityError, match=part):
        log(yesterday)
    assert nothing_is_written()
    yesterday.refresh_from_db()
    assert yesterday.attendance == Attendance.PLANNED


def test_both_raters_rate_a_session_once_each(yesterday):
    ours, theirs = log(yesterday), rate(yesterday, 6, rater=Rater.CLIENT)
    assert set(yesterday.ratings.all()) == {ours, theirs}
    assert (theirs.author, theirs.saved_at) == (None, theirs.opens_at)


def test_an_earlier_session_rated_afterwards_takes_its_own_place(monday, robin):
    log(SessionFactory(client=robin, starts_at=monday - 24 * HOUR), note="second")
    log_rating(
        SessionFactory(client=robin, starts_at=monday - 48 * HOUR),
        answers(3),
        rater=Rater.CLINICIAN,
        by=robin.episodes.get().assignments.get().clinician,
    )
    standing = Standing.objects.get()
    assert standing.clinician["recent"] == [3, 5]
    assert standing.last_rated_at == monday - 24 * HOUR


@pytest.mark.parametrize(("days", "believed"), [(0, True), (13, True), (15, False), (-1, False)])
def test_the_key_of_the_form_says_when_it_was_opened(days, believed):
    key, now = uuid7(), timezone.now() + timedelta(days=days)
    opened = form_opened_at(key, now)
    assert (opened is not None) is believed
    if believed:
        assert abs(opened - timezone.now()) < timedelta(minutes=1)


def test_a_key_of_another_kind_says_nothing():
    assert form_opened_at(uuid4(), timezone.now()) is None
    assert form_opened_at(None, timezone.now()) is None


def test_each_observer_has_a_rating_of_their_own(yesterday, sue):
    other = UserFactory(is_clinician=False, is_supervisor=True)
    for by, score in ((sue, 4), (other, 6)):
        rate(yesterday, score, rater=Rater.OBSERVER, by=by)
    found = {by: Rating.objects.given(yesterday, Rater.OBSERVER, by).goals for by in (sue, other)}
    assert found == {sue: 4, other: 6}
