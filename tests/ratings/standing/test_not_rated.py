"""The signal for sessions that wait for a clinician's rating: it counts every one, and keeps what was said of it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from ratings.analysis.all_rules import RULES
from ratings.caseload.sessions import set_attendance
from ratings.models import Signal
from ratings.standing.refresh import rebuild_standing, refresh_if_due
from ratings.strains.actions import reject_signal, see_signal
from tests.factories import SessionFactory, history, rate

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def open_rules() -> list[str]:
    return sorted(Signal.objects.open().values_list("rule", flat=True))


def test_not_rated_opens_at_the_second_held_session_and_counts_all_that_wait(robin):
    sessions = history(robin, [5, None, None, None])
    rebuild_standing(robin.episodes.get(), timezone.now(), write=True)
    signal = Signal.objects.open().get()
    assert (signal.rule, signal.session) == ("not-rated", sessions[2])
    assert signal.finding["sentence"].startswith("3 sessions")
    rate(sessions[3])
    assert Signal.objects.open().get().finding["sentence"].startswith("2 sessions")
    rate(sessions[2])
    assert open_rules() == []


def test_not_rated_keeps_what_was_said_of_it_while_the_oldest_are_rated(robin, ada):
    sessions = history(robin, [5, None, None, None, None])
    episode = robin.episodes.get()
    rebuild_standing(episode, timezone.now(), write=True)
    first = Signal.objects.open().get()
    see_signal(first, by=ada)
    for session, score, left in ((sessions[1], 6, 3), (sessions[2], 5, 2)):
        rate(session, score)
        signal = Signal.objects.open().get()
        assert (signal.pk, signal.seen_by, signal.opened_at) == (first.pk, ada, first.opened_at)
        assert signal.finding["sentence"].startswith(f"{left} sessions")
        assert not rebuild_standing(episode, timezone.now(), write=False)
    rate(sessions[3], 6)
    assert open_rules() == []


def test_one_that_an_older_version_raised_is_told_anew_and_keeps_what_was_said_of_it(robin, ada):
    history(robin, [5, None, 6, 5, None, None])
    episode = robin.episodes.get()
    rebuild_standing(episode, timezone.now(), write=True)
    old = {"sentence": "2 in a row.", "arithmetic": [], "form": "clinician", "values": {}}
    last = episode.sessions.order_by("starts_at").last()
    Signal.objects.update(rule_version=1, finding=old, session=last)
    see_signal(Signal.objects.get(), by=ada)
    rebuild_standing(episode, timezone.now(), write=True)
    signal = Signal.objects.get()
    assert (signal.seen_by, signal.rule_version, signal.is_open) == (ada, RULES["not-rated"].version, True)
    assert signal.finding["sentence"].startswith("3 sessions")
    assert not rebuild_standing(episode, timezone.now(), write=False)


def test_one_that_was_called_not_right_stays_closed_as_it_was_told(robin, ada):
    sessions = history(robin, [5, None, None, None])
    rebuild_standing(robin.episodes.get(), timezone.now(), write=True)
    Signal.objects.update(rule_version=1, finding={"sentence": "Old.", "form": "clinician"})
    reject_signal(Signal.objects.get(), by=ada)
    rate(sessions[3], 6)
    signal = Signal.objects.get()
    assert (signal.is_open, signal.rule_version, signal.finding["sentence"]) == (False, 1, "Old.")


def test_it_opens_by_itself_when_the_second_session_has_come(robin, service):
    history(robin, [5, None])
    session = SessionFactory(client=robin, starts_at=timezone.now() + DAY)
    episode = robin.episodes.get()
    rebuild_standing(episode, timezone.now(), write=True)
    assert open_rules() == []
    assert not refresh_if_due(episode, timezone.now())
    with time_machine.travel(session.starts_at + timedelta(hours=1)):
        assert refresh_if_due(episode, timezone.now())
        assert open_rules() == ["not-rated"]


def test_sessions_not_held_or_not_suitable_do_not_count_as_not_rated(robin, ada):
    sessions = history(robin, [5, None, None])
    set_attendance(sessions[1], "missed", by=ada)
    assert open_rules() == []
