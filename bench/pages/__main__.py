"""What each page costs, in empty pages of the same run: `python -m bench.pages`.

An empty page is the frame that every page of a signed-in person has: session, permission, navigation. The database in
DATABASE_URL is filled, so it must be one to throw away; `make bench-pages` starts one. With `--instructions`, valgrind
counts the instructions of the processor: these repeat to a fraction of a percent, times do not.
"""

import gzip
import os
import sys
from argparse import ArgumentParser
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.pages.settings")

import django

django.setup()

from django.db import connection
from django.test.utils import CaptureQueriesContext, setup_test_environment

from bench.pages.caseload import build
from bench.pages.cases import EMPTY, Case, cases
from bench.pages.instructions import count_instructions, serve
from bench.table import print_table

ROUNDS, WARM = 40, 5
HEADS = ("page", "cpu ms", "empty pages", "target", "wall ms", "queries", "kB", "kB gz", "Minstr", "empty pages")


@dataclass
class Cost:
    cpu: float
    wall: float
    queries: int
    size: int
    zipped: int


def measured(all_cases: list[Case], rounds: int) -> dict[str, Cost]:
    """Ask for all pages in turn, round by round, and return what each costs.

    So a slow moment of the machine falls on all pages alike.
    """
    cpu: dict[str, list[float]] = {case.name: [] for case in all_cases}
    wall: dict[str, list[float]] = {case.name: [] for case in all_cases}
    for number in range(WARM + rounds):
        for case in all_cases:
            ask = case.prepare()
            at, spent = perf_counter(), process_time()
            case.send(ask)
            spent, took = process_time() - spent, perf_counter() - at
            if number >= WARM:
                cpu[case.name].append(spent)
                wall[case.name].append(took)
    return {case.name: cost_of(case, median(cpu[case.name]), median(wall[case.name])) for case in all_cases}


def cost_of(case: Case, cpu: float, wall: float) -> Cost:
    """Ask for a page once more, and count its queries and bytes."""
    ask = case.prepare()
    with CaptureQueriesContext(connection) as captured:
        content = case.send(ask).content
    return Cost(cpu, wall, len(captured), len(content), len(gzip.compress(content, 6)))


def row(case: Case, cost: Cost, empty: Cost, counts: dict[str, float]) -> list[str]:
    counted = counts.get(case.name)
    return [
        case.name,
        f"{cost.cpu * 1000:.1f}",
        f"{cost.cpu / empty.cpu:.1f}",
        f"{case.target:g}" if case.target else "",
        f"{cost.wall * 1000:.1f}",
        str(cost.queries),
        f"{cost.size / 1000:.1f}",
        f"{cost.zipped / 1000:.1f}",
        f"{counted / 1e6:.1f}" if counted else "",
        f"{counted / counts[EMPTY]:.1f}" if counted else "",
    ]


def main() -> None:
    parser = ArgumentParser(prog="python -m bench.pages", description=__doc__.partition("\n")[0])
    parser.add_argument("--instructions", action="store_true", help="count instructions too, with valgrind")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each page is asked for")
    parser.add_argument("--step", choices=["build", "serve"], help="used by the count of instructions")
    options = parser.parse_args()
    setup_test_environment(debug=False)
    if options.step != "serve":
        build()
    if options.step == "build":
        return
    all_cases = list(cases())
    for case in all_cases:
        case.sign_in()
    if options.step == "serve":
        serve(all_cases)
        return
    costs = measured(all_cases, options.rounds)
    counts = count_instructions([case.name for case in all_cases]) if options.instructions else {}
    print(f"Python {sys.version.split()[0]}, Django {django.__version__}, {connection.vendor}")
    print_table(HEADS, [row(case, costs[case.name], costs[EMPTY], counts) for case in all_cases])


if __name__ == "__main__":
    main()
