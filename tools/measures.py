"""Write the tables of docs/measures.md from the code: `python -m tools.measures`. `--check` only compares."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

from ratings.analysis import usual
from ratings.analysis.all_rules import RULES
from ratings.analysis.repair_prompts import ANY_STRAIN, PROMPTS
from ratings.analysis.rule import Rule
from ratings.elements import ELEMENTS, ITEMS, SCALE

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "measures.md"
FIGURES = ROOT / "bench" / "signals" / "figures.json"
EXAMPLE = (5.4, 5.6, 5.3, 5.6, 5.4, 4.0, 4.3)
WIDTH = 120
TIERS = {
    "note": "note: the client's page",
    "review": "review: the clinician's list",
    "supervision": "supervision: the supervisor's list at once",
}


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table in Markdown."""
    lines = [f"| {' | '.join(cells)} |" for cells in (heads, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(heads), *lines[1:]])


def figures() -> dict[str, Any]:
    """Return the figures that `python -m bench.signals --write` keeps.

    Raises ValueError where a rule has another version than its figures.
    """
    found: dict[str, Any] = json.loads(FIGURES.read_text())
    outdated = [key for key, rule in RULES.items() if found["rules"].get(key, {}).get("version") != rule.version]
    if outdated:
        raise ValueError(f"run `python -m bench.signals --write`: no figure for {', '.join(outdated)}")
    return found


def items() -> str:
    rows = [(each.name, ELEMENTS[each.element], each.clinician, each.client, each.observer) for each in ITEMS]
    return table(("item", "element", "clinician's form", "client's form", "observer's form"), rows)


def anchors() -> str:
    return table(("item", "1", "4", "7"), [(each.name, *each.help) for each in ITEMS])


def scale() -> str:
    return table([str(number) for number in SCALE], [list(SCALE.values())])


def constants() -> str:
    prior = usual.Prior()
    return table(
        ("name", "value", "what it is"),
        [
            ("m0", f"{prior.m0:g}", "level expected of a client before any rating"),
            ("tau", f"{prior.tau:g}", "spread of that level between clients, in points"),
            ("sigma", f"{prior.sigma:g}", "spread of one client's ratings from session to session, in points"),
            ("nu0", f"{prior.nu0:g}", "how many ratings that spread is worth before the client's own count"),
            ("q", f"{usual.DRIFT:g}", "how far the level may drift from session to session, in squared spreads"),
            (
                "clip",
                f"{usual.CLIP_LOW:g} and {usual.CLIP_HIGH:g}",
                "spreads beyond which a low or high day counts no more",
            ),
        ],
    )


def example() -> str:
    rows = []
    for number, each in enumerate(usual.usual_levels(EXAMPLE), start=1):
        if each is None:
            continue
        before = [f"{value:.4f}" for value in (each.level, each.spread, each.scale)]
        z, edge = (f"{value:.4f}" if value is not None else "" for value in (each.z, each.lower_edge))
        rows.append((str(number), f"{each.score:.1f}", *before, f"{each.nu:g}", z, edge, each.flag or ""))
    return table(("session", "score", "b", "w", "sqrt(S)", "nu", "z", "lower edge", "flag"), rows)


def closing(rule: Rule) -> str:
    """Say when a signal of this rule closes."""
    if rule.closes == "rupture":
        return "with its rupture"
    return "when it no longer holds, or when seen" if rule.seen_closes else "when it no longer holds"


def rules() -> str:
    rows = [
        (
            f"**{rule.title}**<br>`{rule.id}`, version {rule.version}",
            rule.sees,
            rule.severity.capitalize(),
            TIERS[rule.tier],
            "" if rule.rank is None else str(rule.rank),
            "yes" if rule.opens_rupture else "no",
            closing(rule),
        )
        for rule in RULES.values()
    ]
    return table(("rule", "what it sees", "severity", "tier", "triage rank", "opens a rupture", "closes"), rows)


def thresholds() -> str:
    chance = figures()["rules"]
    rows = [
        (
            f"`{rule.id}`",
            rule.threshold,
            ", ".join(f"{name} {value:g}" for name, value in rule.parameters.items()) or "",
            rule.citation,
            by_chance(chance[rule.id]["false"]),
        )
        for rule in RULES.values()
    ]
    return table(("rule", "threshold", "defaults", "source", "by chance"), rows)


def by_chance(rate: float | str) -> str:
    """Write a rate of false alarms, or why there is none."""
    return f"none: {rate}" if isinstance(rate, str) else f"{rate:.1f}"


def raters(rows: list[dict[str, Any]]) -> list[str]:
    """Return the kinds of raters in these rows, each once."""
    return list(dict.fromkeys(row["rater"] for row in rows))


def reached() -> str:
    """Write how well the project's own rule does for each kind of rater."""
    ours = [row for row in figures()["table"] if row["threshold"] == "own" and row["rule"].startswith("usual level")]
    shown = ("caught", "false", "right", "delay", "caught_early", "false_early")
    rows = [(row["rater"], *(f"{row[key]:.1f}" for key in shown)) for row in ours]
    heads = (
        "rated by",
        "caught, %",
        "false in 100",
        "right, %",
        "delay",
        "caught, sessions 2-5, %",
        "false in 100, 2-5",
    )
    return table(heads, rows)


def at_own_thresholds() -> str:
    rows = [row for row in figures()["table"] if row["threshold"].startswith("own") and row["rater"] == "client form"]
    cells = [
        (
            row["rule"],
            row["threshold"].removeprefix("own, ").replace("own", ""),
            *(f"{row[key]:.0f}" for key in ("caught", "false", "right")),
        )
        for row in rows
    ]
    return table(("rule", "threshold", "caught, %", "false in 100", "right, %"), cells)


def at_equal_false_alarms() -> str:
    rows = [row for row in figures()["table"] if row["threshold"] == "own" or row["threshold"].startswith("equal")]
    caught = {(row["rule"], row["rater"]): f"{row['caught']:.0f}" for row in rows}
    names = list(dict.fromkeys(row["rule"] for row in rows))
    return table(
        ("caught, %", *raters(rows)), [(name, *(caught[name, rater] for rater in raters(rows))) for name in names]
    )


def simulated() -> str:
    found = figures()
    prior, clear, chance = found["prior"], found["clearing"], found["rules"]
    flags = chance["unusually-low-red"]["false"] + chance["unusually-low-amber"]["false"]
    text = (
        f"{found['clients']:,} clients for each kind of rater, seed {found['seed']}. On the client form their overall "
        f"scores have a mean of {prior['mean']:.2f} at the first session, a spread of {prior['between']:.2f} between "
        f"clients and of {prior['within']:.2f} within a client. Of {clear['flagged']} flagged strains that were never "
        f"repaired, one session back in range would have cleared {clear['by_one']:.0f}% within five rated sessions, "
        f"two running {clear['by_two']:.0f}%. Of alarms by chance, "
        f"{100 * chance['unresolved-rupture']['false'] / flags:.0f}% would go on to count as unresolved if nobody "
        "said that it was no strain."
    )
    return fill(text, WIDTH)


def in_worlds() -> str:
    """Write how "low, and said" does beside the drop alone, by what answers about strain tell."""
    shown = ("caught_alone", "caught_said", "false_alone", "false_said")
    rows = [(row["world"], *(f"{row[key]:.1f}" for key in shown), f"{row['ratio']:.1f}") for row in figures()["worlds"]]
    heads = ("world", "caught, drop alone, %", "caught, and said, %", "false in 100, drop alone", "false, and said")
    return table((*heads, "ratio"), rows)


def over_therapies() -> str:
    """Write how many steady therapies are flagged at least once, and how often changeable raters are flagged."""
    found = figures()
    once = [
        (row["rater"], f"{row['once']:.0f}", *(f"{row[key]:.1f}" for key in ("false", "low", "high")))
        for row in found["quiet therapies"]
    ]
    calm = [(f"client form, {name}", "", f"{rate:.1f}", "", "") for name, rate in found["steadiness"].items()]
    heads = ("rated by", "flagged at least once in 20 sessions, %", "flagged, in 100 rated sessions")
    return table((*heads, "unusually low, in 100", "unusually high, in 100"), [*once, *calm])


def left_unresolved() -> str:
    """Write how many ruptures of each kind count as unresolved."""
    rows = [(row["kind"], str(row["flagged"]), f"{row['share']:.0f}") for row in figures()["unresolved"]]
    return table(("ruptures", "how many", "unresolved, %"), rows)


def prompts() -> str:
    names = {each.key: each.name for each in ITEMS}
    groups = [(names[key], each) for key, each in PROMPTS.items()] + [("Any strain", ANY_STRAIN)]
    return "\n".join("\n".join([f"- **{name}**", *(f"  - {prompt}" for prompt in each)]) for name, each in groups)


SECTIONS: dict[str, Callable[[], str]] = {
    "items": items,
    "anchors": anchors,
    "scale": scale,
    "constants": constants,
    "example": example,
    "rules": rules,
    "thresholds": thresholds,
    "reached": reached,
    "own thresholds": at_own_thresholds,
    "equal false alarms": at_equal_false_alarms,
    "simulated": simulated,
    "in worlds": in_worlds,
    "over therapies": over_therapies,
    "left unresolved": left_unresolved,
    "prompts": prompts,
}


def written(text: str) -> str:
    """Return the document with every generated part as the code has it now.

    Raises ValueError where the document has no place for a part.
    """
    for name, make in SECTIONS.items():
        part = re.compile(rf"(<!-- from the code: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if not part.search(text):
            raise ValueError(f"docs/measures.md has no part named {name}")
        content = f"{make()}\n"
        text = part.sub(lambda marks, content=content: marks[1] + content + marks[2], text)  # type: ignore[misc]
    return text


def main() -> None:
    before = DOCUMENT.read_text()
    after = written(before)
    if "--check" in sys.argv[1:]:
        sys.exit("docs/measures.md differs from the code: run `python -m tools.measures`." if after != before else 0)
    DOCUMENT.write_text(after)


if __name__ == "__main__":
    main()
