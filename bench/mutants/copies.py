"""Run tests on a changed copy of the source.

Each run is a forked process that has imported the libraries already, and nothing of the source.
"""

import importlib
import json
import os
import shutil
import signal
import sys
import time
import traceback
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

from bench.mutants.databases import own_database, save_migrated, use_migrated
from bench.mutants.operators import Mutant

LONGEST = 900
NEVER_CHANGES = (
    *("pytest", "hypothesis", "factory", "playwright.sync_api", "pypdf", "plotly", "time_machine", "typst", "segno"),
    *("django.test", "django.db.models", "django.forms", "orjson", "cryptography.fernet", "dj_database_url", "csp"),
    *("crispy_forms", "django_htmx", "whitenoise", "webauthn", "fido2.server"),
)
QUIETLY = [
    "-q",
    "-p",
    "no:xdist",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:randomly",
    "-x",
    "--tb=line",
    "-W",
    "ignore:Module already",
]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "node_modules", "var", "__pycache__", "vendor", ".*_cache")


class Outcome(NamedTuple):
    """The result of one run: the first test that failed, or why the run did not finish."""

    killed_by: str
    trouble: str = ""


class Watcher:
    """A pytest plugin that keeps the first test that fails."""

    def __init__(self) -> None:
        self.killed_by, self.trouble, self.ran = "", "", 0

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.ran += report.when == "call"
        if report.failed and not self.killed_by:
            self.killed_by = report.nodeid

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed and not self.trouble:
            self.trouble = f"cannot be collected: {report.nodeid}"


def preload() -> None:
    """Import the libraries once, in the parent of all runs. Those that are not installed are skipped."""
    for name in NEVER_CHANGES:
        try:
            importlib.import_module(name)
        except ImportError:
            continue


class Copy:
    """A copy of the source in a folder of its own, with a database of its own."""

    def __init__(self, root: Path, within: Path) -> None:
        self.root, self.folder, self.plants = root, Path(mkdtemp(dir=within)), 0
        self.place = self.folder / "source"
        shutil.copytree(root, self.place, ignore=LEFT_OUT, symlinks=True)
        if root.joinpath("static/vendor").exists():
            self.place.joinpath("static/vendor").symlink_to(root / "static/vendor")
        self.run([], save=True)

    def try_out(self, mutant: Mutant, tests: list[str]) -> Outcome:
        """Plant a mutant, run the tests until the first one fails, and restore the file."""
        path = self.place / mutant.path
        before, self.plants = path.read_bytes(), self.plants + 1
        path.write_bytes(mutant.applied(before))
        stamp = time.time() + 100 * self.plants  # so that no cached bytecode of another mutant is taken for this file
        os.utime(path, (stamp, stamp))
        try:
            return self.run(tests)
        finally:
            path.write_bytes(before)
            os.utime(path, (stamp + 50, stamp + 50))

    def run(self, tests: list[str], *, save: bool = False) -> Outcome:
        """Run tests in a forked process; with `save`, migrate the database that the runs copy instead."""
        said = self.folder / "said.json"
        said.unlink(missing_ok=True)
        child = os.fork()
        if child == 0:
            try:
                os.setsid()
                self.in_child(tests, said, save=save)
            except BaseException:  # noqa: BLE001 - the child must not go on in the code of its parent
                traceback.print_exc()
            finally:
                os._exit(0)
        if not ended(child):
            return Outcome("", f"took more than {LONGEST} s")
        return Outcome(*json.loads(said.read_text())) if said.exists() else Outcome("", "did not end well")

    def in_child(self, tests: list[str], said: Path, *, save: bool) -> None:
        """Run pytest in the child, on this copy, and write the outcome to a file."""
        os.chdir(self.place)
        log = os.open(self.folder / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(log, 1)
        os.dup2(log, 2)
        sys.path[:] = [str(self.place), *[path for path in sys.path if path not in {"", str(self.root)}]]
        os.environ |= {"DATABASE_URL": own_database(self.folder), "VAR_DIR": str(self.folder / "var")}
        os.environ["DJANGO_SETTINGS_MODULE"] = "alliance_tracker.settings"
        if save:
            save_migrated(self.folder)
            return
        use_migrated(self.folder)
        pytest, watcher = importlib.import_module("pytest"), Watcher()
        ended_as = pytest.main([*QUIETLY, *tests], plugins=[watcher])
        if ended_as not in {0, 1} and not watcher.killed_by:
            watcher.trouble = watcher.trouble or f"pytest ended with {ended_as}"
        said.write_text(json.dumps([watcher.killed_by, watcher.trouble if not watcher.killed_by else ""]))


def ended(child: int) -> bool:
    """Wait for the child, and kill it after 15 minutes; whether it ended by itself."""
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        if os.waitpid(child, os.WNOHANG)[0]:
            return True
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False
