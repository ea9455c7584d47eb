from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from alliance_tracker.audit.models import AuditEvent
from clients.actions import add_session, create_client, start_episode, update_client
from clients.models import Assignment, Client, Episode, TherapySession
from tests.factories import ClientFactory, SessionFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def end(episode, *, days_ago=0):
    day = timezone.localdate() - days_ago * DAY
    Episode.objects.filter(pk=episode.pk).update(ended_on=day, ending="planned")


def test_a_new_client_has_an_open_episode_held_by_the_clinician(ada, trail):
    client = create_client(code="K-7", clinician=ada, by=ada, name="Kim B.", email="kim@example.org")
    episode = client.episodes.get()
    assert (client.code, client.name, client.email) == ("K-7", "Kim B.", "kim@example.org")
    assert episode.is_open
    assert episode.started_on == timezone.localdate()
    assert episode.assignments.get().clinician == ada
    assert not episode.sessions.exists()
    assert trail() == ["client.created", "episode.started"]
    assert set(AuditEvent.objects.values_list("client_id", "actor_id")) == {(client.pk, ada.pk)}


def test_an_admin_creates_a_client_for_a_clinician(ada, adam):
    client = create_client(code="K-7", clinician=ada, by=adam)
    assert Client.objects.editable_by(ada).get() == client
    assert not Client.objects.visible_to(adam).exists()


def test_the_first_session_begins_the_therapy_and_may_set_the_weekly_pattern(monday, ada, trail):
    first = monday - 14 * DAY
    client = create_client(code="K-7", clinician=ada, by=ada, first_session=first, weekly=True, modality="video")
    episode = client.episodes.get()
    assert episode.started_on == first.date()
    assert (episode.weekday, episode.weekly_at.hour, episode.modality) == (0, 10, "video")
    starts = list(episode.sessions.order_by("starts_at").values_list("starts_at", flat=True))
    assert starts == [first, *(monday + week * 7 * DAY for week in range(1, 9))]
    assert trail()[-2:] == ["session.added", "pattern.changed"]


@pytest.mark.parametrize("code", ["R-1", "r-1"])
def test_a_code_is_given_once_in_any_case(robin, ada, code, trail):
    with pytest.raises(ValidationError) as refusal:
        create_client(code=code, clinician=ada, by=ada)
    assert list(refusal.value.message_dict) == ["code"]
    assert Client.objects.count() == 1
    assert trail() == []


@pytest.mark.parametrize("change", [{"is_clinician": False}, {"is_active": False}])
def test_only_an_active_clinician_takes_a_client_on(ada, change):
    for name, value in change.items():
        setattr(ada, name, value)
    ada.deactivated_at = None if ada.is_active else timezone.now()
    ada.save()
    with pytest.raises(ValidationError, match="cannot take clients on"):
        create_client(code="K-7", clinician=ada, by=ada)
    assert not Client.objects.exists()


def test_a_client_gets_another_code_name_and_e_mail(robin, ada, trail):
    update_client(robin, code="R-2", name="", email="r@example.org", by=ada)
    robin.refresh_from_db()
    assert (robin.code, robin.name, robin.email, robin.label) == ("R-2", "", "r@example.org", "R-2")
    assert trail() == ["client.updated"]


def test_a_client_keeps_their_own_code_in_another_case_but_takes_nobody_elses(robin, ada):
    ClientFactory(code="K-7", clinician=ada)
    update_client(robin, code="r-1", name="", email="", by=ada)
    with pytest.raises(ValidationError):
        update_client(robin, code="k-7", name="", email="", by=ada)


def test_a_client_who_comes_back_has_a_new_episode_and_the_earlier_one_follows(robin, ada, ben, trail):
    earlier = robin.episodes.get()
    end(earlier, days_ago=3)
    new = start_episode(robin, clinician=ben, by=ben)
    assert robin.episodes.open().get() == new
    assert set(Assignment.objects.open().values_list("episode", "clinician")) == {
        (earlier.pk, ben.pk),
        (new.pk, ben.pk),
    }
    assert set(Episode.objects.visible_to(ben)) == {earlier, new}
    assert not Episode.objects.visible_to(ada).exists()
    assert trail() == ["episode.started"]


def test_there_is_one_open_therapy_a_client(robin, ada):
    with pytest.raises(ValidationError, match="open therapy already"):
        start_episode(robin, clinician=ada, by=ada)


@pytest.mark.parametrize(("days_ago", "allowed"), [(3, True), (4, False)])
def test_a_new_therapy_begins_when_the_earlier_one_had_ended(robin, ada, days_ago, allowed):
    end(robin.episodes.get(), days_ago=3)
    first = timezone.now() - days_ago * DAY
    if allowed:
        assert start_episode(robin, clinician=ada, by=ada, first_session=first).sessions.count() == 1
    else:
        with pytest.raises(ValidationError, match="had not ended"):
            start_episode(robin, clinician=ada, by=ada, first_session=first)


def test_a_session_is_added_for_the_clinician_who_holds_the_client(robin, ada, sue, trail):
    episode = robin.episodes.get()
    session = add_session(episode, starts_at=timezone.now(), modality="phone", by=ada)
    assert (session.clinician, session.modality, session.from_pattern) == (ada, "phone", False)
    assert trail() == ["session.added"]


@pytest.mark.parametrize("days", [-101, 367])
def test_a_session_lies_inside_the_therapy_and_the_coming_year(robin, ada, days):
    with pytest.raises(ValidationError):
        add_session(robin.episodes.get(), starts_at=timezone.now() + days * DAY, modality="video", by=ada)
    assert not TherapySession.objects.exists()


def test_a_session_does_not_lie_after_the_end(robin, ada):
    end(robin.episodes.get(), days_ago=3)
    with pytest.raises(ValidationError, match="ended on"):
        add_session(robin.episodes.get(), starts_at=timezone.now(), modality="video", by=ada)


def test_two_sessions_of_a_client_never_begin_at_once(yesterday, ada):
    with pytest.raises(ValidationError, match="already"):
        add_session(yesterday.episode, starts_at=yesterday.starts_at, modality="video", by=ada)
    TherapySession.objects.update(voided_at=timezone.now(), voided_reason="Twice")
    add_session(yesterday.episode, starts_at=yesterday.starts_at, modality="video", by=ada)
    SessionFactory(starts_at=yesterday.starts_at)
