"""Does a page cost the same in a small service and in a national one? `python -m bench.scale`.

It loads ratings into the empty PostgreSQL in DATABASE_URL, step by step, and asks for the same pages of the same people
at each size. `make bench-scale` starts a server for it. Ten million ratings take about 8 GB of disk.
"""

import json
import os
from argparse import ArgumentParser
from statistics import median
from time import perf_counter, process_time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.pages.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext, setup_test_environment
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts.models import ServiceSettings, User
from bench.pages.cases import Case, page, saves
from bench.scale.plans import Work, work_of
from bench.scale.rows import RATINGS, know_the_rows, load, seconds_to_copy
from bench.table import print_table
from clients.models import Client
from ratings.standing.refresh import LEVELS

QUICK, FULL = (20_000, 200_000), (100_000, 1_000_000, 10_000_000)
ROUNDS, WARM = 20, 3
HEADS = ("page", "ratings", "queries", "cpu ms", "growth", "db ms", "buffers", "growth", "read whole")
STANDING = {
    "rated_at": "2026-11-20T10:00:00+00:00",
    "scores": dict.fromkeys(LEVELS, 5.0),
    "rated": 8,
    "recent": [5.0] * 8,
    "levels": dict.fromkeys(LEVELS, 5.0),
    "from_usual": dict.fromkeys(LEVELS, 0.0),
    "band": [4.0, 6.0],
    "change": 0.0,
}


def cases() -> list[Case]:
    """Return the pages of the first clinician and supervisor, whose clients are the same at every size."""
    clinician, supervisor = (User.objects.get(email=f"{name}0@example.org") for name in "cs")
    admin, _ = User.objects.get_or_create(email="a@example.org", defaults={"is_admin": True, "is_clinician": False})
    client, saved = (Client.objects.get(code=f"N-{number}") for number in (0, 1))
    session = client.episodes.get().sessions.latest("starts_at")
    return [
        Case("Today", clinician, page(reverse("today"))),
        Case("A client", clinician, page(reverse("client", args=[client.pk]))),
        Case("A client, for the supervisor", supervisor, page(reverse("client", args=[client.pk]))),
        Case("The list of clients", clinician, page(reverse("client_list"))),
        Case("Closed clients", clinician, page(reverse("client_list") + "?show=closed")),
        Case("Supervision", supervisor, page(reverse("supervision"))),
        Case("An observer's form", supervisor, page(reverse("observe", args=[session.pk]))),
        Case("Saving a rating", clinician, saves(saved), status=302),
        Case("The service report", supervisor, page(reverse("service_report"))),
        Case("Who opened", clinician, page(reverse("openings"))),
        Case("The audit trail", admin, page(reverse("audit_trail"))),
        Case("People", admin, page(reverse("people"))),
    ]


def cost(case: Case) -> tuple[int, float, Work]:
    """Return the number of queries, the CPU time in milliseconds, and the work of the database."""
    case.sign_in()
    spent = []
    for number in range(WARM + ROUNDS):
        ask, begun = case.prepare(), process_time()
        case.send(ask)
        if number >= WARM:
            spent.append(process_time() - begun)
    ask = case.prepare()
    with CaptureQueriesContext(connection) as captured:
        case.send(ask)
    return len(captured), median(spent) * 1000, work_of([query["sql"] for query in captured])


def main() -> None:
    parser = ArgumentParser(prog="python -m bench.scale", description=__doc__.partition("\n")[0])
    parser.add_argument("--full", action="store_true", help="100 thousand, a million and ten million ratings")
    parser.add_argument("--sizes", type=int, nargs="+", help="numbers of ratings, ascending")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    setup_test_environment(debug=False)
    ServiceSettings.objects.current()
    now, have = timezone.now(), 0
    first: dict[str, tuple[float, Work]] = {}
    rows = []
    for size in options.sizes or (FULL if options.full else QUICK):
        begun, want = perf_counter(), size // RATINGS
        added = load(have, want, now=now, standing=json.dumps(STANDING))
        took = perf_counter() - begun
        print(f"{size:,} ratings: {added / took * 60:,.0f} a minute with all that hangs on them")
        if not have:
            print(f"COPY of the same rows would take {seconds_to_copy() / took:.2f} of that time")
        know_the_rows()
        have = want
        for case in cases():
            queries, cpu, work = cost(case)
            small_cpu, small = first.setdefault(case.name, (cpu, work))
            rows.append(
                [
                    *(case.name, f"{size:,}", str(queries), f"{cpu:.1f}", f"{cpu / small_cpu:.2f}"),
                    *(f"{work.spent:.1f}", str(work.buffers), f"{work.buffers / max(1, small.buffers):.2f}"),
                    ", ".join(sorted(work.whole)),
                ]
            )
    print_table(HEADS, sorted(rows, key=lambda row: list(first).index(row[0])))


if __name__ == "__main__":
    main()
