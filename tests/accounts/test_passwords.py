"""Forgotten and changed passwords."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.audit.models import AuditEvent
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

NEW = "quiet-river-over-stone"
RESET = "/accounts/password/reset/"
CHANGE = "/accounts/password/change/"
CLINICAL = ("client", "therap", "session", "rating", "psycho", "alliance score")


@pytest.fixture
def mail_server(settings):
    settings.EMAIL_HOST = "mail.example.org"
    settings.BASE_URL = "https://alliance.example.org"


def link_in(message) -> str:
    return next(line for line in message.body.splitlines() if line.startswith("https://alliance.example.org/"))


def can_sign_in(password) -> bool:
    return Browser().post("/accounts/login/", {"login": "ada@example.org", "password": password}).status_code == 302


def set_password(client, link, password=NEW, again=None):
    page = client.get(link.removeprefix("https://alliance.example.org").removeprefix("http://testserver"), follow=True)
    address = page.redirect_chain[-1][0] if page.redirect_chain else link
    return client.post(address, {"password1": password, "password2": again or password})


def test_without_a_mail_server_the_page_says_to_ask_an_admin(client):
    for page in (client.get(RESET), client.post(RESET, {"email": "ada@example.org"})):
        assert "An administrator of your service can make you a link" in page.content.decode()
    assert not mail.outbox


def test_a_forgotten_password_is_set_anew_by_mail(client, ada, mail_server):
    page = client.post(RESET, {"email": "ADA@example.org"}, follow=True)
    assert "If there is an account" in page.content.decode()
    assert mail.outbox[0].to == ["ada@example.org"]
    link = link_in(mail.outbox[0])
    done = set_password(client, link)
    assert done.url == reverse("account_reset_password_from_key_done")
    assert client.get(done.url).status_code == 200
    assert can_sign_in(NEW)
    assert not can_sign_in(PASSWORD)
    assert "no longer works" in client.get(link.removeprefix("https://alliance.example.org")).content.decode()
    assert AuditEvent.objects.filter(action="user.password_changed", target_id=ada.pk).count() == 1


def test_an_unknown_e_mail_gets_the_same_answer(client, ada, mail_server):
    known, unknown = (client.post(RESET, {"email": email}) for email in ("ada@example.org", "nobody@example.org"))
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert mail.outbox[1].to == ["nobody@example.org"]
    assert "There is none." in mail.outbox[1].body


def test_no_mail_has_a_clinical_word(client, ada, mail_server):
    ada.name = "Ada O'Sei"
    ada.save()
    client.post(RESET, {"email": "ada@example.org"})
    client.post(RESET, {"email": "nobody@example.org"})
    assert "Ada O'Sei" in mail.outbox[0].body
    for message in mail.outbox:
        assert not any(word in f"{message.subject} {message.body}".lower() for word in CLINICAL)


def test_the_host_of_a_request_never_gets_into_a_mail(client, ada, mail_server, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post(RESET, {"email": "ada@example.org"}, headers={"host": "evil.example"})
    assert "evil.example" not in mail.outbox[0].body


def test_a_mail_server_that_is_away_is_said(client, ada, mail_server, monkeypatch):
    def fail(*_, **__):
        raise ConnectionRefusedError

    monkeypatch.setattr("alliance_tracker.accounts.mail.EmailMessage.send", fail)
    page = client.post(RESET, {"email": "ada@example.org"}, follow=True)
    assert "The e-mail could not be sent." in page.content.decode()


def test_a_deactivated_person_gets_no_link(client, ada, mail_server):
    ada.is_active, ada.deactivated_at = False, timezone.now()
    ada.save()
    client.post(RESET, {"email": "ada@example.org"})
    assert "There is none." in mail.outbox[0].body


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("short", "short"), "too short"),
        ((NEW, "another-password-here"), "same password"),
        (("qwerty123456", "qwerty123456"), "too common"),
        (("a" * 257, "a" * 257), "at most 256"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused(client, ada, mail_server, typed, said):
    client.post(RESET, {"email": "ada@example.org"})
    page = set_password(client, link_in(mail.outbox[0]), *typed)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert can_sign_in(PASSWORD)


def test_a_link_is_too_old_after_three_days(client, ada, mail_server):
    client.post(RESET, {"email": "ada@example.org"})
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        page = client.get(link_in(mail.outbox[0]).removeprefix("https://alliance.example.org"), follow=True)
    assert "no longer works" in page.content.decode()


@pytest.mark.parametrize(
    "key", ["abc-def", "0-set-password", "z" * 200 + "-x", "00000000000000000000000000000000-a%00b"]
)
def test_an_invented_link_shows_the_same_page(client, key):
    page = client.get(f"/accounts/password/reset/key/{key}/")
    assert "no longer works" in page.content.decode()


def test_a_link_of_before_a_new_e_mail_is_void(client, ada, mail_server):
    client.post(RESET, {"email": "ada@example.org"})
    ada.email = "ada.osei@example.org"
    ada.save()
    page = client.get(link_in(mail.outbox[0]).removeprefix("https://alliance.example.org"), follow=True)
    assert "no longer works" in page.content.decode()


def test_a_changed_password_ends_the_other_sign_ins(ada):
    here, elsewhere = Browser(), Browser()
    for browser in (here, elsewhere):
        browser.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
    page = here.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}, follow=True)
    assert "Your new password is set." in page.content.decode()
    assert here.get("/accounts/me/").status_code == 200
    assert elsewhere.get("/accounts/me/").status_code == 302
    assert AuditEvent.objects.filter(action="user.password_changed", actor_id=ada.pk).count() == 1


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"oldpassword": "wrong-password", "password1": NEW, "password2": NEW},
        {"oldpassword": PASSWORD, "password1": "short", "password2": "short"},
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW + "x"},
        {"oldpassword": PASSWORD, "password1": "a" * 300, "password2": "a" * 300},
        {"oldpassword": PASSWORD, "password1": NEW + "\x00", "password2": NEW + "\x00"},
    ],
)
def test_a_bad_change_is_refused(as_user, ada, given):
    assert as_user(ada).post(CHANGE, given).status_code == 422
    assert can_sign_in(PASSWORD)


def test_changing_a_password_needs_a_sign_in(client):
    assert client.get(CHANGE).url == f"/accounts/login/?next={CHANGE}"
