"""Asked, answered, declined: counted for a client and for a clinician, and which session the plan names."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Episode, TherapySession
from ratings.asking.answering import decline, hand_over
from ratings.asking.asked import AskedCounts, annotate_asked, annotated_state, asked_states, is_ask_due
from ratings.asking.invitations import make_code, make_link, withdraw_links
from ratings.models import ClientLink, Rater
from tests.factories import ClientFactory, SessionFactory, history, rate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("service")]
DAY = timedelta(days=1)


def counted(session: TherapySession) -> tuple[int, int, int]:
    now = timezone.now()
    sessions = annotate_asked(TherapySession.objects.filter(episode=session.episode).held(now), now)
    found = AskedCounts.of(map(annotated_state, sessions))
    return found.asked, found.answered, found.declined


def run_out(link: ClientLink) -> None:
    long_ago = timezone.now() - DAY
    ClientLink.objects.filter(pk=link.pk).update(created_at=long_ago, expires_at=long_ago + timedelta(minutes=10))


def refuse(session, ada):
    decline(make_link(session, by=ada)[0])


def refuse_and_ask_again(session, ada):
    refuse(session, ada)
    make_code(session, by=ada)


def take_back(session, ada):
    make_link(session, by=ada)
    withdraw_links(session, by=ada)


def ask_twice(session, ada):
    make_link(session, by=ada)
    make_link(session, by=ada)


def refuse_then_answer(session, ada):
    refuse(session, ada)
    rate(session, rater=Rater.CLIENT)


HISTORIES: dict[Callable, tuple[int, int, int]] = {
    lambda *_: None: (0, 0, 0),
    lambda session, ada: make_link(session, by=ada): (1, 0, 0),
    lambda session, ada: run_out(make_link(session, by=ada)[0]): (1, 0, 0),
    lambda session, ada: run_out(hand_over(session, by=ada)): (1, 0, 1),
    lambda session, _: rate(session, rater=Rater.CLIENT): (1, 1, 0),
    lambda session, _: rate(session): (0, 0, 0),
    ask_twice: (1, 0, 0),
    take_back: (0, 0, 0),
    refuse: (1, 0, 1),
    refuse_and_ask_again: (1, 0, 0),
    refuse_then_answer: (1, 1, 0),
}


@pytest.mark.parametrize("story", HISTORIES)
def test_each_session_counts_once_by_what_came_of_the_last_question(yesterday, ada, story):
    story(yesterday, ada)
    assert counted(yesterday) == HISTORIES[story]


@pytest.mark.parametrize("change", [{"attendance": "missed"}, {"starts_at": timezone.now() + 2 * DAY}])
def test_only_held_sessions_count(yesterday, ada, change):
    make_link(yesterday, by=ada)
    TherapySession.objects.update(**change)
    assert counted(yesterday) == (0, 0, 0)


def test_sessions_are_summed_and_other_clients_left_out(robin, ada):
    first, second, third = history(robin, [5, 5, 5])
    rate(first, rater=Rater.CLIENT)
    refuse(second, ada)
    make_link(third, by=ada)
    make_link(SessionFactory(), by=ada)
    assert counted(first) == (3, 1, 1)


def test_the_clients_page_says_it(as_user, ada, yesterday):
    refuse(yesterday, ada)
    page = as_user(ada).get(reverse("client", args=[yesterday.episode.client_id])).content.decode()
    assert "Asked 1 time, answered 0, declined 1." in page


def test_the_supervisor_sees_it_by_clinician(as_user, ada, sue, yesterday):
    refuse(yesterday, ada)
    other = SessionFactory(client=ClientFactory(clinician=ada))
    rate(other, rater=Rater.CLIENT)
    (line,) = as_user(sue).get(reverse("supervision")).context["coverage"]
    assert (line.clinician, line.held, line.asked, line.answered, line.declined) == (ada, 2, 2, 1, 1)


class TestPlan:
    def due(self) -> list[int]:
        now = timezone.now()
        sessions = annotate_asked(TherapySession.objects.held(now), now).numbered().select_related("episode__client")
        return [
            session.number
            for session in sessions.order_by("starts_at")
            if is_ask_due(session, session.number, now, is_asked=session.is_asked)
        ]

    @pytest.fixture(autouse=True)
    def daily(self, robin):
        """Six sessions, the last three of them within three days."""
        for days in (30, 20, 10, 2.9, 2, 1):
            SessionFactory(client=robin, starts_at=timezone.now() - days * DAY)

    @pytest.mark.parametrize(
        ("every", "numbers"), [(None, []), (1, [4, 5, 6]), (2, [4, 6]), (3, [6]), (5, [5]), (7, [])]
    )
    def test_every_nth_is_due_for_three_days(self, every, numbers):
        Episode.objects.update(ask_every=every)
        assert self.due() == numbers

    def test_a_missed_session_has_no_number_and_the_next_takes_its_place(self, robin):
        Episode.objects.update(ask_every=3)
        TherapySession.objects.filter(pk=robin.episodes.get().sessions.earliest("starts_at").pk).update(
            attendance="missed"
        )
        assert self.due() == [3]
        SessionFactory(client=robin, starts_at=timezone.now() - timedelta(hours=1))
        assert self.due() == [3, 6]

    def test_not_what_was_asked_already(self, robin, ada):
        Episode.objects.update(ask_every=1)
        make_link(robin.episodes.get().sessions.latest("starts_at"), by=ada)
        assert self.due() == [4, 5]

    def test_not_of_a_client_who_stopped_invitations_nor_after_the_therapy(self):
        Episode.objects.update(ask_every=1)
        Client.objects.update(invitations_stopped_at=timezone.now())
        assert self.due() == []
        Client.objects.update(invitations_stopped_at=None)
        Episode.objects.update(ended_on=timezone.localdate(), ending="planned")
        assert self.due() == []


def test_nobody_was_asked_where_there_are_no_sessions():
    assert AskedCounts.of([]) == AskedCounts(0, 0, 0)


@pytest.mark.parametrize("story", HISTORIES)
def test_many_sessions_are_read_as_one_is(yesterday, ada, story):
    story(yesterday, ada)
    SessionFactory(client=yesterday.episode.client)
    sessions = TherapySession.objects.filter(episode=yesterday.episode)
    for these in (sessions, [session.pk for session in sessions]):
        found = AskedCounts.of(asked_states(these, timezone.now()).values())
        assert (found.asked, found.answered, found.declined) == HISTORIES[story]
