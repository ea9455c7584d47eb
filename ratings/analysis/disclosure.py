"""Which numbers the service report may print: none about fewer than ten, none from fewer than three clinicians.

What is withheld must not follow from what is printed either, by subtraction from a whole or from an earlier report.
Source: docs/measures.md#a-service-in-figures.
"""

from collections.abc import Mapping
from math import ceil, floor

FEWEST = 10
FEWEST_CLIENTS = 100
FEWEST_CLINICIANS = 3
TOO_FEW = "under 10"
WITHHELD = "not shown"
NOTHING = "none"


def withheld(number: int, clinicians: int) -> str:
    """Return the words that stand in place of a figure; empty where it may be printed.

    `number` is how many people, sessions or ratings the figure is about, `clinicians` how many clinicians they come
    from.
    """
    if number == 0:
        return NOTHING
    if number < FEWEST:
        return TOO_FEW
    return WITHHELD if clinicians < FEWEST_CLINICIANS else ""


def count(number: int, clinicians: int) -> str:
    """Write a number of people, sessions or ratings as it may be printed. 0 may be: it is about nobody."""
    return "0" if number == 0 else withheld(number, clinicians) or str(number)


def about(number: int, clinicians: int) -> str:
    """Write a number to the nearest five, as it may be printed.

    It is for years that overlap: the difference of two reports must not tell of a single case.
    """
    return count(5 * floor((number + 2.5) / 5), clinicians) if number >= FEWEST else count(number, clinicians)


def share(part: int, whole: int, clinicians: int) -> str:
    """Write a share in per cent as it may be printed: as a bound where the part or the rest is from 1 to 9."""
    return withheld(whole, clinicians) or bound(part, whole) or percent(part, whole)


def bound(part: int, whole: int) -> str:
    """Return the bound that stands for a share where the part or the rest is from 1 to 9; empty for any other share."""
    if 0 < part < FEWEST:
        return f"under {ceil(100 * FEWEST / whole)}%"
    return f"over {floor(100 * (whole - FEWEST) / whole)}%" if 0 < whole - part < FEWEST else ""


def percent(part: int, whole: int) -> str:
    """Write a share in whole per cent."""
    return f"{round(100 * part / whole)}%"


def shares(parts: Mapping[str, int], clinicians: int) -> dict[str, str]:
    """Write the parts of a whole in per cent, each as it may be printed.

    Parts under ten are withheld, and as many others, the smallest first, as are needed so that none follows by
    subtraction.
    """
    whole = sum(parts.values())
    if instead := withheld(whole, clinicians):
        return dict.fromkeys(parts, instead)
    kept_back: dict[str, int] = {}
    for name, part in sorted(parts.items(), key=lambda item: item[1]):
        leaks = bool(kept_back) and (len(kept_back) < 2 or sum(kept_back.values()) < FEWEST)
        if part and (part < FEWEST or leaks):
            kept_back[name] = part
    return {
        name: (bound(part, whole) or WITHHELD) if name in kept_back else percent(part, whole)
        for name, part in parts.items()
    }
