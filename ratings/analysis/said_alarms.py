"""Unusually low, version 2: what was said of a strain counts as part of the drop, in a service that switched it on.

Source: docs/measures.md#low-and-said.
"""

from collections.abc import Callable
from dataclasses import replace

from ratings.analysis.alarms import ALARMS, fallen, numbers, spreads_below
from ratings.analysis.reading import Reading
from ratings.analysis.rule import WHO, Finding, Rule, Verdict
from ratings.analysis.said import REPORTED, Evidence
from ratings.analysis.usual import AMBER, AMBER_TWICE, LEAST_DROP, RED, RED_TWICE
from ratings.analysis.words import spoken

VERSION = 2
ALONE = {"red": RED, "amber": AMBER}
LOWER = "That is more than these ratings normally move"
TWICE = {"red": RED_TWICE, "amber": AMBER_TWICE}


def low_and_said(flag: str) -> Callable[[Reading, int], Verdict]:
    """Return the function of a rule that holds where drop and words together have this flag, "red" or "amber"."""

    def find(reading: Reading, index: int) -> Verdict:
        row = reading.evidence[index]
        if row is None:
            return None
        if row.flag != flag:
            return False
        return Finding(
            sentence(row, reading, index),
            arithmetic(row, reading, index),
            row.form,
            {"E": row.evidence, "z": row.z or 0.0, "score": row.score, "level": row.level},
            in_words(row, reading, index),
        )

    return find


def sentence(row: Evidence, reading: Reading, index: int) -> str:
    """Say how the rating stands to the usual level, who reported a strain, and that both together are unusual."""
    running = "" if row.flag is None or row.evidence >= ALONE[row.flag] else ", for the second rated session running"
    reports = reports_of(reading, index)
    unusual = "Together this is out of the ordinary for this client" if reports else LOWER
    fell = fallen(reading, row.form, index) if row.score < row.level else ""
    return f"{' '.join(filter(None, (place_of(row), reports, unusual)))}{running}.{fell}"


def place_of(row: Evidence) -> str:
    """Say how the rating stands to this client's own usual level."""
    today, usual = spoken(row.score), spoken(row.level)
    rated = f"Rated by {WHO[row.form]}, overall {today} is"
    if row.z is None:
        return f"{rated} the first rating, so there is no usual level yet."
    if today == usual:
        return f"{rated} at this client's own usual level."
    return f"{rated} {'lower' if row.score < row.level else 'higher'} than this client's own usual level of {usual}."


def reports_of(reading: Reading, index: int) -> str:
    """Say who reported a strain, and how strong; empty where nobody did."""
    said = zip(("client", "clinician"), reading.sessions[index].said, strict=True)
    return " ".join(f"{WHO[rater].capitalize()} reported a {word} strain." for rater, word in said if word in REPORTED)


def arithmetic(row: Evidence, reading: Reading, index: int) -> tuple[str, ...]:
    """Write out how the evidence E came about, a line for each step."""
    usual = reading.levels[row.form][index]
    drop = (
        numbers(usual) if usual and row.z is not None else ("The first rating of its series has no z: it counts as 0.",)
    )
    by_client, by_clinician = (word or "not answered" for word in reading.sessions[index].said)
    before = "no session" if row.evidence_before is None else f"{row.evidence_before:.4f}"
    return (
        *drop,
        f"Said of a strain by the client: {by_client}, {row.points_client:+g} points",
        f"Said of a strain by the clinician: {by_clinician}, {row.points_clinician:+g} points",
        f"E = z + points = {row.z or 0.0:.4f} {row.points_client:+g} {row.points_clinician:+g} = {row.evidence:.4f}",
        f"E at the rated session before: {before}",
    )


def in_words(row: Evidence, reading: Reading, index: int) -> tuple[str, ...]:
    """Say the evidence as a clinician would: how far below usual, what the answers about strain add, from where on."""
    usual = reading.levels[row.form][index]
    drop = spreads_below(usual) if usual and row.z is not None else "The first rating of its series: no drop counts."
    added = row.points_client + row.points_clinician
    counted = f"What was said of a strain counts {added:+g} spreads: together {spoken(row.evidence)}."
    flag = row.flag or "amber"
    return drop, counted, f"Flagged from {ALONE[flag]} together, or from {TWICE[flag]} twice running."


def version_2(rule: Rule, flag: str) -> Rule:
    """Return the rule as it is where words count."""
    return replace(
        rule,
        version=VERSION,
        find=low_and_said(flag),
        sees="today is low for this client, where a strain that either of you reported counts as part of the drop, and "
        '"none" counts a little against it',
        threshold=f"E of {ALONE[flag]} or more, or {TWICE[flag]} twice running; and at least {LEAST_DROP} points "
        "below, or a strain reported",
        citation="From simulation (bench/signals), and this service's own answers: docs/measures.md, Low, and said.",
        parameters={"E": ALONE[flag], "E twice running": TWICE[flag], "least drop": LEAST_DROP},
        caution="In simulation about 2 ordinary sessions in 100 look like this by chance: it may mean nothing, and "
        "asking is the way to find out.",
    )


SAID_ALARMS = tuple(
    version_2(rule, rule.id.rsplit("-", maxsplit=1)[-1]) for rule in ALARMS if rule.id.startswith("unusually-low")
)
