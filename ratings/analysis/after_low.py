"""Whether a client's rating is missing more often after a low one: then averages look better than things are.

A rating is low where it is at least half a point below the client's usual level. What counts is the next session that
was held in the same therapy. Source: docs/measures.md#a-service-in-figures.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from ratings.analysis.disclosure import FEWEST, about, share, withheld
from ratings.analysis.usual import LEAST_DROP, usual_levels

BEYOND_CHANCE = 1.96
TOO_FEW_TO_SAY = "Too few to say whether clients' ratings are missing more often after a low one."
NO_MORE = "Clients' ratings were not missing more often after a low one than chance explains."
MORE = (
    "After a low rating the client's next one was missing more often than otherwise: {low_share} of {low} sessions,"
    " against {other_share} of {other}. Averages of clients' ratings may look better than things are."
)
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class AskedSession:
    """One held session: the client's overall score, None without one; whether they were asked and have answered.

    `counts` is whether it lies in the time that is told of; earlier ones only give the usual level.
    """

    clinician: Hashable
    score: float | None
    asked: bool
    answered: bool
    counts: bool = True


def after_low(therapies: Iterable[Sequence[AskedSession]]) -> dict[str, dict[str, int]]:
    """Count the sessions that followed a low rating and another one: how many, from how many clinicians, and what came.

    `answered` is with a rating of the client, `not_asked` without one because nobody had asked. A first rating is
    neither low nor another one: there is no usual level before it.
    """
    found: dict[str, list[AskedSession]] = {"low": [], "other": []}
    for sessions in therapies:
        levels = usual_levels([session.score for session in sessions])
        for usual, following in zip(levels, sessions[1:], strict=False):
            if usual and usual.before and following.counts:
                is_low = usual.score - usual.level <= -LEAST_DROP
                found["low" if is_low else "other"].append(following)
    return {kind: counts_of(rows) for kind, rows in found.items()}


def counts_of(sessions: Sequence[AskedSession]) -> dict[str, int]:
    return {
        "n": len(sessions),
        "by": len({session.clinician for session in sessions}),
        "answered": sum(session.answered for session in sessions),
        "not_asked": sum(not session.asked and not session.answered for session in sessions),
    }


def missing(counts: Counts) -> int:
    return counts["n"] - counts["answered"]


def is_more_often(low: Counts, other: Counts) -> bool:
    """Whether ratings are missing more often after a low one, beyond what chance explains (two shares, normal)."""
    share_low, share_other = missing(low) / low["n"], missing(other) / other["n"]
    together = (missing(low) + missing(other)) / (low["n"] + other["n"])
    error = sqrt(together * (1 - together) * (1 / low["n"] + 1 / other["n"]))
    return share_low - share_other > BEYOND_CHANCE * error


def sentence(found: Mapping[str, Counts]) -> str:
    """Say whether ratings are missing more often after a low one, with the counts that may be printed."""
    low, other = found["low"], found["other"]
    if any(withheld(each["n"], each["by"]) or missing(each) < FEWEST for each in (low, other)):
        return TOO_FEW_TO_SAY
    if not is_more_often(low, other):
        return NO_MORE
    told = {}
    for kind, each in found.items():
        told[kind] = about(each["n"], each["by"])
        told[f"{kind}_share"] = share(missing(each), each["n"], each["by"])
    return MORE.format(**told)
