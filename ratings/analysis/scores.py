"""Scores of one rating, from its seven answers. Source: docs/measures.md#scores."""

from collections.abc import Mapping

from ratings.elements import COMPONENTS, ELEMENTS, HIGHEST, ITEM_KEYS, LOWEST

KNOWN = frozenset(ITEM_KEYS)
LEAST_COMPONENTS = 2
LEAST_ITEMS = 6


def checked(items: Mapping[str, int | None]) -> dict[str, int | None]:
    """Return the seven items by their keys, 1 to 7, None for a skipped or absent one.

    Raises ValueError for a key that is no item, and for a score that is not a whole number from 1 to 7.
    """
    if not KNOWN.issuperset(items):
        raise ValueError(f"not an item: {', '.join(sorted(set(items) - KNOWN))}")
    for key, score in items.items():
        if score is not None and (type(score) is not int or not LOWEST <= score <= HIGHEST):
            raise ValueError(f"{key}: {score!r} is not a whole number from {LOWEST} to {HIGHEST}")
    return {key: items.get(key) for key in ITEM_KEYS}


def answered(items: Mapping[str, int | None]) -> int:
    """Return how many of the seven items have an answer, 0 to 7. Raises ValueError as `checked` does."""
    return _answered(checked(items))


def element_scores(items: Mapping[str, int | None]) -> dict[str, float | None]:
    """Return the five element scores by their keys, 1 to 7, None without one.

    Working alliance is the mean of goals, tasks and bond where at least two of them are answered. Each other element is
    its item. Raises ValueError as `checked` does.
    """
    return _element_scores(checked(items))


def overall(items: Mapping[str, int | None]) -> float | None:
    """Return the overall alliance, 1 to 7: the mean of the element scores there are.

    None where fewer than six of the seven items are answered. Raises ValueError as `checked` does.
    """
    return all_scores(items)["overall"]


def all_scores(items: Mapping[str, int | None]) -> dict[str, float | None]:
    """Return the overall score ("overall"), the five elements and the seven items by their keys, None without one.

    Raises ValueError as `checked` does.
    """
    items = checked(items)
    elements = _element_scores(items)
    found = [score for score in elements.values() if score is not None]
    enough = _answered(items) >= LEAST_ITEMS
    return {"overall": sum(found) / len(found) if enough else None} | items | elements


def _answered(items: Mapping[str, int | None]) -> int:
    return len(items) - list(items.values()).count(None)


def _element_scores(items: Mapping[str, int | None]) -> dict[str, float | None]:
    components = [score for key in COMPONENTS if (score := items[key]) is not None]
    scores: dict[str, float | None] = {key: items[key] for key in ELEMENTS if key in items}
    enough = len(components) >= LEAST_COMPONENTS
    return {"working_alliance": sum(components) / len(components) if enough else None} | scores
