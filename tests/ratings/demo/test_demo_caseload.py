"""The invented caseload: lifelike, the same whenever it is loaded on one day, and written as the actions write."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db.models import Count, F, Q
from django.test import RequestFactory, TestCase, override_settings
from django.utils import timezone

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.models import AuditEvent
from clients.actions import top_up_plans
from clients.models import Attendance, Client, Ending, Episode, TherapySession
from ratings.analysis.scores import overall
from ratings.analysis.usual import usual_levels
from ratings.caseload.today import clinicians_day
from ratings.demo.actions import load_caseload
from ratings.demo.caseload import COURSES
from ratings.demo.diary import appointments, slots
from ratings.demo.people import MAYA, PASSWORD
from ratings.elements import ITEM_KEYS
from ratings.models import Rater, Rating, Rupture, Signal, Standing
from ratings.saving.actions import ANSWERS, content_hash, form_opened_at

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 23, 10, 58, tzinfo=LONDON)
A_WEEK = [date(2026, 11, 23) + timedelta(days=day) for day in range(7)]
AROUND_A_CLOCK_CHANGE = [date(2027, 3, 29), date(2026, 10, 25)]


@pytest.fixture(autouse=True)
def in_london():
    with timezone.override(LONDON):
        yield


@cache
def diaries(today: date) -> dict:
    return made(today)


def made(today: date) -> dict:
    return {course: appointments(course, slot, today) for course, slot in slots(today).items()}


def scores(course, side: str) -> list[float | None]:
    held = [each.visit for each in diaries(A_WEEK[0])[course] if each.visit and each.visit.attendance == "attended"]
    answers = [getattr(visit, side) for visit in held]
    return [overall({key: each[key] for key in ITEM_KEYS}) if each else None for each in answers]


def alarm_at(course, index: int) -> str | None:
    """The flag of the form that alarms at this session: the client's where it has a score."""
    clinician, client = (usual_levels(scores(course, side))[index] for side in ("clinician", "client"))
    return (client or clinician).flag


def course_of(name: str):
    return next(course for course in COURSES if course.name == name and course.is_open)


@pytest.mark.parametrize("today", A_WEEK + AROUND_A_CLOCK_CHANGE)
class TestTheDiaryOfAnyDay:
    def test_covers_nine_months_and_about_nine_hundred_sessions(self, today):
        past = [each.starts_at.date() for diary in diaries(today).values() for each in diary if each.visit]
        assert 850 <= len(past) <= 950
        assert today - timedelta(days=275) <= min(past)
        assert max(past) < today

    def test_gives_maya_three_sessions_today_and_three_still_to_rate(self, today):
        own = [each for course, diary in diaries(today).items() if course.clinician is MAYA for each in diary]
        assert [each.starts_at.time() for each in own if each.starts_at.date() == today] == [
            time(10),
            time(14),
            time(15, 30),
        ]
        waiting = [each for each in own if each.visit and each.visit.attendance == "attended" and not each.clinician_at]
        days = sorted((today - each.starts_at.date()).days for each in waiting if not each.visit.not_suitable)
        assert days[0] == days[1] <= 3 < days[2] <= 6

    def test_puts_no_two_sessions_of_a_clinician_at_one_time(self, today):
        booked = Counter(
            (course.before[0] if each.visit and each.visit.by_former else course.clinician, each.starts_at)
            for course, diary in diaries(today).items()
            for each in diary
        )
        assert max(booked.values()) == 1

    def test_keeps_to_working_hours(self, today):
        starts = [
            each.starts_at
            for course, diary in diaries(today).items()
            for each in diary
            if not (course.clinician is MAYA and today.weekday() > 4)
        ]
        assert all(start.weekday() < 5 and time(9) <= start.time() <= time(17, 30) for start in starts)

    def test_saves_every_rating_after_its_session_began_and_before_today(self, today):
        midnight = datetime.combine(today, time(), LONDON)
        for diary in diaries(today).values():
            for each in diary:
                saved = [at for at in (each.clinician_at, each.client_at) if at]
                assert all(each.starts_at + timedelta(minutes=45) <= at < midnight for at in saved)

    def test_is_the_same_when_made_again(self, today):
        assert made(today) == made(today)


class TestTheSeries:
    def test_is_the_same_on_every_day(self):
        def answers(today):
            return [[each.visit for each in diary if each.visit] for diary in diaries(today).values()]

        assert answers(A_WEEK[0]) == answers(A_WEEK[4])

    def test_shows_every_planted_strain_in_the_form_that_alarms(self):
        planted = [(course, dip.at % course.held) for course in COURSES for dip in course.dips]
        assert len(planted) > 15
        assert [course.name for course, index in planted if not alarm_at(course, index)] == []

    @pytest.mark.parametrize("name", ["Robin A.", "Jules P.", "Ash K.", "Wanda K.", "Elin W."])
    def test_is_back_within_five_sessions_of_a_planted_strain(self, name):
        course = course_of(name)
        series = scores(course, "client")
        index = course.dips[0].at
        before, later = usual_levels(series)[index], [score for score in series[index + 1 : index + 6] if score]
        back = [score >= before.level - 0.5 * before.scale for score in later]
        assert any(one and other for one, other in pairwise(back))

    def test_leaves_one_strain_unresolved(self):
        series = scores(course_of("Kit B."), "client")
        before = usual_levels(series)[-4]
        assert all(score < before.level - 0.5 * before.scale for score in series[-4:])

    def test_has_a_slow_fall(self):
        series = [score for score in scores(course_of("Kai D."), "clinician") if score]
        assert sum(series[8:12]) / 4 - sum(series[-4:]) / 4 > 0.75

    def test_has_a_client_who_rates_well_below_the_clinician_now(self):
        clinician, client = (scores(course_of("Robin A."), side) for side in ("clinician", "client"))
        assert 1.3 <= clinician[-1] - client[-1] <= 1.7
        assert clinician[0] - client[0] < 1

    def test_has_one_low_from_the_start(self):
        assert all(score < 4.5 for score in scores(course_of("Remy S."), "clinician"))

    def test_has_answers_without_information(self):
        assert set(scores(course_of("Alex J."), "client")) == {7.0}
        assert scores(course_of("Val N."), "clinician")[-5:] == [6.0] * 5

    def test_has_one_without_recent_ratings(self):
        assert scores(course_of("Jo D."), "clinician")[-3:] == [None] * 3


class Loaded(TestCase):
    """Loads once a class: its tests only read."""

    @classmethod
    @override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    def setUpTestData(cls):
        with timezone.override(LONDON):
            load_caseload(NOW)


class TestWhatIsLoaded(Loaded):
    def test_people(self):
        assert User.objects.filter(is_clinician=True, is_supervisor=False).count() == 6
        assert User.objects.filter(is_supervisor=True).count() == 2
        assert User.objects.filter(is_admin=True).count() == 1

    def test_sign_ins(self):
        for mailbox in ("clinician", "supervisor", "admin"):
            request = RequestFactory().post("/")
            assert authenticate(request, email=f"{mailbox}@example.org", password=PASSWORD), mailbox

    def test_clients(self):
        helen, maya = (User.objects.get(email=f"{box}@example.org") for box in ("supervisor", "clinician"))
        assert Client.objects.count() == 60
        assert Episode.objects.supervised_by(helen, NOW).open().count() == 46
        assert Episode.objects.editable_by(maya, NOW).open().count() == 12
        assert len({client.name for client in Client.objects.all()}) == 60

    def test_therapies_of_every_stage(self):
        held = Q(sessions__attendance__in=["planned", "attended"], sessions__starts_at__lt=NOW)
        stages = [each.n for each in Episode.objects.open().annotate(n=Count("sessions", filter=held))]
        assert min(stages) == 0
        assert sum(1 <= n <= 3 for n in stages) >= 3
        assert max(stages) >= 30

    def test_endings_returns_and_a_change_of_clinician(self):
        ended = Episode.objects.exclude(ended_on=None)
        assert set(ended.values_list("ending", flat=True)) == set(Ending) - {Ending.DIED}
        assert Client.objects.annotate(n=Count("episodes")).filter(n=2).count() == 2
        moved = Episode.objects.open().annotate(n=Count("assignments")).get(n=2)
        assert moved.sessions.values("clinician").distinct().count() == 2

    def test_shares(self):
        held = TherapySession.objects.held(NOW).count()
        rated, answered = (Rating.objects.filter(rater=rater).count() for rater in (Rater.CLINICIAN, Rater.CLIENT))
        past = TherapySession.objects.filter(starts_at__lt=NOW)
        assert 0.06 <= 1 - rated / held <= 0.1
        assert 0.62 <= answered / held <= 0.72
        assert past.filter(attendance=Attendance.MISSED).count() > 20
        assert past.filter(attendance=Attendance.CANCELLED).count() > 20

    def test_skipped_late_blind_and_noted(self):
        ratings = list(Rating.objects.select_related("session"))
        assert sum(None in each.items.values() for each in ratings) > 30
        assert sum(each.rater == Rater.CLINICIAN and each.session.is_late(each.saved_at) for each in ratings) > 20
        assert 2 <= sum(bool(each.opens_at and each.opens_at > NOW) for each in ratings) <= 8
        assert len({each.note for each in ratings if each.note}) > 60
        assert {each.strain for each in ratings} == {"", "none", "slight", "clear"}

    def test_today_of_maya(self):
        day = clinicians_day(User.objects.get(email="clinician@example.org"), NOW)
        assert [len(part) for part in (day.to_rate, day.later, day.rated, day.set_aside)] == [4, 2, 0, 0]
        assert day.to_rate[0].waits_long


class TestWrittenAsTheActionsWrite(Loaded):
    def test_every_session_lies_inside_its_episode(self):
        for session in TherapySession.objects.select_related("episode"):
            assert session.episode.started_on <= session.day
            assert session.episode.is_open or session.day <= session.episode.ended_on

    def test_the_holder_of_the_day_holds_the_session(self):
        within = Q(episode__assignments__starts_at__lte=F("starts_at")) & (
            Q(episode__assignments__ends_at=None) | Q(episode__assignments__ends_at__gt=F("starts_at"))
        )
        same = TherapySession.objects.filter(within, episode__assignments__clinician=F("clinician"))
        unfound = TherapySession.objects.exclude(pk__in=same.values("pk"))
        assert unfound.count() == 0

    def test_versions_match_their_ratings(self):
        for rating in Rating.objects.select_related("session").prefetch_related("versions"):
            (version,) = rating.versions.all()
            names = (*ANSWERS, "idempotency_key", "content_hash", "saved_at", "version")
            assert all(getattr(version, name) == getattr(rating, name) for name in names)
            assert version.saved_by_id == rating.author_id
            assert rating.content_hash == content_hash(rating.session, {key: getattr(rating, key) for key in ANSWERS})
            assert form_opened_at(rating.idempotency_key, rating.saved_at) == rating.opened_at

    def test_clients_ratings_open_with_the_clinicians_or_after_seven_days(self):
        for rating in Rating.objects.filter(rater=Rater.CLIENT).select_related("session"):
            alone = max(rating.saved_at, rating.session.starts_at + timedelta(days=7))
            clinicians = Rating.objects.given(rating.session, Rater.CLINICIAN, None)
            together = max(rating.saved_at, clinicians.saved_at) if clinicians else alone
            assert rating.opens_at == min(alone, together)

    def test_rated_sessions_were_attended(self):
        assert not TherapySession.objects.exclude(attendance=Attendance.ATTENDED).exclude(ratings=None).exists()
        assert not TherapySession.objects.filter(attendance=Attendance.ATTENDED, ratings=None).exists()

    def test_no_standing_differs(self):
        assert Standing.objects.count() == Episode.objects.count()
        with time_machine.travel(NOW, tick=False):
            call_command("rebuild_standing", "--check")

    def test_no_plan_is_short(self):
        assert top_up_plans(NOW.date()) == 0

    def test_every_rating_has_its_event(self):
        logged = AuditEvent.objects.filter(action="rating.logged")
        assert set(logged.values_list("target_id", flat=True)) == set(Rating.objects.values_list("pk", flat=True))
        assert AuditEvent.objects.filter(at__gt=NOW).count() == 0

    def test_a_new_clinician_starts_a_series(self):
        noa = next(client for client in Client.objects.all() if client.name == "Noa J.")
        given = Rating.objects.filter(session__episode__client=noa, rater=Rater.CLINICIAN)
        authors = [each.author.name for each in given.select_related("author").order_by("session__starts_at")]
        assert authors == sorted(authors, key=["Paul Lind", "Ana Ruiz"].index)

    def test_what_is_open_belongs_to_a_therapy_that_goes_on(self):
        ended = {"episode__ended_on__isnull": False}
        assert Rupture.objects.filter(**ended).exists()
        assert not Rupture.objects.open().filter(**ended).exists()
        assert not Signal.objects.open().filter(**ended).exists()
