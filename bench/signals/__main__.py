"""Simulate, compare and print: `python -m bench.signals`. `--write` keeps the figures that docs/measures.md quotes."""

import json
import sys
from argparse import ArgumentParser, Namespace
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from itertools import pairwise, repeat
from math import sqrt
from pathlib import Path
from random import Random
from statistics import fmean, stdev
from time import perf_counter
from typing import Any

from bench.signals import therapies, worlds
from bench.signals.outcomes import Outcome, outcome, tuned
from bench.signals.quiet import clearing, false_rates
from bench.signals.raters import CLIENT_RATER, RATERS, SimulatedClient, SimulatedRater, simulate
from bench.signals.rivals import OURS, RIVALS
from ratings.analysis.all_rules import RULES

FIGURES = Path(__file__).with_name("figures.json")
SEED, CLIENTS = 2026, 2500
HEADS = ("rater", "rule", "threshold", "caught", "false", "right", "delay", "caught 2-5", "false 2-5")
WORDS = 3
KEY = (
    "caught: strains with an alarm while they last, in %. false: alarms in 100 ordinary sessions.",
    "right: alarms that fall on a strain, in %. delay: sessions from the start of a strain to its alarm.",
    "2-5: of sessions 2 to 5 only. equal: at the threshold where it alarms falsely as often as the usual level.",
)
QUIET = "How often each rule speaks in 100 sessions of steady clients, where nothing was planted:"


def caseload(rater: SimulatedRater, seed: int, clients: int) -> list[SimulatedClient]:
    """Simulate this many clients of one kind of rater. The same seed gives the same clients."""
    rng = Random(f"{seed} {rater.name}")
    return [simulate(rng, rater) for _ in range(clients)]


def compare(rater: SimulatedRater, seed: int, clients: int) -> list[Outcome]:
    """Compare the rules for one kind of rater: at their own thresholds, then at equal false alarms."""
    courses = caseload(rater, seed, clients)
    ours = outcome(rater.name, OURS, 0.0, "own", courses)
    own = [
        outcome(rater.name, rival, threshold, f"own, {threshold:.4g}", courses)
        for rival in RIVALS
        for threshold in rival.own
    ]
    equal = []
    for rival in RIVALS:
        threshold = tuned(rival, courses, ours.false)
        equal.append(outcome(rater.name, rival, threshold, f"equal, {threshold:.3g}", courses))
    return [ours, *own, *equal]


def first_scores(courses: list[SimulatedClient]) -> dict[str, float]:
    """Return mean and spreads (points) of the simulated scores, to compare with the standard prior."""
    rated = [[score for score in each.scores if score is not None] for each in courses]
    first = [scores[0] for scores in rated if scores]
    steps = [(after - before) ** 2 for scores in rated for before, after in pairwise(scores)]
    within = sum(steps) / len(steps) / 2
    return {"mean": fmean(first), "between": sqrt(stdev(first) ** 2 - within), "within": sqrt(within)}


def figures(seed: int, clients: int) -> dict[str, Any]:
    """Simulate everything, and return the figures as they are kept."""
    with ProcessPoolExecutor(2) as pool:
        waiting = pool.map(compare, RATERS, repeat(seed), repeat(clients))
        rates = pool.submit(false_rates, Random(f"{seed} quiet"), clients)
        in_worlds = pool.submit(worlds.rows, seed, clients)
        over_therapies = pool.submit(therapies.figures, seed, clients)
        table = [each.row() for outcomes in waiting for each in outcomes]
    of_clients = caseload(CLIENT_RATER, seed, clients)
    return {
        "seed": seed,
        "clients": clients,
        "prior": first_scores(of_clients),
        "table": table,
        "rules": {key: {"version": RULES[key].version, "false": rate} for key, rate in rates.result().items()},
        "clearing": asdict(clearing(of_clients)),
        "worlds": in_worlds.result(),
        **over_therapies.result(),
    }


def cells(row: dict[str, Any]) -> list[str]:
    """Write a row of figures as text."""
    numbers = [f"{value:.1f}" if isinstance(value, float) else str(value) for value in row.values()]
    return [*numbers[:6], f"{row['delay']:.2f}", *numbers[7:]]


def table(rows: list[list[str]]) -> list[str]:
    """Align the cells of a table: the first three columns are words, the others numbers."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    sides = [str.ljust] * WORDS + [str.rjust] * (len(widths) - WORDS)
    return ["  ".join(side(cell, width) for side, cell, width in zip(sides, row, widths, strict=True)) for row in rows]


def lines(found: dict[str, Any]) -> list[str]:
    """Write the table of comparison, and the rate of false alarms of each rule."""
    rates = [[key, shown(rule["false"])] for key, rule in found["rules"].items()]
    clear, prior = found["clearing"], found["prior"]
    spoken = (
        f"Of {clear['flagged']} flagged strains that last, one session back in range clears {clear['by_one']:.0f}%, "
        f"two running {clear['by_two']:.0f}%.\n"
        f"Client form: mean {prior['mean']:.2f}, between clients {prior['between']:.2f}, within {prior['within']:.2f}. "
        f"{found['clients']} clients for each kind of rater, seed {found['seed']}."
    )
    compared = table([list(HEADS), *(cells(row) for row in found["table"])])
    quiet = [f"  {key:<22}{rate}" for key, rate in rates]
    return [*compared, "", *KEY, "", QUIET, *quiet, "", spoken, "", *worlds.lines(found), "", *therapies.lines(found)]


def shown(rate: float | str) -> str:
    """Write a rate of false alarms, or why there is none."""
    return rate if isinstance(rate, str) else f"{rate:.2f}"


def kept(found: dict[str, Any]) -> str:
    """Write the figures as JSON with four decimals and a row a line, so that a difference is easy to read."""
    found = json.loads(json.dumps(found), parse_float=lambda number: round(float(number), 4))
    rows = ",\n  ".join(json.dumps(row) for row in found["table"])
    return json.dumps(found | {"table": []}, indent=1).replace('"table": []', f'"table": [\n  {rows}\n ]') + "\n"


def arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m bench.signals", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--clients", type=int, default=CLIENTS, help="simulated clients for each kind of rater")
    parser.add_argument("--write", action="store_true", help="keep the figures that docs/measures.md quotes")
    return parser.parse_args()


def main() -> None:
    asked, started = arguments(), perf_counter()
    found = figures(asked.seed, asked.clients)
    print("\n".join(lines(found)))
    print(f"{perf_counter() - started:.0f} s", file=sys.stderr)
    if asked.write:
        FIGURES.write_text(kept(found))


if __name__ == "__main__":
    main()
