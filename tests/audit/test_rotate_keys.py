"""A new key: every encrypted column is written anew with it, and nothing else changes."""

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from alliance_tracker.audit import rotation
from alliance_tracker.encryption import encrypt, encrypted_fields
from clients.models import Client, TherapySession
from ratings import privacy, repair
from ratings.actions import keep_draft
from ratings.models import Rating, RatingVersion, Rupture
from tests.factories import SessionFactory, rate

pytestmark = pytest.mark.django_db
MODELS = [model for model in apps.get_models() if encrypted_fields(model)]
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def filled(settings, yesterday, robin, ada, adam):
    """A text in every encrypted column, written with the old key."""
    settings.FIELD_KEYS = [OLD]
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
    privacy.hold_record(robin, reason="A complaint", until=None, by=adam)
    settings.FIELD_KEYS = [NEW, OLD]


def plain() -> dict:
    """Every row of every table with encrypted columns, decrypted."""
    return {model: list(model._base_manager.order_by("pk").values()) for model in MODELS}


def raw() -> list[str]:
    """Every encrypted text as it is stored."""
    found = []
    with connection.cursor() as cursor:
        for model in MODELS:
            for field in encrypted_fields(model):
                cursor.execute(f"SELECT {field.column} FROM {model._meta.db_table}")  # noqa: S608 - names of the models
                found += [value for (value,) in cursor.fetchall() if value]
    return found


def test_the_test_fills_every_encrypted_column(filled):
    empty = [
        field
        for model in MODELS
        for field in encrypted_fields(model)
        if not any(model._base_manager.values_list(field.name, flat=True))
    ]
    assert empty == []


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
