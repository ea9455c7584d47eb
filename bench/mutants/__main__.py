"""Plant every mutant in turn and print the test that failed: `python -m bench.mutants`, or `--only WORD` for some."""

import sys
from argparse import ArgumentParser, Namespace
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.mutants.copies import Copy, Outcome, preload
from bench.mutants.explained import EXPLAINED
from bench.mutants.operators import Mutant
from bench.mutants.planted import all_mutants, should_notice

ROOT = Path(__file__).resolve().parents[2]
ENOUGH = 0.98
copies: list[Copy] = []


def begin(within: Path) -> None:
    """Make the copy of the source that this worker plants its mutants in."""
    copies.append(Copy(ROOT, within))


def try_out(mutant: Mutant) -> Outcome:
    """Plant a mutant in this worker's copy, and run the tests that should fail."""
    return copies[0].try_out(mutant, list(should_notice(copies[0].place, mutant)))


def fails_without(test: str) -> bool:
    """Whether the test fails on the unchanged source too. Then its failure says nothing of any mutant."""
    outcome = copies[0].run([test])
    return bool(outcome.killed_by or outcome.trouble)


def mixed(mutants: list[Mutant]) -> list[Mutant]:
    """Put the mutants in an arbitrary order, the same each time, so that the first ones are a sample of all."""
    return sorted(mutants, key=lambda mutant: sha256(mutant.key.encode()).hexdigest())


def asked() -> Namespace:
    parser = ArgumentParser(prog="bench.mutants", description=__doc__)
    parser.add_argument("--only", action="append", help="only mutants with this in their name; may be given again")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="name them and run nothing")
    parser.add_argument("--every", type=int, default=1, help="only each nth of them")
    return parser.parse_args()


def is_asked(mutant: Mutant, words: list[str] | None) -> bool:
    return words is None or any(word in name for word in words for name in (mutant.name, mutant.key))


def verdict(mutant: Mutant, outcome: Outcome) -> str:
    """Say what came of a mutant: the test that failed, the trouble, or that it survived."""
    if outcome.killed_by:
        return outcome.killed_by
    word = "explained" if mutant.key in EXPLAINED else "SURVIVED"
    return outcome.trouble.upper() or word


def run(mutants: list[Mutant], workers: int) -> list[tuple[Mutant, Outcome]]:
    """Try out all mutants on several workers. A test that fails without any mutant counts for none."""
    found, fork = [], get_context("fork")
    with (
        TemporaryDirectory(prefix="mutants-") as within,
        ProcessPoolExecutor(workers, fork, initializer=begin, initargs=(Path(within),)) as pool,
    ):
        for number, (mutant, outcome) in enumerate(zip(mutants, pool.map(try_out, mutants), strict=True), 1):
            print(f"{number:4} {mutant.name:100} {verdict(mutant, outcome)}", flush=True)
            found.append((mutant, outcome))
        killers = sorted({outcome.killed_by for _, outcome in found if outcome.killed_by})
        void = {test for test, fails in zip(killers, pool.map(fails_without, killers), strict=True) if fails}
    for test in void:
        print(f"Fails without any mutant, so it counts for none: {test}")
    return [(mutant, Outcome("") if outcome.killed_by in void else outcome) for mutant, outcome in found]


def main() -> int:
    given, began = asked(), perf_counter()
    mutants = mixed([each for each in all_mutants(ROOT) if is_asked(each, given.only)])[:: given.every]
    if given.list:
        print("\n".join(each.name for each in mutants))
        return 0
    preload()
    found = run(mutants, given.workers)
    killed = [mutant for mutant, outcome in found if outcome.killed_by]
    survived = [mutant for mutant, outcome in found if not outcome.killed_by]
    open_ones = [mutant for mutant in survived if mutant.key not in EXPLAINED]
    for mutant in survived:
        print(f"survived: {mutant.name}\n    {EXPLAINED.get(mutant.key, 'NOT EXPLAINED')}")
    share = len(killed) / max(1, len(killed) + len(open_ones))
    explained = len(survived) - len(open_ones)
    print(f"{len(found)} mutants, {len(killed)} killed, {explained} explained, {len(open_ones)} not: {share:.1%}.")
    print(f"{perf_counter() - began:.0f} s")
    return 0 if share >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main())
