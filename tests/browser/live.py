"""The site as a browser meets it: served from a thread, on a database that each test has to itself."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.db import connection, connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import BrowserContext

from alliance_tracker.accounts.models import ServiceSettings

REPORT_VIOLATIONS = """addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI, sourceFile}) =>
  console.error(`Policy violated: ${violatedDirective} by ${blockedURI} in ${sourceFile}`))"""


@contextmanager
def serve() -> Iterator[str]:
    """Serve the site at the address it yields, static files included."""
    thread = LiveServerThread("localhost", static_handler=lambda application: application)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield f"http://localhost:{thread.port}"
    finally:
        thread.terminate()


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


class Watch:
    """What browsers complain about: console errors, uncaught errors, policy violations, requests to other sites."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.start_again()

    def start_again(self) -> None:
        self.heard: list[str] = []
        self.expected: list[str] = []

    def over(self, context: BrowserContext) -> None:
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", lambda said: self.heard.append(said.text) if said.type in ("error", "warning") else None)
        context.on("weberror", lambda error: self.heard.append(str(error.error)))
        context.on("request", lambda request: self.hear_request(request.url))

    def hear_request(self, url: str) -> None:
        if not url.startswith((f"{self.site}/", "data:", "blob:")):
            self.heard.append(f"Request to another site: {url}")

    def expect(self, *patterns: str) -> None:
        """Let complaints pass that match: a refused form answers 422, and the console says so."""
        self.expected.extend(patterns)

    @property
    def complaints(self) -> list[str]:
        return [words for words in self.heard if not any(re.search(pattern, words) for pattern in self.expected)]
