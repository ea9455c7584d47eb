"""Load tests: `python -m bench.load` for a working day, `--at-once 200` for as many people who save in the same moment.

Locust sends the requests from a process of its own; the variable LOCUST names its program. The service runs on two
workers of four threads. The database in DATABASE_URL must be empty, and is filled. `make bench-load` starts one.
"""

import csv
import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.pages.settings")

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts.models import ServiceSettings, User
from bench.serving import cookie_of, served
from bench.table import print_table
from clients.models import Client
from ratings.elements import ITEM_KEYS
from ratings.models import Rating, RatingVersion
from tests.factories import ClientFactory, SessionFactory, SupervisionFactory, UserFactory, rate

CLINICIANS, SUPERVISED, CLIENTS, RATED = 12, 4, 12, 6
HEADS = ("request", "number", "failed", "a second", "median ms", "p95 ms", "p99 ms")
LOCUSTFILE = Path(__file__).with_name("locustfile.py")


def clinician_with(clients: int) -> User:
    """Make a clinician with this many clients of six rated sessions each, and one session to rate."""
    clinician = UserFactory.create()
    for _ in range(clients):
        client = ClientFactory.create(clinician=clinician)
        for days in range(RATED, 0, -1):
            rate(SessionFactory.create(client=client, starts_at=timezone.now() - timedelta(days=7 * days)), 5)
    SessionFactory.create(client=client, starts_at=timezone.now() - timedelta(hours=1))
    return clinician


def staff(at_once: int) -> tuple[list[User], list[User]]:
    """Make the people of the test: clinicians with a session to rate, and supervisors of some of them.

    With `at_once`, that many clinicians with one client each, and no supervisors.
    """
    if at_once:
        return [clinician_with(1) for _ in range(at_once)], []
    clinicians, supervisors = [clinician_with(CLIENTS) for _ in range(CLINICIANS)], []
    for place in range(0, CLINICIANS, SUPERVISED):
        supervisors.append(UserFactory.create(is_clinician=False, is_supervisor=True))
        for clinician in clinicians[place : place + SUPERVISED]:
            SupervisionFactory.create(supervisor=supervisors[-1], clinician=clinician)
    return clinicians, supervisors


def as_visitor(clinician: User) -> dict[str, str]:
    """Return the addresses that a clinician's requests go to, and the session cookie."""
    client = Client.objects.editable_by(clinician).latest("created_at")
    session = client.episodes.get().sessions.latest("starts_at")
    addresses = {"client": reverse("client", args=[client.pk]), "rate": reverse("rate", args=[session.pk])}
    return addresses | {"cookie": cookie_of(clinician)}


def plan(at_once: int) -> dict[str, Any]:
    """Return all that locust has to know of people and addresses."""
    clinicians, supervisors = staff(at_once)
    return {
        "at_once": bool(at_once),
        "cookie": settings.SESSION_COOKIE_NAME,
        "items": list(ITEM_KEYS),
        "clinicians": [as_visitor(clinician) for clinician in clinicians],
        "supervisors": [{"cookie": cookie_of(supervisor)} for supervisor in supervisors],
    }


def run_locust(site: str, folder: Path, users: int, seconds: int) -> list[dict[str, str]]:
    """Run locust for so many seconds, print what failed, and return its table of requests."""
    command = [
        os.environ.get("LOCUST", "locust"),
        "--headless",
        "--only-summary",
        "--host",
        site,
        "-f",
        str(LOCUSTFILE),
    ]
    command += [
        "--users",
        str(users),
        "--spawn-rate",
        str(users),
        "--run-time",
        f"{seconds}s",
        "--csv",
        str(folder / "run"),
    ]
    environment = os.environ | {"BENCH_PLAN": str(folder / "plan.json")}
    subprocess.run(command, env=environment, cwd=folder, check=False, capture_output=True)
    for failure in read_csv(folder / "run_failures.csv"):
        print(f"{failure['Name']} failed {failure['Occurrences']} times: {failure['Error']}")
    return read_csv(folder / "run_stats.csv")


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


def row(found: dict[str, str]) -> list[str]:
    return [
        found["Name"] if found["Name"] != "Aggregated" else "All",
        found["Request Count"],
        found["Failure Count"],
        f"{float(found['Requests/s']):.0f}",
        found["50%"],
        found["95%"],
        found["99%"],
    ]


def main() -> int:
    parser = ArgumentParser(prog="python -m bench.load", description=__doc__.partition("\n")[0])
    parser.add_argument("--at-once", type=int, default=0, metavar="PEOPLE", help="so many save in the same moment")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--users", type=int, default=15)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    ServiceSettings.objects.current()
    with TemporaryDirectory() as name:
        folder, people = Path(name), plan(options.at_once)
        (folder / "plan.json").write_text(json.dumps(people))
        before = Rating.objects.count()
        with served() as service:
            seconds = 60 if options.at_once else options.seconds
            found = run_locust(service.address, folder, options.at_once or options.users, seconds)
            memory = service.memory()
    print(f"{connection.vendor}: {options.at_once or options.users} people at once, two workers of four threads")
    print_table(HEADS, [row(each) for each in found])
    added = Rating.objects.count() - before
    versions = RatingVersion.objects.count() - before
    print(f"Ratings saved: {added}, versions of them: {versions}")
    print(f"Memory of each worker for itself: {' and '.join(f'{each:.0f}' for each in memory)} MB")
    return int(bool(options.at_once) and (added, versions) != (options.at_once, options.at_once))


if __name__ == "__main__":
    sys.exit(main())
