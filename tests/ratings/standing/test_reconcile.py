"""What a series of ratings opens, escalates, closes and withdraws, through the actions that people use."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from clients.actions import hand_on
from ratings.caseload.sessions import set_attendance, void_session
from ratings.models import Rater, Rupture, Signal, Standing
from ratings.saving.actions import log_rating
from ratings.standing.reconcile import CHANGED
from ratings.standing.refresh import rebuild_standing, refresh_if_due
from ratings.strains.actions import mark_rupture, see_signal
from tests.factories import SessionFactory, answers, history, rate

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
STEADY = [6, 5, 6, 6]


def open_rules() -> list[str]:
    return sorted(Signal.objects.open().values_list("rule", flat=True))


def low_rules() -> list[str]:
    return [rule for rule in open_rules() if rule in {"unusually-low-red", "unusually-low-amber", "unresolved-rupture"}]


def change(session, score, *, rater=Rater.CLINICIAN, **given):
    """Change a rating within its author's fifteen minutes."""
    rating = session.ratings.get(rater=rater)
    with time_machine.travel(rating.saved_at + timedelta(minutes=1), tick=False):
        return log_rating(session, answers(score, **given), rater=rater, by=rating.author, version=rating.version)


def test_a_steady_series_opens_nothing(robin):
    history(robin, [*STEADY, 6, 5])
    assert open_rules() == []
    assert not Rupture.objects.exists()


def test_a_sudden_drop_opens_one_red_signal_and_one_rupture_on_its_session(robin):
    sessions = history(robin, [*STEADY, 3])
    signal, rupture = Signal.objects.get(), Rupture.objects.get()
    assert (signal.rule, signal.session, signal.rupture) == ("unusually-low-red", sessions[-1], rupture)
    assert (rupture.session, rupture.source, rupture.form) == (sessions[-1], signal.rule, "clinician")
    assert "overall 3.0 is lower than this client's own usual level" in signal.finding["sentence"]
    assert signal.escalates_at > timezone.now()
    assert Standing.objects.get().triage_rank == 1


def test_a_smaller_drop_opens_an_amber_one(robin):
    history(robin, [5, 6, 5, 6, 4])
    assert open_rules() == ["unusually-low-amber"]
    assert Signal.objects.get().escalates_at > timezone.now()
    assert Rupture.objects.get().source == "unusually-low-amber"


def test_a_red_after_an_amber_joins_the_same_rupture_and_an_amber_adds_nothing_to_a_red(robin):
    sessions = history(robin, [5, 6, 5, 6, 4, 2])
    assert low_rules() == ["unusually-low-amber", "unusually-low-red"]
    later = SessionFactory(client=robin, starts_at=timezone.now())
    rate(later, 4)
    assert Signal.objects.filter(rule__startswith="unusually-low").count() == 2
    assert Rupture.objects.get().session == sessions[4]


@pytest.mark.parametrize(("strain", "talked", "opens"), [("slight", "no", True), ("clear", "partly", True)])
@pytest.mark.parametrize("rater", [Rater.CLINICIAN, Rater.CLIENT])
def test_a_strain_that_was_not_talked_about_opens_one(yesterday, strain, talked, opens, rater):
    rate(yesterday)
    if rater == Rater.CLIENT:
        rate(yesterday, rater=rater, strain=strain, strain_discussed=talked)
    else:
        change(yesterday, 5, strain=strain, strain_discussed=talked)
    assert open_rules() == ["strain-reported"]
    assert Rupture.objects.get().form == rater


@pytest.mark.parametrize(("strain", "talked"), [("none", ""), ("slight", "yes"), ("clear", "yes"), ("", "")])
def test_no_strain_or_one_talked_about_opens_nothing(yesterday, strain, talked):
    rate(yesterday, strain=strain, strain_discussed=talked)
    assert open_rules() == []
    assert not Rupture.objects.exists()


def test_it_is_unresolved_after_the_third_rated_session(robin):
    sessions = history(robin, [*STEADY, 3, 3, None, 6, 4])
    rupture = Rupture.objects.get()
    assert rupture.unresolved == sessions[-1]
    assert rupture.repair_proposed is None
    assert low_rules() == ["unresolved-rupture", "unusually-low-red"]


def test_two_back_in_range_propose_the_repair_and_one_does_not(robin):
    sessions = history(robin, [*STEADY, 3, 6])
    assert Rupture.objects.get().repair_proposed is None
    last = SessionFactory(client=robin, starts_at=timezone.now())
    rate(last, 6)
    assert Rupture.objects.get().repair_proposed == last
    assert Standing.objects.get().strain["repair_proposed"]
    assert Rupture.objects.get().is_open
    assert sessions[-1].pk != last.pk


def test_lowering_a_past_rating_updates_all_and_raising_it_again_restores_all(robin):
    sessions = history(robin, STEADY)
    change(sessions[-1], 3)
    signal, rupture = Signal.objects.get(), Rupture.objects.get()
    assert signal.is_open
    assert rupture.is_open
    assert Standing.objects.get().open_signals == 1
    change(sessions[-1], 6)
    signal.refresh_from_db()
    rupture.refresh_from_db()
    assert (signal.withdrawn_because, signal.closed_at) == (CHANGED, None)
    assert signal.withdrawn_at
    assert rupture.state == "withdrawn"
    assert (Standing.objects.get().signals, Standing.objects.get().strain) == ([], {})
    change(sessions[-1], 3)
    signal.refresh_from_db()
    rupture.refresh_from_db()
    assert signal.is_open
    assert signal.withdrawn_because == ""
    assert rupture.is_open
    assert list(rupture.events.order_by("at").values_list("state", flat=True)) == ["withdrawn", "open"]
    assert Rupture.objects.count() == 1


def test_an_earlier_strain_takes_over_the_signals_of_a_later_one_and_gives_them_back(robin):
    sessions = history(robin, [5, 6, 5, 6, 6, 4])
    first = Rupture.objects.get()
    change(sessions[4], 4)
    moved = Rupture.objects.get(state="open")
    assert moved.session == sessions[4]
    assert {signal.rupture for signal in Signal.objects.open()} == {moved}
    assert {signal.session for signal in Signal.objects.filter(rule="unusually-low-amber").open()} == {sessions[4]}
    change(sessions[4], 6)
    assert Rupture.objects.get(state="open") == first
    assert {signal.session for signal in Signal.objects.filter(rule="unusually-low-amber").open()} == {sessions[5]}
    assert {signal.rupture for signal in Signal.objects.open()} == {first}


def test_a_signal_that_stays_moves_to_the_strain_that_opened_earlier(robin):
    sessions = history(robin, [*STEADY, 6, 3])
    change(sessions[4], 6, strain="clear")
    low = Signal.objects.open().get(rule="unusually-low-red")
    assert low.rupture.session == sessions[4]
    assert not low.is_touched
    assert not Standing.objects.get().signals[0]["touched"]


def test_what_a_person_has_touched_stays_and_what_no_one_has_is_withdrawn(robin, ada):
    sessions = history(robin, [5, 6, 5, 6, 4, 3])
    amber, red = Signal.objects.order_by("session__starts_at")
    see_signal(amber, by=ada)
    change(sessions[4], 6)
    change(sessions[5], 6)
    amber.refresh_from_db()
    red.refresh_from_db()
    assert (amber.withdrawn_at, amber.seen_by) == (None, ada)
    assert amber.closed_at
    assert red.withdrawn_because == CHANGED


class TestBlind:
    @pytest.fixture
    def hidden(self, robin):
        """A client's low rating of yesterday's session, hidden; four earlier ones are open."""
        for session, score in zip(history(robin, [*STEADY, None]), [*STEADY, 2], strict=True):
            last = rate(session, score, rater=Rater.CLIENT)
        return last

    def test_a_hidden_rating_makes_no_signal(self, hidden):
        rebuild_standing(hidden.session.episode, timezone.now(), write=True)
        assert open_rules() == []
        assert not Rupture.objects.exists()

    @pytest.mark.parametrize("by_night", [True, False])
    def test_it_does_on_the_seventh_day(self, hidden, by_night):
        with time_machine.travel(hidden.opens_at, tick=False):
            call_command("nightly") if by_night else refresh_if_due(hidden.session.episode, hidden.opens_at)
            signal = Signal.objects.open().get(rule="unusually-low-red")
        assert (signal.finding["form"], signal.opened_at) == ("client", hidden.opens_at)
        assert Rupture.objects.get().form == "client"

    def test_it_does_as_soon_as_the_clinician_has_rated(self, hidden):
        rate(hidden.session, 6)
        assert low_rules() == ["unusually-low-red"]
        assert Rupture.objects.get().form == "client"


def test_another_clinicians_series_starts_anew(robin, ada, ben, adam):
    history(robin, STEADY)
    hand_on(robin.episodes.get(), to=ben, by=adam)
    with time_machine.travel(timezone.now() + DAY):
        rate(SessionFactory(client=robin, starts_at=timezone.now(), clinician=ben), 3)
        assert open_rules() == []


def test_two_signals_of_one_rule_change_places_in_one_write(robin):
    sessions = history(robin, [5, 6, 5, 6, 6, 4])
    for score in (4, 6, 4, 6):
        change(sessions[4], score)
        assert Signal.objects.open().filter(rule="unusually-low-amber").count() == 1


class TestRebuild:
    SCORES = (6, 5, 6, 6, 3, 6, None, 6, 2, 3, 3, 3, None, None, 7, 7, 7, 7)

    @pytest.mark.parametrize("later", [0, 1, 30])
    def test_finds_nothing_in_an_untouched_database(self, robin, later):
        for session in history(robin, list(self.SCORES)):
            rate(session, 5, rater=Rater.CLIENT, strain="slight" if session.pk.int % 2 else "")
        with time_machine.travel(timezone.now() + later * DAY):
            call_command("rebuild_standing")
            before = [list(model.objects.order_by("pk").values()) for model in (Signal, Rupture, Standing)]
            call_command("rebuild_standing", "--check")
            call_command("rebuild_standing")
            assert [list(model.objects.order_by("pk").values()) for model in (Signal, Rupture, Standing)] == before

    def test_finds_and_mends_a_lost_signal(self, robin, capsys):
        history(robin, [*STEADY, 3])
        Signal.objects.all().delete()
        call_command("rebuild_standing")
        assert "1 episodes, 1 differed" in capsys.readouterr().out
        assert open_rules() == ["unusually-low-red"]


@pytest.mark.parametrize("way", ["missed", "void"])
def test_a_strain_marked_at_a_session_that_no_longer_counts_is_ended(robin, ada, way):
    session = history(robin, [5, None])[-1]
    rupture = mark_rupture(session, kind="unsure", note="", by=ada)
    if way == "missed":
        set_attendance(session, "missed", by=ada)
    else:
        void_session(session, reason="Twice", by=ada)
    rupture.refresh_from_db()
    assert rupture.state == "ended"
    assert Standing.objects.get().strain == {}
    assert not rebuild_standing(robin.episodes.get(), timezone.now(), write=False)
