"""Making and taking back what leads a client to the form: secrets, their time, and when there is nothing to ask."""

import base64
import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from alliance_tracker.accounts.actions import token_hash
from alliance_tracker.accounts.models import ServiceSettings
from alliance_tracker.audit.models import AuditEvent
from clients.models import Client, TherapySession
from ratings.asking import invitations
from ratings.asking.answering import hand_over, open_code
from ratings.asking.invitations import CODE_ALPHABET, mail_link, make_code, make_link, withdraw_links
from ratings.caseload.episodes import end_episode
from ratings.caseload.sessions import set_attendance, void_session
from ratings.models import ClientLink, Rater
from tests.factories import SessionFactory, rate

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SITE = "https://questions.example.org/"


@pytest.fixture(autouse=True)
def settings_of_the_service(service):
    return service


def stop(robin) -> None:
    robin.invitations_stopped_at = timezone.now()
    robin.save()


def every_way(session, ada):
    return [lambda: make_link(session, by=ada), lambda: make_code(session, by=ada)]


class TestSecrets:
    def test_a_link_has_128_random_bits_at_least_and_no_two_are_alike(self, yesterday, ada):
        tokens = {make_link(yesterday, by=ada)[1] for _ in range(20)}
        assert len(tokens) == 20
        assert all(len(base64.urlsafe_b64decode(token + "=")) * 8 >= 128 for token in tokens)

    def test_only_a_hash_of_it_is_stored(self, yesterday, ada):
        link, token = make_link(yesterday, by=ada)
        code = make_code(yesterday, by=ada)[1]
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM ratings_clientlink")
            rows = str(cursor.fetchall())
        assert token_hash(token) in rows
        for secret in (token, code, code.replace("-", "")):
            assert secret not in rows
            assert secret not in str(list(AuditEvent.objects.values()))
        assert len(link.token_hash) == 64

    def test_a_code_is_eight_characters_that_nobody_mistakes(self, yesterday, ada):
        code = make_code(yesterday, by=ada)[1]
        assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}", code)
        assert not set("IL1O0") & set(CODE_ALPHABET)
        assert set(code) <= {*CODE_ALPHABET, "-"}

    def test_a_code_lasts_fifteen_minutes(self, yesterday, ada):
        now = timezone.now()
        with time_machine.travel(now, tick=False):
            code = make_code(yesterday, by=ada)[1].replace("-", "")
        with time_machine.travel(now + timedelta(minutes=15), tick=False), pytest.raises(ValidationError):
            open_code(code)
        with time_machine.travel(now + timedelta(minutes=14, seconds=59), tick=False):
            assert open_code(code).session == yesterday

    @pytest.mark.parametrize("days", [1, 4, 14])
    def test_a_link_lasts_as_long_as_the_service_says(self, yesterday, ada, service, days):
        service.link_days = days
        service.save()
        link = make_link(yesterday, by=ada)[0]
        assert link.expires_at - link.created_at == days * DAY
        assert ClientLink.objects.usable(link.expires_at - timedelta(seconds=1)).exists()
        assert not ClientLink.objects.usable(link.expires_at).exists()

    def test_four_days_where_the_service_says_nothing(self, service):
        assert service.link_days == 4


class TestAskingTwice:
    @pytest.mark.parametrize("make", [make_link, make_code])
    def test_the_earlier_of_a_kind_stops_working(self, yesterday, ada, make):
        first, second = make(yesterday, by=ada)[0], make(yesterday, by=ada)[0]
        first.refresh_from_db()
        assert first.withdrawn_at is not None
        assert list(ClientLink.objects.usable(timezone.now())) == [second]

    def test_a_link_and_a_code_stand_beside_each_other(self, yesterday, ada):
        make_link(yesterday, by=ada)
        make_code(yesterday, by=ada)
        hand_over(yesterday, by=ada)
        assert ClientLink.objects.usable(timezone.now()).count() == 3

    def test_what_belongs_to_another_session_is_left_alone(self, yesterday, robin, ada):
        other = make_link(SessionFactory(client=robin, starts_at=timezone.now() - 8 * DAY), by=ada)[0]
        make_link(yesterday, by=ada)
        withdraw_links(yesterday, by=ada)
        assert list(ClientLink.objects.usable(timezone.now())) == [other]

    def test_withdrawing_stops_all_that_is_open_and_then_there_is_nothing(self, yesterday, ada, trail):
        make_link(yesterday, by=ada)
        make_code(yesterday, by=ada)
        withdraw_links(yesterday, by=ada)
        assert not ClientLink.objects.usable(timezone.now()).exists()
        assert trail() == ["link.made", "code.made", "link.withdrawn", "link.withdrawn"]
        assert set(AuditEvent.objects.values_list("client_id", flat=True)) == {yesterday.episode.client_id}
        with pytest.raises(ValidationError, match="Nothing is open any more"):
            withdraw_links(yesterday, by=ada)


def missed(session, ada):
    set_attendance(session, "missed", by=ada)


def cancelled(session, ada):
    set_attendance(session, "cancelled", by=ada)


def voided(session, ada):
    void_session(session, reason="Added twice", by=ada)


def future(session, _):
    TherapySession.objects.filter(pk=session.pk).update(starts_at=timezone.now() + 2 * DAY)


def answered(session, _):
    rate(session, rater=Rater.CLIENT)


def ended(session, ada):
    end_episode(session.episode, ended_on=timezone.localdate(), ending="planned", by=ada)


REFUSED = {
    missed: "did not take place",
    cancelled: "did not take place",
    voided: "did not take place",
    future: "still to come",
    answered: "has answered for this session already",
    ended: "therapy has ended",
}


@pytest.mark.usefixtures("mailing")
class TestNothingToAsk:
    @pytest.mark.parametrize("change", REFUSED)
    def test_it_is_refused_in_a_clear_sentence(self, yesterday, ada, change):
        change(yesterday, ada)
        for ask in (*every_way(yesterday, ada), lambda: mail_link(yesterday, by=ada, site=SITE)):
            with pytest.raises(ValidationError) as refusal:
                ask()
            assert REFUSED[change] in refusal.value.messages[0]
        assert not ClientLink.objects.exists()
        assert mail.outbox == []

    def test_a_session_of_today_may_be_asked_about_before_it_starts(self, monday, robin, ada):
        later = SessionFactory(client=robin, starts_at=monday + timedelta(hours=6))
        assert make_link(later, by=ada)[0].session == later

    @pytest.mark.parametrize("change", [missed, cancelled, voided])
    def test_what_was_open_stops_when_the_session_did_not_take_place(self, yesterday, ada, change):
        link = make_link(yesterday, by=ada)[0]
        change(yesterday, ada)
        link.refresh_from_db()
        assert link.withdrawn_at is not None


@pytest.mark.usefixtures("mailing")
class TestStoppedInvitations:
    def test_no_link_and_no_e_mail_only_the_clients_own_form(self, yesterday, robin, ada):
        stop(robin)
        for ask in (lambda: make_link(yesterday, by=ada), lambda: mail_link(yesterday, by=ada, site=SITE)):
            with pytest.raises(ValidationError, match="asked not to be invited"):
                ask()
        assert not ClientLink.objects.exists()
        assert make_code(yesterday, by=ada)[0].kind == "code"
        robin.refresh_from_db()
        assert robin.invitations_stopped_at is not None

    def test_a_link_made_before_stops_working(self, yesterday, robin, ada):
        make_link(yesterday, by=ada)
        stop(robin)
        assert not ClientLink.objects.usable(timezone.now()).exists()


@pytest.mark.usefixtures("mailing")
class TestMail:
    def test_it_names_nobody_and_says_nothing_clinical(self, yesterday, robin, ada, trail):
        ServiceSettings.objects.update(name="Lakeside Psychotherapy")
        mail_link(yesterday, by=ada, site=SITE)
        (message,) = mail.outbox
        assert message.to == ["robin@example.org"]
        assert not message.cc + message.bcc + message.attachments
        said = f"{message.subject} {message.body}".casefold()
        named = (robin.name, "robin", robin.code, ada.name, "ada", "osei", ada.email, "lakeside")
        clinical = (
            "therap",
            "psych",
            "clinic",
            "alliance",
            "session",
            "rating",
            "rate",
            "treatment",
            "health",
            "client",
        )
        said = re.sub(r"https://\S+", "", said)
        assert [word for word in named + clinical if re.search(rf"\b{re.escape(word.casefold())}", said)] == []
        assert trail() == ["link.made", "link.mailed"]

    def test_it_leads_to_the_form_and_says_until_when(self, monday, yesterday, ada, client):
        with timezone.override("Europe/London"):
            mail_link(yesterday, by=ada, site=SITE)
        body = mail.outbox[0].body
        address = re.search(r"https://questions\.example\.org(/q/\S+)", body)[1]
        assert client.get(address).status_code == 200
        assert "Friday 27 November, 10:00" in body
        assert "reminder" not in body
        link = ClientLink.objects.get()
        assert (link.mailed_at, link.reminded_at) == (monday, None)

    def test_one_e_mail_while_its_link_works(self, yesterday, ada):
        mail_link(yesterday, by=ada, site=SITE)
        with pytest.raises(ValidationError, match="its link still works"):
            mail_link(yesterday, by=ada, site=SITE)
        withdraw_links(yesterday, by=ada)
        mail_link(yesterday, by=ada, site=SITE)
        assert len(mail.outbox) == 2

    def test_it_needs_an_address_and_a_server(self, yesterday, ada, settings):
        Client.objects.update(email="")
        with pytest.raises(ValidationError, match="No e-mail address"):
            mail_link(yesterday, by=ada, site=SITE)
        settings.EMAIL_HOST = ""
        with pytest.raises(ValidationError, match="no mail server"):
            mail_link(yesterday, by=ada, site=SITE)
        assert not ClientLink.objects.exists()

    def test_where_the_server_fails_nobody_counts_as_asked(self, yesterday, ada, monkeypatch):
        monkeypatch.setattr(invitations, "send", lambda *_, **__: False)
        with pytest.raises(ValidationError, match="did not take the e-mail"):
            mail_link(yesterday, by=ada, site=SITE)
        assert ClientLink.objects.get().withdrawn_at is not None

    def test_the_address_is_encrypted_at_rest(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT email FROM clients_client")
            (stored,) = cursor.fetchone()
        assert stored
        assert "robin" not in stored
        assert "example" not in stored
