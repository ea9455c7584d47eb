"""A client who is handed on: what moves, what closes, what stays. The pages for it are tested beside this."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from alliance_tracker.audit.models import AuditEvent
from clients.actions import hand_on, hand_on_caseload, set_pattern, start_episode
from clients.models import Assignment, Client, Episode, NotRated
from tests.factories import ClientFactory, SessionFactory, history, rate

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def episode(robin):
    return robin.episodes.get()


def reasons(episode):
    return list(episode.sessions.order_by("starts_at").values_list("not_rated_reason", flat=True))


def test_one_assignment_closes_and_the_next_opens_at_the_same_instant(monday, episode, ada, ben, adam):
    hand_on(episode, to=ben, by=adam, reason="Long leave")
    before, after = episode.assignments.order_by("starts_at")
    assert (before.clinician, before.ends_at) == (ada, monday)
    assert (after.clinician, after.starts_at, after.ends_at) == (ben, monday, None)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_id, event.client_id, event.reason) == (
        "client.handed_on",
        adam.pk,
        episode.client_id,
        "Long leave",
    )


def test_only_past_sessions_without_the_clinicians_rating_close(robin, episode, ben, adam, service):
    history(robin, [5, None, None])
    rate(episode.sessions.order_by("starts_at")[1], rater="client")
    hand_on(episode, to=ben, by=adam)
    assert reasons(episode) == ["", NotRated.HANDED_ON, NotRated.HANDED_ON]


def test_what_was_missed_or_not_suitable_stays_as_it_was(robin, episode, ben, adam):
    SessionFactory(client=robin, attendance="missed")
    SessionFactory(client=robin, not_rated_reason="not_suitable")
    hand_on(episode, to=ben, by=adam)
    assert set(reasons(episode)) == {"", NotRated.NOT_SUITABLE}


def test_sessions_to_come_move_along_and_past_ones_keep_who_held_them(robin, episode, ada, ben, adam):
    set_pattern(episode, weekday=1, weekly_at=timezone.now().time(), modality="video", by=ada)
    past = SessionFactory(client=robin)
    hand_on(episode, to=ben, by=adam)
    assert set(episode.sessions.filter(starts_at__gt=timezone.now()).values_list("clinician", flat=True)) == {ben.pk}
    assert episode.sessions.get(pk=past.pk).clinician == ada


def test_earlier_therapies_follow(robin, episode, ada, ben, adam):
    Episode.objects.update(ended_on=timezone.localdate(), ending="planned")
    newer = start_episode(robin, clinician=ada, by=ada)
    hand_on(newer, to=ben, by=adam)
    assert set(Assignment.objects.open().values_list("episode", "clinician")) == {
        (episode.pk, ben.pk),
        (newer.pk, ben.pk),
    }


@pytest.mark.parametrize("to", ["sue", "adam"])
def test_only_a_clinician_takes_over(episode, adam, to, request):
    with pytest.raises(ValidationError, match="cannot take clients on"):
        hand_on(episode, to=request.getfixturevalue(to), by=adam)
    assert Assignment.objects.count() == 1


def test_handing_on_to_who_holds_it_is_refused(episode, ada, adam, trail):
    with pytest.raises(ValidationError, match="holds this client already"):
        hand_on(episode, to=ada, by=adam)
    assert trail() == []


def test_a_caseload_goes_whole_or_not_at_all(episode, ada, ben, sue, adam):
    other = ClientFactory(clinician=ada).episodes.get()
    with pytest.raises(ValidationError):
        hand_on_caseload(to={episode: ben, other: sue}, by=adam, reason="")
    assert Client.objects.editable_by(ada).count() == 2
    assert hand_on_caseload(to={episode: ben, other: ben}, by=adam, reason="") == 2
    assert Client.objects.editable_by(ben).count() == 2
