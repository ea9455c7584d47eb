"""The first numbers of docs/validation.md, from an extract: `python -m tools.validation.core_numbers FILE`.

`tools/validation/analysis.R` computes the same. The formulas are other ones than the app's, and the extract is all that
is read: where the three agree, the extract holds what the app holds. Prints rater, number and value as CSV.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import correlation, fmean, variance

ITEMS = ("goals", "tasks", "bond", "trust", "empathy", "engagement", "responsiveness")
RATERS = ("clinician", "client")
LEAST_RATINGS = 3
Line = Mapping[str, str]
Numbers = dict[str, float | None]


def read(path: Path) -> list[dict[str, str]]:
    """Return the lines of an extract that have a rating, each client's in the order of the sessions."""
    with path.open(encoding="utf-8", newline="") as file:
        rated = [line for line in csv.DictReader(file) if line["rated"] == "yes"]
    return sorted(rated, key=lambda line: int(line["days"]))


def core_numbers(lines: Iterable[Line]) -> dict[str, Numbers]:
    """Return the numbers of each rater, and of both together under `pairs`."""
    by_rater: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_rater[line["rater"]].append(line)
    found = {rater: numbers_of(by_rater[rater]) for rater in RATERS}
    return {**found, "pairs": pairs_of(by_rater)}


def numbers_of(lines: Sequence[Line]) -> Numbers:
    """Return the numbers of one rater, under the names that the app uses in `ratings/analysis/measurement.py`."""
    complete: dict[str, list[list[int]]] = defaultdict(list)
    overalls: dict[str, list[float]] = defaultdict(list)
    for line in lines:
        if all(line[item] for item in ITEMS):
            complete[line["client"]].append([int(line[item]) for item in ITEMS])
        if (score := overall(line)) is not None:
            overalls[line["client"]].append(score)
    every = [score for scores in overalls.values() for score in scores]
    return {
        "clients": len(complete),
        "ratings": len(every),
        "at_seven": sum(score == 7 for score in every),
        "alpha": alpha([rows[-1] for rows in complete.values()]),
        "within": within([rows for rows in complete.values() if len(rows) >= LEAST_RATINGS]),
        "between": between(list(overalls.values())),
    }


def overall(line: Line) -> float | None:
    """Return overall alliance: the mean of five elements, the first of which is that of goals, tasks and bond.

    None where more than one item was left out.
    """
    elements = (ITEMS[:3], *([item] for item in ITEMS[3:]))
    parts = [[int(line[item]) for item in items if line[item]] for items in elements]
    answered = sum(map(len, parts))
    return fmean(fmean(part) for part in parts if part) if answered >= len(ITEMS) - 1 else None


def alpha(rows: Sequence[Sequence[float]]) -> float | None:
    """Return Cronbach's alpha from the variances of the items and of their sum."""
    if len(rows) < 2:
        return None
    items, whole = [variance(column) for column in zip(*rows, strict=True)], variance([sum(row) for row in rows])
    return len(items) / (len(items) - 1) * (1 - sum(items) / whole) if whole else None


def within(clients: Sequence[Sequence[Sequence[float]]]) -> float | None:
    """Return the reliability of change within clients: R_C of Cranford et al. 2006, with sessions nested in clients.

    By mean squares, client by client: sessions against what is left once session and item are taken out.
    """
    sessions = left = free = 0.0
    for rows in clients:
        means, columns = [fmean(row) for row in rows], [fmean(column) for column in zip(*rows, strict=True)]
        grand = fmean(means)
        sessions += len(columns) * sum((mean - grand) ** 2 for mean in means)
        left += sum(
            (score - mean - column + grand) ** 2
            for row, mean in zip(rows, means, strict=True)
            for score, column in zip(row, columns, strict=True)
        )
        free += len(rows) - 1
    if not sessions:
        return None
    of_sessions, of_error = sessions / free, left / (free * (len(ITEMS) - 1))
    change = (of_sessions - of_error) / len(ITEMS)
    return change / (change + of_error / len(ITEMS))


def between(clients: Sequence[Sequence[float]]) -> float | None:
    """Return ICC(1,1): the share of the differences between scores that lies between clients."""
    scores = [score for given in clients for score in given]
    if len(clients) < 2 or len(scores) == len(clients):
        return None
    grand, squares = fmean(scores), sum(len(given) * fmean(given) ** 2 for given in clients)
    of_clients = (squares - len(scores) * grand**2) / (len(clients) - 1)
    error = (sum(score**2 for score in scores) - squares) / (len(scores) - len(clients))
    size = (len(scores) - sum(len(given) ** 2 for given in clients) / len(scores)) / (len(clients) - 1)
    return (of_clients - error) / (of_clients + (size - 1) * error) if of_clients or error else None


def pairs_of(by_rater: Mapping[str, Sequence[Line]]) -> Numbers:
    """Return over how many clients both rated a session, and Pearson's r of their mean overall scores there."""
    scores: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    for rater in RATERS:
        for line in by_rater[rater]:
            if (score := overall(line)) is not None:
                scores[line["client"], line["therapy"], line["session"]][rater] = score
    both: dict[str, list[dict[str, float]]] = defaultdict(list)
    for (client, *_), given in scores.items():
        if len(given) == len(RATERS):
            both[client].append(given)
    means = [[fmean(each[rater] for each in given) for given in both.values()] for rater in RATERS]
    differ = all(len(set(each)) > 1 for each in means)
    return {"clients": len(both), "r": correlation(*means) if differ else None}


def main() -> None:
    out = csv.writer(sys.stdout)
    out.writerow(("rater", "number", "value"))
    for rater, numbers in core_numbers(read(Path(sys.argv[1]))).items():
        for name, value in numbers.items():
            out.writerow((rater, name, "" if value is None else f"{value:.10g}"))


if __name__ == "__main__":
    main()
