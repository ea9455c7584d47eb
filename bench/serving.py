"""The service as people reach it, for benches that come from outside: gunicorn on the database of DATABASE_URL."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.test import Client as Browser

from alliance_tracker.accounts.models import User

WORKERS, THREADS, STARTS_WITHIN = 2, 4, 30


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@dataclass(frozen=True)
class Service:
    """The running service: its address, and the process that its workers belong to."""

    address: str
    process: int

    def memory(self) -> list[float]:
        """Return what each worker has in memory for itself alone, in megabytes: what one more worker would cost."""
        workers = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        return [sum(private_kilobytes(worker)) / 1000 for worker in workers]


def private_kilobytes(process: str) -> Iterator[int]:
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith(("Private_Clean", "Private_Dirty")):
            yield int(line.split()[1])


@contextmanager
def served() -> Iterator[Service]:
    """Serve with the settings of this process, on two workers of four threads, as the Dockerfile does."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "alliance_tracker.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(WORKERS), "--threads", str(THREADS), "--log-level", "error"]
    command += ["--preload", "--no-control-socket"]
    server = subprocess.Popen(command, env=os.environ | {"PORT": str(port)})
    try:
        wait_for(port)
        yield Service(f"http://localhost:{port}", server.pid)
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("The server did not start.")


def cookie_of(person: User) -> str:
    """Sign a person in, and return the value of the cookie that their browser would send."""
    browser = Browser()
    browser.force_login(person)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value
