"""Show what other thresholds would have flagged on this service's own ratings, before anything is changed."""

from argparse import ArgumentParser
from collections import Counter
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from math import inf
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ratings.analysis.derived import derive
from ratings.analysis.disclosure import count, share
from ratings.analysis.reading import Reading
from ratings.analysis.rule_check import per_100
from ratings.analysis.usual import Thresholds
from ratings.standing.rule_check import answers_of, counts_of_check
from ratings.standing.rule_counts import COUNTED, outcome_counts
from ratings.standing.series import all_series

RULES = ("unusually-low-red", "unusually-low-amber", "unresolved-rupture", "strain-reported")


class Command(BaseCommand):
    help = "Count what the rules flag on the stored ratings, now and with other thresholds. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for each in fields(Thresholds):
            option = "--" + each.name.replace("_", "-")
            parser.add_argument(option, type=float, default=each.default, help=f"now {each.default:g}")

    def handle(self, **options: Any) -> None:
        wanted = Thresholds(**{each.name: options[each.name] for each in fields(Thresholds)})
        if not all(0 < value < inf for value in vars(wanted).values()):
            raise CommandError("Thresholds are numbers above 0.")
        now = timezone.now()
        before, after, trial, sessions = Counter[str](), Counter[str](), Trial(), 0
        for series in all_series(now):
            reading = series.reading
            sessions += sum(reading.alarm_rater(index) is not None for index in range(len(reading.sessions)))
            before += flagged(reading)
            after += flagged(replace(reading, thresholds=wanted))
            trial.add(reading)
        print(f"{sessions} rated sessions. Nothing was changed.")
        print(f"{'rule':<24}{'now':>8}{'then':>8}{'per 100 then':>14}")
        for rule in RULES:
            per = 100 * after[rule] / sessions if sessions else 0.0
            print(f"{rule:<24}{before[rule]:>8}{after[rule]:>8}{per:>14.1f}")
        print("\n".join([*trial.lines(sessions), *checked_lines(now)]))


@dataclass
class Trial:
    """Sessions flagged by the drop alone, and by what was said of a strain as well."""

    alone: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)

    def add(self, reading: Reading) -> None:
        for index, row in enumerate(reading.evidence):
            if row is None:
                continue
            usual = reading.levels[row.form][index]
            alone, said = usual.flag if usual else None, row.flag
            self.alone[alone or ""] += 1
            self.said[said or ""] += 1
            self.changed["said only" if not alone else "alone only"] += bool(alone) != bool(said)

    def lines(self, sessions: int) -> list[str]:
        rows = [
            f"{flag:<24}{self.alone[flag]:>8}{self.said[flag]:>8}{100 * self.said[flag] / (sessions or 1):>14.1f}"
            for flag in ("red", "amber")
        ]
        return [
            "Sessions flagged by the drop alone, and by what was said of a strain as well (a rule on trial):",
            f"{'flag':<24}{'alone':>8}{'said':>8}{'per 100 said':>14}",
            *rows,
            f"Flagged only with what was said: {self.changed['said only']}.",
            f"Flagged only by the drop alone: {self.changed['alone only']}.",
        ]


def flagged(reading: Reading) -> Counter[str]:
    """Count the signals of an episode by rule, without what people said about them."""
    return Counter(item.rule for item in derive(reading)[1])


def checked_lines(now: datetime) -> list[str]:
    """Write how the rule does here: low and high sessions, outcomes of its signals, what answers about strain tell."""
    check, outcomes = counts_of_check(now), outcome_counts(now - COUNTED)
    whole, by = check.sessions, check.clinicians
    low, high = (per_100(part, whole, by) for part in (check.unusually_low, check.unusually_high))
    lines = [
        f"In 90 days, of {count(whole, by)} sessions with a usual level: unusually low {low}, unusually high {high}.",
        "Sessions are unusually high about as often as they are unusually low by chance.",
    ]
    for rule, found in outcomes.items():
        given, strains = found.with_outcome, share(found.strains, found.with_outcome, found.clinicians)
        lines.append(f"{rule}: people looked back at {count(given, found.clinicians)}; there was a strain: {strains}.")
    answers = answers_of(check)
    words = answers.refusal or 'This service\'s answers bear "low, and said": an administrator may switch it on.'
    low_count = count(check.low, check.blind_clinicians)
    return [*lines, f"Sessions with a low client's rating and a blind answer of the clinician: {low_count}. {words}"]
