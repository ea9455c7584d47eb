"""A database that several threads share, for tests of races and for the browser."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.db import connection, connections

from alliance_tracker.accounts.models import ServiceSettings


def save_copy(path: Path) -> None:
    """Write the database that migrations made to a file. SQLite's own in-memory one cannot serve several threads."""
    connection.ensure_connection()
    copy = sqlite3.connect(path)
    connection.connection.backup(copy)
    copy.close()


@contextmanager
def fresh_database(migrated: Path | None) -> Iterator[None]:
    """Give every thread a database as the migrations leave it. `migrated` is its file; None on PostgreSQL."""
    with copied_database(migrated) if migrated else flushed_database():
        ServiceSettings.objects.get_or_create(defaults={"require_second_factor": False})
        yield


@contextmanager
def flushed_database() -> Iterator[None]:
    try:
        yield
    finally:
        call_command("flush", interactive=False, verbosity=0)


@contextmanager
def copied_database(migrated: Path) -> Iterator[None]:
    """Swap a copy of the file in, so that nothing is ever deleted: the append-only tables would refuse that."""
    settings, before = connections.settings["default"], connections["default"]
    name, command = settings["NAME"], settings["OPTIONS"]["init_command"]
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings["NAME"] = shutil.copy(migrated, folder)
        settings["OPTIONS"]["init_command"] = f"{command} PRAGMA synchronous=OFF;"
        connections["default"] = connections.create_connection("default")
        try:
            yield
        finally:
            connections["default"].close()
            connections["default"] = before
            settings["NAME"], settings["OPTIONS"]["init_command"] = name, command
