"""What leaves by itself at night: a link where the plan asks for one, and one reminder. Never two, never too late."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from clients.models import Client, Episode, TherapySession
from ratings.asking import invitations
from ratings.asking.answering import decline, hand_over, stop_invitations
from ratings.asking.client_reminders import remind_clients
from ratings.asking.invitations import mail_due_links, mail_link, make_code, make_link, withdraw_links
from ratings.caseload.episodes import end_episode
from ratings.caseload.sessions import set_attendance, set_not_suitable, void_session
from ratings.models import ClientLink, Rater
from tests.factories import SessionFactory, rate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("service", "mailing")]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
SITE = "https://questions.example.org"


@pytest.fixture
def mailed(monday, robin, ada, settings, mailing) -> ClientLink:
    """A link that was e-mailed on Monday at ten, about the session an hour before."""
    settings.BASE_URL = SITE
    session = SessionFactory(client=robin, starts_at=monday - timedelta(hours=1))
    mail_link(session, by=ada, site=SITE)
    return ClientLink.objects.get()


def nights(after, count=6):
    """Remind in this night and the following ones; how many reminders went out in each."""
    reminded = []
    for night in range(count):
        with time_machine.travel(after + night * DAY, tick=False):
            reminded.append(remind_clients(timezone.now()))
    return reminded


def address_in(message) -> str:
    return re.search(r"https://questions\.example\.org(/q/\S+)", message.body)[1]


def expire(link, _):
    ClientLink.objects.update(expires_at=link.created_at + DAY)


OVER = {
    "answered": lambda link, _: ClientLink.objects.update(used_at=link.created_at),
    "declined": lambda link, _: decline(link),
    "withdrawn": lambda link, ada: withdraw_links(link.session, by=ada),
    "stopped": lambda link, _: stop_invitations(link),
    "expired": expire,
    "missed": lambda link, ada: set_attendance(link.session, "missed", by=ada),
    "voided": lambda link, ada: void_session(link.session, reason="Added twice", by=ada),
    "unsuitable": lambda link, ada: set_not_suitable(link.session, suitable=False, by=ada),
    "moved": lambda link, _: TherapySession.objects.update(starts_at=link.created_at + 9 * DAY),
    "ended": lambda link, ada: end_episode(
        link.session.episode, ended_on=timezone.localdate(), ending="unplanned", by=ada
    ),
    "declined-on-the-device": lambda link, ada: decline(hand_over(link.session, by=ada)),
    "answered-on-the-device": lambda link, _: rate(link.session, rater=Rater.CLIENT),
    "no-address": lambda *_: Client.objects.update(email=""),
}


@pytest.mark.usefixtures("mailed")
class TestReminder:
    def test_one_after_two_days_and_never_a_second(self, monday, trail):
        assert remind_clients(monday + 2 * DAY - MINUTE) == 0
        assert nights(monday + 2 * DAY) == [1, 0, 0, 0, 0, 0]
        assert len(mail.outbox) == 2
        assert trail().count("link.reminded") == 1

    def test_its_address_takes_the_place_of_the_first_and_ends_when_that_would_have(self, monday, mailed, client):
        with time_machine.travel(monday + 2 * DAY, tick=False):
            remind_clients(timezone.now())
            first, second = map(address_in, mail.outbox)
            assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
        assert "This is the only reminder" in mail.outbox[1].body
        assert mail.outbox[1].to == ["robin@example.org"]
        mailed.refresh_from_db()
        assert mailed.expires_at == monday + 4 * DAY
        with time_machine.travel(monday + 4 * DAY, tick=False):
            assert client.get(second).status_code == 404

    def test_it_names_nobody_either(self, monday, robin):
        remind_clients(monday + 2 * DAY)
        said = f"{mail.outbox[1].subject} {mail.outbox[1].body}".casefold()
        words = ("robin", robin.code.casefold(), "ada", "osei", "therap", "clinic", "session", "client")
        assert [word for word in words if re.search(rf"\b{word}", said)] == []

    @pytest.mark.parametrize("over", OVER)
    def test_nobody_is_reminded_of_what_is_over(self, monday, mailed, ada, over):
        OVER[over](mailed, ada)
        assert nights(monday + 2 * DAY) == [0] * 6
        assert len(mail.outbox) == 1

    def test_asked_again_after_a_refusal_the_later_e_mail_is_reminded_of(self, monday, mailed, ada):
        with time_machine.travel(monday + MINUTE, tick=False):
            withdraw_links(mailed.session, by=ada)
            decline(hand_over(mailed.session, by=ada))
        with time_machine.travel(monday + 2 * MINUTE, tick=False):
            mail_link(mailed.session, by=ada, site=SITE)
        assert sum(nights(monday + 2 * DAY + 2 * MINUTE)) == 1

    def test_a_link_passed_on_by_hand_takes_its_place_and_is_not_reminded_of(self, monday, mailed, ada):
        make_link(mailed.session, by=ada)
        assert nights(monday + 2 * DAY) == [0] * 6

    def test_where_the_server_fails_the_first_link_goes_on_and_the_next_night_tries_again(
        self, monday, client, monkeypatch
    ):
        monkeypatch.setattr(invitations, "send", lambda *_, **__: False)
        with time_machine.travel(monday + 2 * DAY, tick=False):
            assert remind_clients(timezone.now()) == 0
            assert client.get(address_in(mail.outbox[0])).status_code == 200
        monkeypatch.undo()
        assert nights(monday + 3 * DAY) == [1, 0, 0, 0, 0, 0]

    def test_without_a_mail_server_there_is_none(self, monday, settings):
        settings.EMAIL_HOST = ""
        assert nights(monday + 2 * DAY) == [0] * 6


class TestPlan:
    @pytest.fixture
    def night(self, monday, robin, settings):
        """Two o'clock on Monday. Robin had sessions on Saturday and Sunday, and is asked after every one."""
        settings.BASE_URL = SITE
        self.saturday = SessionFactory(client=robin, starts_at=monday - 2 * DAY)
        self.sunday = SessionFactory(client=robin, starts_at=monday - DAY)
        Episode.objects.update(ask_every=1)
        return monday - timedelta(hours=8)

    def test_the_session_of_the_day_before_is_asked_about_once(self, night, client, trail):
        assert [mail_due_links(night), mail_due_links(night), mail_due_links(night + DAY)] == [1, 0, 0]
        link = ClientLink.objects.get()
        assert (link.session, link.by) == (self.sunday, None)
        assert mail.outbox[0].to == ["robin@example.org"]
        assert client.get(address_in(mail.outbox[0])).status_code == 200
        assert trail()[:2] == ["link.made", "link.mailed"]

    @pytest.mark.parametrize(("every", "asks"), [(None, 0), (1, 1), (2, 1), (3, 0)])
    def test_only_the_sessions_that_the_plan_names(self, night, every, asks):
        Episode.objects.update(ask_every=every)
        assert mail_due_links(night) == asks

    @pytest.mark.parametrize("way", ["code", "hand over", "link", "taken back"])
    def test_what_the_clinician_did_by_hand_stands(self, night, ada, way):
        if way == "code":
            make_code(self.sunday, by=ada)
        elif way == "hand over":
            hand_over(self.sunday, by=ada)
        else:
            make_link(self.sunday, by=ada)
        if way == "taken back":
            withdraw_links(self.sunday, by=ada)
        assert mail_due_links(night) == 0
        assert mail.outbox == []

    @pytest.mark.parametrize(
        "state", ["stopped", "no address", "no server", "answered", "missed", "not suitable", "ended"]
    )
    def test_nobody_is_asked_where_there_is_nothing_to_ask(self, night, settings, state):
        changes = {
            "stopped": lambda: Client.objects.update(invitations_stopped_at=night),
            "no address": lambda: Client.objects.update(email=""),
            "no server": lambda: setattr(settings, "EMAIL_HOST", ""),
            "answered": lambda: rate(self.sunday, rater=Rater.CLIENT),
            "missed": lambda: TherapySession.objects.filter(pk=self.sunday.pk).update(attendance="missed"),
            "not suitable": lambda: TherapySession.objects.update(not_rated_reason="not_suitable"),
            "ended": lambda: Episode.objects.update(ended_on=night.date(), ending="planned"),
        }
        changes[state]()
        assert mail_due_links(night) == 0
        assert mail.outbox == []

    def test_a_server_that_fails_once_stops_nobody_elses_e_mail(self, night, monkeypatch):
        monkeypatch.setattr(invitations, "send", lambda *_, **__: False)
        assert mail_due_links(night) == 0
        assert not ClientLink.objects.usable(night).exists()
