"""The nightly steps, each of which changes nothing when it runs twice; and the rebuild of what lists show."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from alliance_tracker.accounts.models import BrowserSession, ServiceSettings
from clients.actions import set_pattern
from clients.models import Episode, TherapySession
from ratings.caseload.episodes import end_episode
from ratings.management.commands.nightly import STEPS
from ratings.models import Rater, RatingDraft, Standing
from ratings.saving.drafts import keep_draft
from tests.factories import answers, history, rate

pytestmark = pytest.mark.django_db

STEP_NAMES = list(STEPS)
OF_THE_DAY = {"months of the service report written", "seals added to the audit trail"}  # they have their own tests


@pytest.fixture
def nightly(capsys):
    """Run it, and return its counts by step, but for the months and the seal over what the test itself did."""

    def run() -> dict[str, int]:
        capsys.readouterr()
        call_command("nightly")
        said = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("Seal ")]
        lines = [line.split(maxsplit=1) for line in said]
        assert [words for _, words in lines] == STEP_NAMES
        counts = {words: int(count.replace(",", "")) for count, words in lines if count != "0"}
        return {words: count for words, count in counts.items() if words not in OF_THE_DAY}

    return run


@pytest.fixture
def weekly(robin, ada) -> Episode:
    """Robin's episode, with a pattern on this weekday."""
    episode = robin.episodes.get()
    set_pattern(episode, weekday=timezone.localdate().weekday(), weekly_at=time(10), modality="video", by=ada)
    return episode


@pytest.fixture
def answered(yesterday) -> TherapySession:
    """Yesterday's session, rated by the client alone."""
    ServiceSettings.objects.get_or_create()
    rate(yesterday, 6, rater=Rater.CLIENT)
    return yesterday


def test_nothing_to_do(nightly):
    assert nightly() == {}


def test_plans_sessions_eight_weeks_ahead(nightly, weekly):
    planned = set(weekly.sessions.all())
    with time_machine.travel(timezone.now() + timedelta(weeks=3)):
        assert nightly() == {"sessions planned": 3}
        assert nightly() == {}
    added = set(weekly.sessions.all()) - planned
    assert len(added) == 3
    assert all(session.from_pattern and session.modality == "video" for session in added)


def test_plans_by_the_services_own_day(nightly, weekly, robin, ada):
    late = datetime(2027, 7, 5, 23, 30, tzinfo=ZoneInfo("UTC"))
    with time_machine.travel(late, tick=False), timezone.override("Europe/London"):
        set_pattern(weekly, weekday=0, weekly_at=time(10), modality="video", by=ada)
        TherapySession.objects.filter(episode=weekly).delete()
        Episode.objects.filter(pk=weekly.pk).update(planned_until=None)
    with time_machine.travel(late, tick=False):
        nightly()
    starts = [timezone.localtime(each.starts_at, ZoneInfo("Europe/London")) for each in weekly.sessions.all()]
    assert {start.hour for start in starts} == {10}
    assert max(start.date() for start in starts) <= date(2027, 8, 31)


def test_plans_nothing_for_an_ended_therapy(nightly, weekly, ada):
    end_episode(weekly, ended_on=timezone.localdate(), ending="planned", by=ada)
    with time_machine.travel(timezone.now() + timedelta(weeks=3)):
        assert nightly() == {}


def test_takes_up_a_clients_rating_once_it_has_opened(nightly, answered):
    assert nightly() == {}
    with time_machine.travel(answered.starts_at + timedelta(days=7, minutes=1)):
        assert nightly() == {"episodes brought up to date": 1}
        assert nightly() == {}
    standing = Standing.objects.get(episode=answered.episode)
    assert standing.client["scores"]["overall"] == 6
    assert standing.absorbs_at is None


def test_drops_drafts_after_fourteen_days(nightly, yesterday, ada):
    keep_draft(yesterday, answers(4), by=ada, key=None)
    with time_machine.travel(timezone.now() + timedelta(days=13)):
        assert nightly() == {}
    with time_machine.travel(timezone.now() + timedelta(days=14, minutes=1)):
        assert nightly() == {"outdated drafts dropped": 1}
    assert not RatingDraft.objects.exists()


def test_clears_expired_sign_ins_only(nightly, as_user, ada):
    as_user(ada)
    assert nightly() == {}
    with time_machine.travel(timezone.now() + timedelta(hours=13)):
        assert nightly() == {"expired sign-ins cleared": 1}
        assert nightly() == {}
    assert not BrowserSession.objects.exists()


def test_clears_expired_cache_entries_only(nightly):
    cache.set("soon", 1, timeout=60)
    cache.set("later", 2, timeout=7200)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert nightly() == {"expired cache entries cleared": 1}
        assert nightly() == {}
        assert cache.get("later") == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache")
        assert cursor.fetchone() == (1,)


class TestRebuildStanding:
    def test_finds_nothing_in_what_the_actions_wrote(self, robin, capsys):
        history(robin, [5, None, 4, 6])
        call_command("rebuild_standing")
        call_command("rebuild_standing", "--check")
        assert capsys.readouterr().out == "1 episodes, 0 differed\n" * 2

    def test_says_and_mends_what_differs(self, robin, capsys):
        history(robin, [5, 4, 6])
        right = Standing.objects.values().get()
        Standing.objects.update(clinician={}, last_rated_at=None)
        call_command("rebuild_standing")
        assert capsys.readouterr().out == "1 episodes, 1 differed\n"
        assert Standing.objects.values().get() == right

    def test_check_fails_and_changes_nothing(self, robin):
        history(robin, [5, 4, 6])
        Standing.objects.update(clinician={})
        with pytest.raises(CommandError, match="Run rebuild_standing without --check"):
            call_command("rebuild_standing", "--check")
        assert Standing.objects.get().clinician == {}

    def test_a_rating_that_has_opened_since_is_no_difference(self, answered, capsys):
        with time_machine.travel(answered.starts_at + timedelta(days=8)):
            call_command("rebuild_standing", "--check")
            assert "0 differed\n1 not compared" in capsys.readouterr().out
            call_command("rebuild_standing")
            assert capsys.readouterr().out == "1 episodes, 0 differed\n"
        assert Standing.objects.get().client["scores"]["overall"] == 6

    def test_missing_standings_are_made(self, robin):
        history(robin, [5, 4])
        Standing.objects.all().delete()
        call_command("rebuild_standing")
        assert Standing.objects.get().clinician["rated"] == 2
