"""What lists show of an episode: recomputed with each write; a rebuild changes nothing."""

import random
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from clients.actions import hand_on
from ratings.analysis.usual import band_of_next, usual_levels
from ratings.caseload.sessions import move_session, void_session
from ratings.models import Rater, Standing
from ratings.saving.actions import log_rating
from ratings.standing.refresh import rebuild_standing
from tests.factories import SessionFactory, answers, history, rate

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def standing():
    return Standing.objects.get()


def test_it_holds_the_latest_scores_the_change_and_the_last_twelve(robin):
    history(robin, [3, 4, None, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 4])
    document = standing().clinician
    assert document["scores"]["overall"] == document["scores"]["goals"] == 4
    assert (document["rated"], document["change"]) == (13, -2)
    assert document["recent"] == [4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 4]


def test_its_level_is_the_one_that_the_next_session_is_read_against(robin):
    history(robin, [5, 6, 4])
    usual = usual_levels([5.0, 6.0, 4.0])[-1]
    document = standing().clinician
    assert document["levels"]["overall"] == document["levels"]["trust"] == usual.next_level
    assert document["band"] == list(band_of_next(usual))
    assert document["from_usual"]["overall"] == 4 - usual.next_level


def test_a_partial_rating_has_no_overall_and_no_change(robin):
    history(robin, [5, 5])
    rate(SessionFactory(client=robin, starts_at=timezone.now()), 6, bond=None, trust=None)
    document = standing().clinician
    assert document["scores"]["overall"] is None
    assert "change" not in document
    assert set(document["from_usual"]) & {"overall", "bond", "trust", "goals"} == {"goals"}
    assert document["recent"] == [5, 5, None]
    assert document["scores"]["trust"] is None
    assert document["scores"]["goals"] == 6


def test_each_rater_has_a_series_of_their_own(robin):
    for session, theirs in zip(history(robin, [5, 6]), [2, 3], strict=True):
        rate(session, theirs, rater=Rater.CLIENT)
    assert standing().clinician["recent"] == [5, 6]
    assert standing().client["recent"] == [2, 3]


def test_the_usual_level_begins_anew_with_another_clinician_and_the_clients_runs_on(robin, ben, adam):
    for session in history(robin, [3, 3, 3]):
        rate(session, 3, rater=Rater.CLIENT)
    hand_on(robin.episodes.get(), to=ben, by=adam)
    session = SessionFactory(client=robin, clinician=ben, starts_at=timezone.now())
    rate(session, 6)
    rate(session, 3, rater=Rater.CLIENT)
    assert standing().clinician["levels"]["overall"] == usual_levels([6.0])[0].next_level
    assert standing().clinician["recent"] == [3, 3, 3, 6]
    assert standing().client["levels"]["overall"] == usual_levels([3.0] * 4)[-1].next_level


def test_without_a_rating_there_is_nothing_to_show(yesterday, ada):
    rebuild_standing(yesterday.episode, timezone.now(), write=True)
    fresh = standing()
    assert (fresh.clinician, fresh.client, fresh.last_rated_at, fresh.absorbs_at) == ({}, {}, None, None)
    assert (fresh.signals, fresh.strain, fresh.open_signals, fresh.triage_rank) == ([], {}, 0, None)
    assert not rebuild_standing(yesterday.episode, timezone.now(), write=False)


def test_a_rebuild_changes_nothing_after_any_history(robin, ada, service):
    dice = random.Random(7)  # noqa: S311 - the same history each time
    for _ in range(25):
        session = SessionFactory(
            client=robin, starts_at=timezone.now() - dice.randrange(90) * DAY - timedelta(seconds=dice.randrange(9**5))
        )
        step = dice.randrange(4)
        given = answers(dice.randint(1, 7), bond=dice.choice([None, 2]), trust=dice.choice([None, 6]))
        if step:
            log_rating(session, given, rater=Rater.CLIENT, by=None)
        if step < 3:
            log_rating(session, given, rater=Rater.CLINICIAN, by=ada)
            move_session(session, starts_at=session.starts_at - timedelta(hours=1), modality="video", by=ada)
        void_session(SessionFactory(client=robin), reason="Twice", by=ada)
        assert not rebuild_standing(session.episode, timezone.now(), write=False)


def test_a_rebuild_finds_and_mends_which_sessions_are_rated(robin):
    now, sessions = timezone.now(), history(robin, [5, None])
    episode = sessions[0].episode
    assert list(episode.sessions.order_by("starts_at").values_list("rated", flat=True)) == [True, False]
    for wrong in (True, False):
        episode.sessions.update(rated=wrong)
        assert rebuild_standing(episode, now, write=True)
        assert not rebuild_standing(episode, now, write=False)
    assert list(episode.sessions.order_by("starts_at").values_list("rated", flat=True)) == [True, False]


@pytest.mark.parametrize(
    "damage",
    [{"last_rated_at": None}, {"clinician": {}}, {"client": {"rated": 1}}, {"absorbs_at": timezone.now() + DAY}],
)
def test_a_rebuild_finds_and_mends_what_differs(robin, damage, capsys):
    history(robin, [5, 6])
    right = standing()
    Standing.objects.update(**damage)
    with pytest.raises(CommandError, match="not what their ratings say"):
        call_command("rebuild_standing", "--check")
    call_command("rebuild_standing")
    assert capsys.readouterr().out.splitlines() == ["1 episodes, 1 differed"] * 2
    assert (standing().clinician, standing().last_rated_at) == (right.clinician, right.last_rated_at)
    call_command("rebuild_standing", "--check")


def test_a_lost_standing_is_made_again(robin):
    history(robin, [5])
    Standing.objects.all().delete()
    call_command("rebuild_standing")
    assert standing().clinician["recent"] == [5]
