"""Nothing that somebody typed, and no secret, is in a log: not when a page refuses, and not when one breaks."""

import io
import logging
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client as Browser
from django.urls import reverse

from alliance_tracker.accounts.models import BrowserSession
from alliance_tracker.logs import PlainFormatter
from ratings.elements import ITEM_KEYS
from tests.access_table import PAGES
from tests.factories import PASSWORD
from tests.test_access import Visitor
from tests.world import TEXTS, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TYPED = {
    "name": "Typed-Name",
    "code": "TYPED-CODE-7",
    "note": "Typed-Note",
    "email": "typed-mail@example.org",
    "password": "Typed-Password-1",
    "recovery": "typed-recovery-code",
    "token": "Typed-Token-abcdefghijk",
}
FIELDS = {
    "name": TYPED["name"],
    "q": TYPED["name"],
    "sought": TYPED["code"],
    "back": f"/{TYPED['name']}",
    **dict.fromkeys(("code", "mark", "signals", "to", "form"), TYPED["code"]),
    **dict.fromkeys(("note", "reason", "what", "minutes", "remark", "text", "detail", "holidays"), TYPED["note"]),
    **dict.fromkeys(("login", "email"), TYPED["email"]),
    **dict.fromkeys(("password", "password1", "password2", "oldpassword", "current_password"), TYPED["password"]),
    "recovery": TYPED["recovery"],
    "credential": '{"id": "' + TYPED["token"] + '"}',
    **dict.fromkeys(ITEM_KEYS, "5"),
}
PATHS = ("/invite/{}/", "/q/{}/", "/digest/stop/{}/", "/accounts/password/reset/key/0-{}/")


class BrokenMail(BaseEmailBackend):
    """A mail server that refuses, and repeats in its refusal to whom and what."""

    def send_messages(self, messages: list) -> int:
        raise OSError(*(f"{message.to} {message.subject} {message.body}" for message in messages))


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What every logger says, as the log of the service has it, down to the least important line."""
    out, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(out)
    handler.setFormatter(PlainFormatter("{asctime} {levelname} {name} {message}", style="{"))
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(level)


def secrets_of(world: World, visitors: list[Visitor]) -> list[str]:
    tokens = [str(world.ids[page]["token"]) for page in ("accept_invitation", "answer_link", "stop_digest")]
    keys = [visitor.key for visitor in visitors if visitor.key] + list(
        BrowserSession.objects.values_list("pk", flat=True)
    )
    people = [person.email for person in world.people.values()]
    return [*TYPED.values(), *TEXTS.values(), *tokens, *keys, *people, PASSWORD, "R-1"]


def send_everything(visitor: Visitor) -> None:
    """Send every page everything that is typed anywhere, in a form and in an address."""
    query = "?" + "&".join(f"{field}={quote(value)}" for field, value in FIELDS.items())
    for page in PAGES:
        visitor.ask("get", page, query)
        visitor.ask("post", page, query, **FIELDS)
    for path in PATHS:
        visitor.browser.get(path.format(TYPED["token"]))
        visitor.browser.post(path.format(TYPED["token"]), FIELDS)


@pytest.mark.parametrize("name", ["anonymous", "ada", "sue", "adam"])
def test_no_log_has_anything_of_what_was_typed(world, log, name):
    visitor = Visitor(world, name)
    send_everything(visitor)
    said = log.getvalue()
    assert "Not Found" in said
    assert [secret for secret in secrets_of(world, [visitor]) if secret in said] == []


def broken(*_: object, **__: object) -> None:
    """Break with everything that is secret in the message and in what the functions hold."""
    held = " ".join([*TYPED.values(), *TEXTS.values(), "R-1"])
    raise RuntimeError(held)


@pytest.mark.parametrize("name", ["anonymous", "ada", "sue", "adam"])
def test_a_page_that_breaks_logs_nothing_of_it_either(world, log, monkeypatch, settings, name):
    monkeypatch.setattr("django.template.response.TemplateResponse.rendered_content", property(broken))
    visitor = Visitor(world, name)
    visitor.browser.raise_request_exception = False
    send_everything(visitor)
    said = log.getvalue()
    assert "Internal Server Error" in said
    assert "RuntimeError" in said
    assert [secret for secret in secrets_of(world, [visitor]) if secret in said] == []


def test_a_mail_that_cannot_be_sent_is_logged_without_its_words(world, log, settings):
    settings.EMAIL_HOST, settings.EMAIL_BACKEND = "mail.example.org", f"{__name__}.BrokenMail"
    visitor = Visitor(world, "adam")
    visitor.browser.raise_request_exception = False
    visitor.ask("post", "invite_person", name=TYPED["name"], email=TYPED["email"], roles="clinician")
    visitor.ask("post", "resend_invitation")
    ada = Visitor(world, "ada")
    ada.browser.raise_request_exception = False
    ada.ask("post", "ask_client", by="email")
    nobody = Browser(raise_request_exception=False)
    nobody.post(reverse("account_reset_password"), {"email": world.people["ada"].email})
    said = log.getvalue()
    assert said
    assert [secret for secret in secrets_of(world, [visitor, ada]) if secret in said] == []
