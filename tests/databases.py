"""The test database: migrated once and copied for each process; and one that several threads share."""

import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.creation import BaseDatabaseCreation
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker

from alliance_tracker.accounts.models import ServiceSettings

QUIETLY: dict[str, Any] = {"verbosity": 0, "interactive": False, "aliases": {"default"}, "serialized_aliases": set()}

Made = list[tuple[BaseDatabaseWrapper, str, bool]]


def make_test_database(shared: Path | None = None) -> Made:
    """Make the test database of this process, as Django's runner does.

    Of the processes that share a folder the first one migrates and keeps the result there, a file of SQLite or the
    name of a template on PostgreSQL. The others wait for it and copy.
    """
    if shared is None:
        return setup_databases(**QUIETLY)
    with locked(shared) as kept:
        if kept.exists():
            with copying(kept):
                return setup_databases(**QUIETLY)
        made = setup_databases(**QUIETLY)
        if connection.vendor == "sqlite":
            save_copy(kept)
        else:
            template = f"{connection.settings_dict['NAME']}_migrated"
            copy_on_server(connection.settings_dict["NAME"], template)
            kept.write_text(template)
        return made


def remove_test_database(made: Made, shared: Path | None = None) -> None:
    """Remove it, and the template: a process that comes later migrates for itself."""
    teardown_databases(made, verbosity=0)
    if shared and connection.vendor == "postgresql":
        with locked(shared) as kept, connection.creation._nodb_cursor() as cursor:
            if kept.exists():
                cursor.execute(f'DROP DATABASE IF EXISTS "{kept.read_text()}"')
                kept.unlink()


@contextmanager
def locked(shared: Path) -> Iterator[Path]:
    """Let one process at a time ask for what is kept; yield where that is."""
    with shared.joinpath("migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield shared / "migrated"


def copy_on_server(template: str, name: str) -> None:
    """Copy a database of the PostgreSQL server; nobody may be connected to it meanwhile."""
    connection.close()
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


@contextmanager
def copying(kept: Path) -> Iterator[None]:
    """Let Django's own way of making a test database copy the kept one in place of migrating."""

    def create_test_db(self: BaseDatabaseCreation, *_: Any, **__: Any) -> str:
        name = self._get_test_db_name()
        if self.connection.vendor == "postgresql":
            copy_on_server(kept.read_text(), name)
        self.connection.close()
        settings.DATABASES["default"]["NAME"] = self.connection.settings_dict["NAME"] = name
        self.connection.ensure_connection()
        if self.connection.vendor == "sqlite":
            source = sqlite3.connect(kept)
            source.backup(self.connection.connection)
            source.close()
        return name

    usual, BaseDatabaseCreation.create_test_db = BaseDatabaseCreation.create_test_db, create_test_db
    try:
        yield
    finally:
        BaseDatabaseCreation.create_test_db = usual


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
    given, before = connections.settings["default"], connections["default"]
    name, command = given["NAME"], given["OPTIONS"]["init_command"]
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        given["NAME"] = shutil.copy(migrated, folder)
        given["OPTIONS"]["init_command"] = f"{command} PRAGMA synchronous=OFF;"
        connections["default"] = connections.create_connection("default")
        try:
            yield
        finally:
            connections["default"].close()
            connections["default"] = before
            given["NAME"], given["OPTIONS"]["init_command"] = name, command


@contextmanager
def rows_for_many_tests(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Keep what is written while this begins for as long as it lasts: each test's own transaction is within it."""
    block = transaction.atomic()
    with blocker.unblock():
        block.__enter__()
    try:
        yield
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            block.__exit__(None, None, None)
