"""A backup is put back as a file, as docs/operations.md says, and the list of erasures is applied to it."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from alliance_tracker.accounts.models import User
from clients.models import Client
from ratings.models import Tombstone
from ratings.privacy import actions as privacy
from tests.factories import ClientFactory, SupervisionFactory, UserFactory
from tests.ratings.privacy.full_record import fill

CODE = "R-CANARY"


@pytest.fixture
def file(database, settings, tmp_path) -> Path:
    """The file of a database in which Robin is."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no file to put back; test_erasure.py brings the rows back on both engines")
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"
    clinician, supervisor = UserFactory(), UserFactory(is_supervisor=True)
    SupervisionFactory(clinician=clinician, supervisor=supervisor)
    admin = UserFactory(is_admin=True, email="adam@example.org")
    fill(ClientFactory(code=CODE, clinician=clinician), clinician, supervisor, admin)
    connection.close()
    return Path(connection.settings_dict["NAME"])


def clients_in(file: Path) -> int:
    connection.close()
    with sqlite3.connect(file) as opened:
        return opened.execute("SELECT count(*) FROM clients_client").fetchone()[0]


def test_a_backup_brings_a_client_back_until_the_list_is_applied(file, tmp_path):
    copy = shutil.copy(file, tmp_path / "backup.sqlite3")
    privacy.erase_client(Client.objects.get(), basis="request", by=User.objects.get(is_admin=True))
    assert clients_in(file) == 0
    assert CODE.encode() not in file.read_bytes(), "what is deleted is overwritten in the file"
    shutil.copy(copy, file)
    assert clients_in(file) == 1
    call_command("reapply_erasures")
    assert clients_in(file) == 0
    assert Tombstone.objects.get().basis == "request"
    assert CODE.encode() not in file.read_bytes()
