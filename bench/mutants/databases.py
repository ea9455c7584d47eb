"""A test database for each run, copied from one that was migrated once.

Nothing here may import Django at the top: the modules must come from the copy of the source.
"""

import os
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


def own_database(folder: Path) -> str:
    """Return the address of this folder's database: on the PostgreSQL in DATABASE_URL, otherwise SQLite."""
    given = urlsplit(os.environ.get("DATABASE_URL", ""))
    if given.scheme.startswith("postgres"):
        return given._replace(path=f"/{folder.name}").geturl()
    return f"sqlite:///{folder}/db.sqlite3"


def save_migrated(folder: Path) -> None:
    """Migrate a database once, and keep it for every run."""
    import django  # noqa: PLC0415 - from the copy, so not at the top

    django.setup()
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import setup_databases  # noqa: PLC0415

    setup_databases(verbosity=0, interactive=False, aliases={"default"})  # type: ignore[arg-type]  # a set of names
    if connection.vendor == "postgresql":
        made = connection.settings_dict["NAME"]
        connection.close()
        creation: Any = connection.creation
        with creation._nodb_cursor() as cursor:  # noqa: SLF001 - as Django's own runner does
            cursor.execute(f'ALTER DATABASE "{made}" RENAME TO "migrated_{folder.name}"')
        return
    connection.ensure_connection()
    kept = sqlite3.connect(folder / "migrated.sqlite3")
    connection.connection.backup(kept)
    kept.close()


def use_migrated(folder: Path) -> None:
    """Have Django's test runner copy the migrated database in place of migrating one."""
    from django.db.backends.base.creation import BaseDatabaseCreation  # noqa: PLC0415

    def create_test_db(self: Any, *_: Any, **__: Any) -> str:
        name: str = self._get_test_db_name()
        self.connection.close()
        if self.connection.vendor == "postgresql":
            with self._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "migrated_{folder.name}"')
        self.connection.settings_dict["NAME"] = name
        self.connection.ensure_connection()
        if self.connection.vendor == "sqlite":
            kept = sqlite3.connect(folder / "migrated.sqlite3")
            kept.backup(self.connection.connection)
            kept.close()
        return name

    BaseDatabaseCreation.create_test_db = create_test_db  # type: ignore[method-assign]  # for this process only
