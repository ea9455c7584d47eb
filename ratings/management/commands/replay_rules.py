"""Show what other thresholds would have flagged on this service's own ratings, before anything is changed."""

from argparse import ArgumentParser
from collections import Counter
from dataclasses import fields, replace
from math import inf
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ratings.analysis.derived import derive
from ratings.analysis.reading import CLIENT, CLINICIAN, Reading
from ratings.analysis.said import evidence_in
from ratings.analysis.usual import Thresholds
from ratings.management.commands.rebuild_standing import every_episode
from ratings.standing.series import series_of

RULES = ("unusually-low-red", "unusually-low-amber", "unresolved-rupture", "strain-reported")


class Command(BaseCommand):
    help = "Count what the rules flag on the stored ratings, now and with other thresholds. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for field in fields(Thresholds):
            option = "--" + field.name.replace("_", "-")
            parser.add_argument(option, type=float, default=field.default, help=f"now {field.default:g}")

    def handle(self, **options: Any) -> None:
        wanted = Thresholds(**{field.name: options[field.name] for field in fields(Thresholds)})
        if not all(0 < value < inf for value in vars(wanted).values()):
            raise CommandError("Thresholds are numbers above 0.")
        now = timezone.now()
        before, after, sessions = Counter[str](), Counter[str](), 0
        alone, said = Counter[str](), Counter[str]()
        for episode in every_episode():
            reading = series_of(episode, now).reading
            sessions += sum(reading.alarm_rater(index) is not None for index in range(len(reading.sessions)))
            before += flagged(reading)
            after += flagged(replace(reading, thresholds=wanted))
            alone += Counter(flag for index in range(len(reading.sessions)) if (flag := flag_alone(reading, index)))
            said += flagged_with_answers(reading)
        print(f"{sessions} rated sessions. Nothing was changed.")
        print(f"{'rule':<24}{'now':>8}{'then':>8}{'per 100 then':>14}")
        for rule in RULES:
            per_100 = 100 * after[rule] / sessions if sessions else 0.0
            print(f"{rule:<24}{before[rule]:>8}{after[rule]:>8}{per_100:>14.1f}")
        print("Sessions flagged by the drop alone, and by what was said of a strain as well (a rule on trial):")
        print(f"{'flag':<24}{'alone':>8}{'said':>8}{'per 100 said':>14}")
        for flag in ("red", "amber"):
            per_100 = 100 * said[flag] / sessions if sessions else 0.0
            print(f"{flag:<24}{alone[flag]:>8}{said[flag]:>8}{per_100:>14.1f}")


def flagged(reading: Reading) -> Counter[str]:
    """Count the signals of an episode by rule, without what people said about them."""
    return Counter(item.rule for item in derive(reading)[1])


def flag_alone(reading: Reading, index: int) -> str | None:
    """Return the flag of a session by its drop alone: "red", "amber" or None."""
    rater = reading.alarm_rater(index)
    usual = reading.levels[rater][index] if rater else None
    return usual.flag if usual else None


def flagged_with_answers(reading: Reading) -> Counter[str]:
    """Count the flags of an episode where what either said of a strain counts as part of the drop."""
    levels = zip(reading.levels[CLIENT], reading.levels[CLINICIAN], strict=True)
    answers = [[session.by(rater) for rater in (CLIENT, CLINICIAN)] for session in reading.sessions]
    words = [tuple((each.strain or None) if each else None for each in both) for both in answers]
    found = evidence_in(levels, ((of_client, of_clinician) for of_client, of_clinician in words))
    return Counter(row.flag for row in found if row and row.flag)
