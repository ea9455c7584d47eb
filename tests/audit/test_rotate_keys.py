"""A new key: every encrypted column is written anew with it, and nothing else changes."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from alliance_tracker.audit import rotation
from alliance_tracker.encryption import decrypt, encrypt, encrypted_fields
from clients.emergency import review_emergency_access
from clients.models import Client, TherapySession
from ratings.models import Rating, RatingVersion, Rupture
from ratings.privacy import actions as privacy
from ratings.saving.drafts import keep_draft
from ratings.strains import actions as repair
from tests.accounts.factors import code_now, codes_of, give_app
from tests.factories import EmergencyAccessFactory, SessionFactory, rate
from tests.ratings.privacy.full_record import supervise

pytestmark = pytest.mark.django_db
MODELS = [model for model in apps.get_models() if encrypted_fields(model)]
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def filled(settings, yesterday, ada, sue, adam):
    """A text in every encrypted column and each kind of second factor, written with the old key."""
    settings.FIELD_KEYS = [OLD]
    robin = yesterday.episode.client
    Client.objects.update(name="Robin A.", email="robin@example.org")
    keep_draft(SessionFactory(client=robin), {"note": "Half a sentence"}, by=ada, key=None)
    rating = rate(yesterday, 3, note="A long pause.", strain="clear")
    RatingVersion.objects.create(
        rating=rating, version=2, saved_by=ada, saved_at=rating.saved_at, reason="A slip", note="A long pause.", goals=3
    )
    TherapySession.objects.filter(pk=SessionFactory(client=robin).pk).update(
        voided_at=rating.saved_at, voided_reason="Twice"
    )
    repair.change_rupture(Rupture.objects.get(), says="work", note="We spoke of it.", by=ada)
    repair.pause_signals(robin.episodes.get(), reason="A break", by=ada)
    privacy.add_rectification(robin, text="It was a Tuesday.", by=ada)
    supervise(robin, sue)
    EmergencyAccessFactory(client=robin)
    review_emergency_access(robin.emergency_accesses.get(), verdict="justified", remark="Rightly.", by=sue)
    give_app(ada)
    WebAuthn.add(ada, "A phone", {"id": "gAAAAA"})
    privacy.hold_record(robin, reason="A complaint", until=None, by=adam)
    settings.FIELD_KEYS = [NEW, OLD]


def plain() -> dict:
    """Every row of every table with encrypted columns, decrypted."""
    rows = {model: list(model._base_manager.order_by("pk").values()) for model in MODELS}
    return rows | {Authenticator: [opened(factor.data) for factor in Authenticator.objects.order_by("pk")]}


def opened(data: dict) -> dict:
    return {name: decrypt(value) if name in rotation.FACTOR_SECRETS else value for name, value in data.items()}


def raw() -> list[str]:
    """Every encrypted text as it is stored."""
    found = []
    with connection.cursor() as cursor:
        for model in MODELS:
            for field in encrypted_fields(model):
                cursor.execute(f"SELECT {field.column} FROM {model._meta.db_table}")  # noqa: S608 - names of the models
                found += [value for (value,) in cursor.fetchall() if value]
    return found + factor_secrets()


def factor_secrets() -> list[str]:
    """Every text within the second factors that is a token."""
    texts = [value for factor in Authenticator.objects.all() for value in factor.data.values()]
    return [text for text in texts if str(text).startswith("gAAAAA")]


def test_the_test_fills_every_encrypted_column(filled):
    empty = [
        field
        for model in MODELS
        for field in encrypted_fields(model)
        if not any(model._base_manager.values_list(field.name, flat=True))
    ]
    assert empty == []
    assert len(factor_secrets()) == len(rotation.FACTOR_SECRETS)


def test_everything_is_written_with_the_new_key_and_says_the_same(filled, settings, capsys):
    before, stored = plain(), raw()
    call_command("rotate_keys")
    assert "Everything is written with the newest key" in capsys.readouterr().out
    assert plain() == before
    assert len(raw()) == len(stored)
    assert not set(raw()) & set(stored)
    settings.FIELD_KEYS = [NEW]
    assert plain() == before
    assert Rating.objects.get().note == "A long pause."


def test_a_second_run_changes_nothing(filled):
    call_command("rotate_keys")
    stored = raw()
    call_command("rotate_keys")
    assert raw() == stored


def test_a_run_that_was_stopped_goes_on(filled, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 1)
    counts = rotation.rotate(write=True)
    next(counts)
    counts.close()
    done = set(raw())
    call_command("rotate_keys")
    call_command("rotate_keys", "--check")
    assert done & set(raw())


def test_the_check_says_that_the_old_key_is_needed_and_writes_nothing(filled):
    stored = raw()
    with pytest.raises(CommandError, match="still written with an older key"):
        call_command("rotate_keys", "--check")
    assert raw() == stored


def test_the_check_sees_a_second_factor_that_needs_the_old_key(settings, ada, capsys):
    settings.FIELD_KEYS = [OLD]
    give_app(ada)
    settings.FIELD_KEYS = [NEW, OLD]
    with pytest.raises(CommandError, match="2 texts are still written with an older key"):
        call_command("rotate_keys", "--check")
    assert re.search(r"mfa_authenticator +0 +0 +2 +0\n", capsys.readouterr().out)


def test_codes_go_on_working_and_used_ones_stay_used(filled, settings, ada):
    used = codes_of(ada)[0]
    assert Authenticator.objects.get(type="recovery_codes").wrap().validate_code(used)
    call_command("rotate_keys")
    settings.FIELD_KEYS = [NEW]
    assert Authenticator.objects.get(type="totp").wrap().validate_code(code_now())
    assert len(codes_of(ada)) == 9
    assert used not in codes_of(ada)


def test_what_no_key_opens_is_left_alone_and_said(filled, settings):
    settings.FIELD_KEYS = [NEW]
    stored = raw()
    with pytest.raises(CommandError, match="a key that is not in FIELD_KEYS"):
        call_command("rotate_keys")
    assert raw() == stored


def test_what_someone_changed_meanwhile_is_not_overwritten(filled, robin):
    assert rotation.rewrite(Client, robin.pk, "name", encrypt("What was read before")) == 0
    robin.refresh_from_db()
    assert robin.name == "Robin A."
