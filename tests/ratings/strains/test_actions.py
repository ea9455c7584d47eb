"""What people say about signals and ruptures: each is written once, audited once, and outranks the statistics."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from alliance_tracker.audit.models import AuditEvent
from ratings.caseload.episodes import end_episode
from ratings.models import Rupture, RuptureEvent, Signal, SignalPause, Standing
from ratings.saving.actions import log_rating
from ratings.standing.refresh import rebuild_standing
from ratings.standing.rule_counts import rule_counts
from ratings.strains.actions import (
    change_rupture,
    mark_rupture,
    pause_signals,
    reject_signal,
    resume_signals,
    see_signal,
)
from tests.factories import SessionFactory, answers, history, rate

pytestmark = pytest.mark.django_db
NOW = timezone.now
DROP = [6, 5, 6, 6, 3]


@pytest.fixture
def dropped(robin):
    """Robin's five sessions, the last of them far below the others."""
    return history(robin, DROP)


@pytest.fixture
def rupture(dropped) -> Rupture:
    return Rupture.objects.get(session=dropped[-1])


def say(rupture, says, by, note=""):
    change_rupture(rupture, says=says, note=note, by=by)
    rupture.refresh_from_db()


def test_seeing_a_signal_is_no_word_on_its_rupture(rupture, ada, trail):
    see_signal(Signal.objects.get(), by=ada)
    signal = Signal.objects.get()
    assert signal.seen_by == ada
    assert signal.is_open
    assert Rupture.objects.get().state == "open"
    assert trail()[-1] == "signal.seen"
    assert Standing.objects.get().signals[0]["touched"]


def test_the_first_to_see_a_signal_is_kept(rupture, ada, ben):
    see_signal(Signal.objects.get(), by=ada)
    see_signal(Signal.objects.get(), by=ben)
    assert Signal.objects.get().seen_by == ada


def test_not_right_closes_the_signal_and_the_rupture_that_it_opened(rupture, ada, trail):
    reject_signal(Signal.objects.get(), by=ada)
    signal = Signal.objects.get()
    assert (signal.not_right_by, signal.withdrawn_at) == (ada, None)
    assert signal.closed_at
    rupture.refresh_from_db()
    assert (rupture.state, rupture.is_open) == ("ended", False)
    assert Standing.objects.get().signals == []
    assert trail()[-1] == "signal.rejected"
    assert rule_counts(NOW() - timedelta(days=90)) == {"unusually-low-red": (1, 1)}


def test_not_right_about_a_reported_strain_leaves_a_rupture_that_something_else_opened(rupture, robin, ada):
    rate(SessionFactory(client=robin, starts_at=NOW()), 6, strain="clear")
    reject_signal(Signal.objects.get(rule="strain-reported"), by=ada)
    rupture.refresh_from_db()
    assert rupture.is_open
    assert Signal.objects.open().get().rule == "unusually-low-red"


@pytest.mark.parametrize("says", ["acknowledge", "work"])
def test_a_word_that_keeps_it_open_is_acting_on_it(rupture, ada, says):
    assert rule_counts(NOW() - timedelta(days=90)) == {"unusually-low-red": (1, 0)}
    say(rupture, says, ada, "Asked.")
    assert rupture.is_open
    assert Signal.objects.open().get().is_touched
    event = RuptureEvent.objects.get()
    assert (event.by, event.note, event.state) == (ada, "Asked.", rupture.state)
    assert rule_counts(NOW() - timedelta(days=90)) == {"unusually-low-red": (1, 1)}


@pytest.mark.parametrize(
    ("says", "state"), [("repaired", "repaired"), ("not_repaired", "not_repaired"), ("not_a_strain", "ended")]
)
def test_a_word_that_closes_it_closes_its_signals(rupture, ada, trail, says, state):
    say(rupture, says, ada)
    assert (rupture.state, rupture.closed_session) == (state, rupture.session)
    assert rupture.closed_at
    assert not Signal.objects.open().exists()
    assert Standing.objects.get().strain == {}
    assert trail()[-1] == "rupture.changed"
    assert not rebuild_standing(rupture.episode, NOW(), write=False)


def test_a_closed_one_opens_again_with_its_signals(rupture, ada):
    say(rupture, "repaired", ada)
    say(rupture, "reopen", ada)
    assert (rupture.state, rupture.closed_at, rupture.closed_session) == ("working", None, None)
    assert Signal.objects.open().count() == 1


@pytest.mark.parametrize("says", ["acknowledge", "repaired", "not_a_strain"])
def test_a_closed_one_takes_no_other_word(rupture, ada, says):
    say(rupture, "repaired", ada)
    events = AuditEvent.objects.count()
    with pytest.raises(ValidationError, match="closed already"):
        say(rupture, says, ada)
    assert AuditEvent.objects.count() == events


def test_an_open_one_is_not_opened_again(rupture, ada):
    with pytest.raises(ValidationError, match="is open"):
        say(rupture, "reopen", ada)


def test_a_later_strain_opens_anew_after_a_repair(rupture, robin, ada):
    say(rupture, "repaired", ada)
    for days, score in enumerate([6, 6, 2]):
        with time_machine.travel(NOW() + timedelta(days=7 * (days + 1))):
            rate(SessionFactory(client=robin, starts_at=NOW()), score)
    assert Rupture.objects.open().get() != rupture
    with pytest.raises(ValidationError, match="Another strain is open"):
        say(rupture, "reopen", ada)


def test_an_earlier_one_is_not_reopened_beneath_a_later_one(robin, ada):
    first, _, third = history(robin, [5, 5, 5])
    early = mark_rupture(first, kind="unsure", note="", by=ada)
    say(early, "repaired", ada)
    early.closed_session = first
    early.save()
    late = mark_rupture(third, kind="unsure", note="", by=ada)
    say(late, "repaired", ada)
    with pytest.raises(ValidationError, match="later strain"):
        say(early, "reopen", ada)


def test_a_confirmed_repair_stays_when_the_rating_that_opened_it_is_changed(rupture, dropped, ada):
    say(rupture, "repaired", ada)
    rating = dropped[-1].ratings.get()
    log_rating(dropped[-1], answers(6), rater="clinician", by=ada, version=rating.version)
    rupture.refresh_from_db()
    assert rupture.state == "repaired"
    assert not rebuild_standing(rupture.episode, NOW(), write=False)


class TestByHand:
    def test_it_opens_at_a_held_session(self, robin, ada, trail):
        session = history(robin, [6, 6, None])[-1]
        rupture = mark_rupture(session, kind="withdrawal", note="Very quiet.", by=ada)
        assert (rupture.source, rupture.kind, rupture.session, rupture.form) == (
            "by-hand",
            "withdrawal",
            session,
            "clinician",
        )
        assert rupture.level > 5.5
        assert RuptureEvent.objects.get().note == "Very quiet."
        assert trail()[-1] == "rupture.marked"
        assert Standing.objects.get().strain["state"] == "open"
        assert not rebuild_standing(rupture.episode, NOW(), write=False)

    def test_its_repair_is_proposed_as_for_any_other(self, robin, ada):
        session = history(robin, [6, 6, None])[-1]
        mark_rupture(session, kind="unsure", note="", by=ada)
        for days in (7, 14):
            with time_machine.travel(NOW() + timedelta(days=days)):
                rate(SessionFactory(client=robin, starts_at=NOW()), 6)
        assert Rupture.objects.get().repair_proposed

    def test_it_is_refused_while_one_is_open(self, dropped, ada):
        with pytest.raises(ValidationError, match="is open for this client already"):
            mark_rupture(dropped[0], kind="unsure", note="", by=ada)
        assert Rupture.objects.count() == 1

    def test_it_is_refused_before_a_later_one(self, rupture, dropped, ada):
        say(rupture, "repaired", ada)
        with pytest.raises(ValidationError, match="later strain"):
            mark_rupture(dropped[0], kind="unsure", note="", by=ada)

    @pytest.mark.parametrize("change", [{"attendance": "missed"}, {"starts_at": NOW() + timedelta(days=900)}])
    def test_it_is_refused_for_a_session_not_held(self, robin, ada, change):
        session = SessionFactory(client=robin, **change)
        with pytest.raises(ValidationError, match="has not been held"):
            mark_rupture(session, kind="unsure", note="", by=ada)

    def test_the_same_session_can_be_marked_again_once_closed(self, robin, ada):
        session = history(robin, [6, None])[-1]
        say(mark_rupture(session, kind="unsure", note="", by=ada), "not_a_strain", ada)
        mark_rupture(session, kind="confrontation", note="", by=ada)
        assert Rupture.objects.get().kind == "confrontation"
        assert Rupture.objects.get().is_open


class TestPause:
    def test_lists_are_empty_while_paused_and_the_strain_stays(self, rupture, ada, trail):
        pause_signals(rupture.episode, reason="On leave", by=ada)
        standing = Standing.objects.get()
        assert (standing.signals, standing.open_signals, standing.triage_rank) == ([], 0, None)
        assert standing.strain
        assert trail()[-1] == "signals.paused"
        resume_signals(rupture.episode, by=ada)
        assert Standing.objects.get().open_signals == 1
        assert SignalPause.objects.get().resumed_at
        assert trail()[-1] == "signals.resumed"

    def test_it_is_paused_and_resumed_once(self, rupture, ada):
        with pytest.raises(ValidationError, match="are not paused"):
            resume_signals(rupture.episode, by=ada)
        pause_signals(rupture.episode, reason="On leave", by=ada)
        with pytest.raises(ValidationError, match="paused already"):
            pause_signals(rupture.episode, reason="On leave", by=ada)


def test_the_end_of_a_therapy_ends_its_ruptures(rupture, ada):
    end_episode(rupture.episode, ended_on=timezone.localdate(), ending="planned", by=ada)
    rupture.refresh_from_db()
    assert rupture.state == "ended"
    assert RuptureEvent.objects.get().note == "The therapy ended."
    assert not Signal.objects.open().exists()
    assert not rebuild_standing(rupture.episode, NOW(), write=False)


def test_leave_is_a_reason_to_wait_and_stands_in_the_note(rupture, ada):
    say(rupture, "delay", ada, "Back on Monday.")
    assert rupture.state == "acknowledged"
    assert rupture.events.latest("at").note == "Delayed: leave. Back on Monday."
    assert not Signal.objects.overdue(NOW() + timedelta(days=30)).exists()
