import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from alliance_tracker import keys
from alliance_tracker.encryption import decrypt, encrypt
from clients.models import Client
from ratings.models import Rating, RatingVersion
from tests.factories import rate


def stored(table, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608 - names of this test
        return [value for (value,) in cursor.fetchall()]


@pytest.mark.django_db
def test_names_mails_and_notes_are_unreadable_in_the_database(yesterday):
    Client.objects.update(email="robin@example.org")
    rate(yesterday, note="A long pause.")
    for table, column, plain in (
        ("clients_client", "name", "Robin"),
        ("clients_client", "email", "example"),
        ("ratings_rating", "note", "pause"),
        ("ratings_ratingversion", "note", "pause"),
    ):
        (value,) = stored(table, column)
        assert value
        assert plain not in value
    client = Client.objects.get()
    assert (client.name, client.email) == ("Robin A.", "robin@example.org")
    assert Rating.objects.get().note == RatingVersion.objects.get().note == "A long pause."


@pytest.mark.django_db
def test_an_empty_text_stays_empty(robin):
    Client.objects.update(name="")
    assert stored("clients_client", "name") == [""]
    assert Client.objects.get().name == ""


def test_the_same_text_is_never_stored_alike_twice():
    assert encrypt("Robin") != encrypt("Robin")


def test_a_new_key_goes_first_and_the_old_one_still_reads(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    before = encrypt("Robin")
    settings.FIELD_KEYS = [new, old]
    assert decrypt(before) == "Robin"
    after = encrypt("Robin")
    settings.FIELD_KEYS = [new]
    assert decrypt(after) == "Robin"
    with pytest.raises(InvalidToken):
        decrypt(before)


def test_what_was_tampered_with_is_not_read():
    token = encrypt("Robin")
    with pytest.raises(InvalidToken):
        decrypt(token[:-4] + "AAA=")


def secret(tmp_path, *, production=False):
    return keys.secret_from(
        "A_SECRET_FOR_THIS_TEST", tmp_path / "new" / "a.key", keys.make_field_key, production=production
    )


def test_a_secret_comes_from_the_environment_first(tmp_path, monkeypatch):
    monkeypatch.setenv("A_SECRET_FOR_THIS_TEST", "given")
    assert secret(tmp_path) == secret(tmp_path, production=True) == "given"
    assert not (tmp_path / "new").exists()


def test_a_missing_one_is_made_once_for_its_owner_alone_with_a_warning(tmp_path, capsys):
    first = secret(tmp_path)
    assert "Back it up" in capsys.readouterr().err
    assert secret(tmp_path) == first
    assert capsys.readouterr().err == ""
    assert (tmp_path / "new" / "a.key").stat().st_mode & 0o777 == 0o600


def test_production_makes_no_secret_by_itself(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="A_SECRET_FOR_THIS_TEST"):
        secret(tmp_path, production=True)


def test_secrets_differ_each_time():
    assert keys.make_secret() != keys.make_secret()
    assert keys.make_field_key() != keys.make_field_key()
