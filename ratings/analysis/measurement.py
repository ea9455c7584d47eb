"""How well the form measures in one service: reliability, ceiling, correlation of the raters. For a year of ratings.

Source: docs/measures.md#a-service-in-figures.
"""

from collections.abc import Hashable, Mapping, Sequence
from statistics import StatisticsError, correlation, fmean, variance

from ratings.analysis.scores import overall
from ratings.elements import HIGHEST, ITEM_KEYS

LEAST_RATINGS = 3
Items = Mapping[str, int | None]
Ratings = Mapping[Hashable, Sequence[Items]]


def measurement(ratings: Ratings) -> dict[str, float | int | None]:
    """Return the figures of one rater form, from each client's ratings in the order of the sessions.

    `clients` counts those with a complete rating, `ratings` the ratings with an overall score, `at_seven` those of them
    that are 7. `alpha` is Cronbach's alpha over clients, from each one's last complete rating. `within` is that of
    changes within clients, over those with three complete ratings or more (R_C of Cranford et al. 2006, for sessions
    that clients do not share). Both are at most 1, and None where `alpha` has none. `between` is the share of the
    differences of overall scores that lies between clients.
    """
    complete = {client: rows for client, given in ratings.items() if (rows := complete_rows(given))}
    deviations = [row for rows in complete.values() if len(rows) >= LEAST_RATINGS for row in centred(rows)]
    by_client = [[score for items in given if (score := overall(items)) is not None] for given in ratings.values()]
    overalls = [score for scores in by_client for score in scores]
    return {
        "clients": len(complete),
        "ratings": len(overalls),
        "alpha": alpha([rows[-1] for rows in complete.values()]),
        "within": alpha(deviations),
        "between": intraclass([scores for scores in by_client if scores]),
        "at_seven": sum(score == HIGHEST for score in overalls),
    }


def complete_rows(given: Sequence[Items]) -> list[list[float]]:
    """Return the ratings without a skipped item, as seven scores from 1 to 7 in the order of the form."""
    rows = [[items[key] for key in ITEM_KEYS] for items in given]
    return [[float(score) for score in row if score is not None] for row in rows if None not in row]


def centred(rows: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return each answer's difference (points) from the client's own mean answer to that item."""
    means = [fmean(column) for column in zip(*rows, strict=True)]
    return [[score - mean for score, mean in zip(row, means, strict=True)] for row in rows]


def alpha(table: Sequence[Sequence[float]]) -> float | None:
    """Return Cronbach's alpha of a full table, one row a rating and one column an item; at most 1.

    It is the intraclass correlation ICC(3,k) of Shrout and Fleiss 1979. None below two rows or two columns, and where
    the means of the rows do not differ.
    """
    rows, columns = len(table), len(table[0]) if table else 0
    if rows < 2 or columns < 2:
        return None
    between_rows = columns * variance([fmean(row) for row in table])
    between_columns = rows * variance([fmean(column) for column in zip(*table, strict=True)])
    within = fmean([variance(row) for row in table])
    residual = (within * rows * (columns - 1) - between_columns * (columns - 1)) / ((rows - 1) * (columns - 1))
    return (between_rows - residual) / between_rows if between_rows > 0 else None


def intraclass(groups: Sequence[Sequence[float]]) -> float | None:
    """Return ICC(1,1) of Shrout and Fleiss 1979 for groups of any size; below 0 where groups differ less than chance.

    None below two groups, without a group of two or more, and where no value differs.
    """
    sizes = [len(group) for group in groups]
    free = sum(sizes) - len(sizes)
    if len(groups) < 2 or free < 1:
        return None
    grand = fmean([value for group in groups for value in group])
    means = [fmean(group) for group in groups]
    spread = sum(size * (mean - grand) ** 2 for size, mean in zip(sizes, means, strict=True)) / (len(groups) - 1)
    error = sum((value - mean) ** 2 for group, mean in zip(groups, means, strict=True) for value in group) / free
    size = (sum(sizes) - sum(each**2 for each in sizes) / sum(sizes)) / (len(groups) - 1)
    whole = spread + (size - 1) * error
    return (spread - error) / whole if whole > 0 else None


def agreement(pairs: Mapping[Hashable, Sequence[tuple[float, float]]]) -> dict[str, float | int | None]:
    """Return the number of clients, and over them Pearson's r (-1 to 1) between two raters' mean overall scores.

    `pairs` has for each client the two scores of the sessions that both rated. r is None below two clients, and where
    the means of one rater do not differ.
    """
    means = [(fmean(a for a, _ in given), fmean(b for _, b in given)) for given in pairs.values() if given]
    try:
        r = correlation([a for a, _ in means], [b for _, b in means])
    except StatisticsError:
        r = None
    return {"clients": len(means), "r": r}
