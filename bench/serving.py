"""The running service, for benches that measure from outside: gunicorn on the database that DATABASE_URL names."""

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
        port: int = found.getsockname()[1]
    return port


@dataclass(frozen=True)
class Service:
    """A running service: its address, and the process id of the parent of its workers."""

    address: str
    process: int

    def memory(self) -> list[float]:
        """Return the private memory of each worker, in megabytes: what one more worker would need."""
        workers = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        return [sum(private_kilobytes(worker)) / 1000 for worker in workers]


def private_kilobytes(process: str) -> Iterator[int]:
    """Yield the sizes of the private pages of a process, clean and dirty, in kilobytes."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith(("Private_Clean", "Private_Dirty")):
            yield int(line.split()[1])


@contextmanager
def served() -> Iterator[Service]:
    """Serve with the settings of this process, on two workers of four threads as in the Dockerfile."""
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
    """Wait until the port answers. Raises RuntimeError when it does not within half a minute."""
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
