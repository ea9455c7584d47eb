"""Sentences about ratings, in plain words: what was rated, and how it compares with this client's own ratings.

Source: docs/measures.md#sentences-about-ratings. Scores are 1 to 7.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import pairwise

from ratings.elements import ITEMS

LEAST_FOR_TREND = 4
FALL_LENGTH = 3
LARGE_MOVE = 2
LARGE_GAP = 1
ALL_ITEMS = len(ITEMS)
TALKED_WORDS = {"yes": ", talked about", "partly": ", talked about in part", "no": ", not talked about"}


@lru_cache(maxsize=1024)
def spoken(score: float, decimals: int = 1) -> str:
    """Write a score or a difference with this many decimals, halves rounded up: the same on every page."""
    return str(Decimal(repr(score)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def compared(score: float, before: float) -> str:
    """Say how a score compares with the one before it: "0.4 lower than last time (5.2)"."""
    difference = step(before, score)
    return f"{f'{way(difference)} than' if difference else 'the same as'} last time ({spoken(before)})"


def step(before: float, after: float, decimals: int = 1) -> Decimal:
    """Return the difference of two scores as they are written, so that a sentence agrees with its own numbers."""
    return Decimal(spoken(after, decimals)) - Decimal(spoken(before, decimals))


def against(score: float, other: float, decimals: int = 1) -> str:
    """Say how one rater's score lies against another's: "0.6 lower", or "the same"."""
    return way(difference) if (difference := step(other, score, decimals)) else "the same"


def way(difference: Decimal) -> str:
    """Write a difference, other than 0, with its direction: "0.6 lower"."""
    return f"{abs(difference)} {'higher' if difference > 0 else 'lower'}"


def than(difference: float) -> str:
    """Write the direction of a mean difference: "0.6 lower than", or "the same as"."""
    return f"{way(rounded)} than" if (rounded := step(0, difference)) else "the same as"


def usually(difference: float) -> str:
    """Write one end of the usual difference: "0.6 lower", or "no difference"."""
    return way(rounded) if (rounded := step(0, difference)) else "no difference"


def moved(items: Mapping[str, int | None], before: Mapping[str, int | None]) -> str:
    """Name the one or two items that moved by two points or more since the last rating; empty without one."""
    moves = []
    for item in ITEMS:
        now, then = items.get(item.key), before.get(item.key)
        if now is not None and then is not None and abs(now - then) >= LARGE_MOVE:
            moves.append((abs(now - then), f"{item.name.lower()} from {then} to {now}"))
    named = [words for _, words in sorted(moves, key=lambda move: -move[0])[:2]]
    return f" Moved most: {' and '.join(named)}." if named else ""


def saved_sentence(
    overall: float | None,
    items: Mapping[str, int | None],
    before: float | None,
    items_before: Mapping[str, int | None] | None,
) -> str:
    """Say in a sentence or two what was saved, and how it compares with the rating before.

    `before` and `items_before` are those of the rated session before it, None at the first.
    """
    count = sum(score is not None for score in items.values())
    if overall is None:
        return (
            f"{count} of {ALL_ITEMS} rows answered, so there is no overall score. The chart shows the rows you rated."
        )
    partial = f" {count} of {ALL_ITEMS} rows answered." if count < ALL_ITEMS else ""
    if items_before is None:
        return f"First rating: overall {spoken(overall)}.{partial}"
    comparison = f", {compared(overall, before)}" if before is not None else ""
    return f"Overall {spoken(overall)}{comparison}.{partial}{moved(items, items_before)}"


def opened_sentence(
    strain: tuple[str, str] | None,
    client_overall: float | None,
    own_overall: float | None,
    titles: Sequence[str],
) -> str:
    """Say what saving a clinician's rating opened, after the client's name; empty where it opened nothing.

    `strain` is what the client answered to the strain question and whether it was talked about, None where the saving
    opened no answers of the client. `titles` are those of the signals that it opened.
    """
    told = []
    if strain is not None:
        told.append(f"Their answers are open now{difference_told(client_overall, own_overall)}.")
        if strain[0] in {"slight", "clear"}:
            told.append(f"They reported a {strain[0]} strain{TALKED_WORDS.get(strain[1], '')}.")
    if titles:
        told.append(f"New signal{'s' if len(titles) > 1 else ''}: {', '.join(title.lower() for title in titles)}.")
    return " ".join(told)


def difference_told(client: float | None, own: float | None) -> str:
    """Say how far the client's overall score lies from one's own, from a point on: ": 1.4 lower than yours"."""
    if client is None or own is None or abs(step(own, client)) < LARGE_GAP:
        return ""
    return f", overall {against(client, own)} than yours"


def own_sentence(scores: Sequence[float | None]) -> str:
    """Say to a client what their own overall scores show, without a number; empty without a score."""
    given = [score for score in scores if score is not None]
    if len(given) < 2:
        return "You have answered once so far." if given else ""
    last = step(given[-2], given[-1])
    if not last:
        return "Your last answers were much the same as the time before."
    if last > 0:
        return "Your last answers were higher than the time before."
    return "Your last answers were lower than the time before. Worth talking about?"


def series_sentence(who: str, scores: Sequence[float | None]) -> str:
    """Say what one rater's overall scores show so far; empty without a score.

    `who` is "you", "the clinician" or the client's name. Three falls or rises in a row are named, from the fourth
    rating on.
    """
    given = [score for score in scores if score is not None]
    if not given:
        return ""
    if len(given) == 1:
        return f"Rated by {who}: one rating so far, overall {spoken(given[0])}."
    if len(given) < LEAST_FOR_TREND:
        return (
            f"Rated by {who}: overall {' then '.join(spoken(score) for score in given)}. Too few ratings for a trend."
        )
    last = given[-FALL_LENGTH - 1 :]
    steps = [step(before, after) for before, after in pairwise(last)]
    span = f"three ratings in a row, from {spoken(last[0])} to {spoken(last[-1])}"
    if max(steps) < 0:
        return f"Rated by {who}, the alliance has fallen {span}."
    if min(steps) > 0:
        return f"Rated by {who}, the alliance has risen {span}."
    return f"Rated by {who}, the latest overall is {spoken(given[-1])}, {compared(given[-1], given[-2])}."
