"""What a report may print: nothing about fewer than ten or from fewer than three clinicians, nor what tells it.

Told also means worked out: by subtraction from the other parts of a whole, or from an earlier report.
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
    """Return what is printed in place of a figure about so many, from so many clinicians; nothing if it may be told."""
    if number == 0:
        return NOTHING
    if number < FEWEST:
        return TOO_FEW
    return WITHHELD if clinicians < FEWEST_CLINICIANS else ""


def count(number: int, clinicians: int) -> str:
    """Print a number of people, sessions or ratings; 0 is printed too, as it is about nobody."""
    return "0" if number == 0 else withheld(number, clinicians) or str(number)


def about(number: int, clinicians: int) -> str:
    """Print a number to the nearest five: of windows that overlap, two reports in turn tell no single case."""
    return count(5 * floor((number + 2.5) / 5), clinicians) if number >= FEWEST else count(number, clinicians)


def share(part: int, whole: int, clinicians: int) -> str:
    """Print a share in per cent: a bound where the part or what is left of the whole is under ten, but not nobody."""
    return withheld(whole, clinicians) or bound(part, whole) or percent(part, whole)


def bound(part: int, whole: int) -> str:
    """Return the bound that stands for a share too near to nothing or to all; nothing for any other."""
    if 0 < part < FEWEST:
        return f"under {ceil(100 * FEWEST / whole)}%"
    return f"over {floor(100 * (whole - FEWEST) / whole)}%" if 0 < whole - part < FEWEST else ""


def percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%"


def shares(parts: Mapping[str, int], clinicians: int) -> dict[str, str]:
    """Print the parts of a whole in per cent.

    Kept back are the parts under ten, and, smallest first, as many others as it takes that none follows by subtraction.
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
