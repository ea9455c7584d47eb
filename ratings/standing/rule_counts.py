"""How often each rule fired in this service in 90 days, how often a person acted on it, and what came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q

from ratings.models import RuleCount, RuptureEvent, Signal
from ratings.models.signal import Outcome, State

COUNTED = timedelta(days=90)


@dataclass(frozen=True)
class Outcomes:
    """Of the signals of a rule whose strain has an outcome, at how many there was one, and from how many clinicians."""

    strains: int = 0
    with_outcome: int = 0
    clinicians: int = 0


@transaction.atomic
def count_rules(now: datetime) -> int:
    """Write anew how often each rule fired in the last 90 days, and what came of it; how many rules fired."""
    outcomes = outcome_counts(now - COUNTED)
    counts = [
        RuleCount(
            rule=rule,
            fired=fired,
            acted_on=acted,
            strains=outcomes.get(rule, Outcomes()).strains,
            with_outcome=outcomes.get(rule, Outcomes()).with_outcome,
            outcome_clinicians=outcomes.get(rule, Outcomes()).clinicians,
        )
        for rule, (fired, acted) in rule_counts(now - COUNTED).items()
    ]
    RuleCount.objects.all().delete()
    RuleCount.objects.bulk_create(counts)
    return len(counts)


def counted_rules() -> dict[str, RuleCount]:
    """Return by rule what `count_rules` has written."""
    return {count.rule: count for count in RuleCount.objects.all()}


def rule_counts(since: datetime) -> dict[str, tuple[int, int]]:
    """Return by rule how often it fired in this service since then, and how often a person acted on it."""
    spoken_of = Q(rupture__in=RuptureEvent.objects.filter(by__isnull=False).values("rupture"))
    acted = Q(seen_at__isnull=False) | Q(not_right_at__isnull=False) | spoken_of
    recent = Signal.objects.filter(opened_at__gte=since, withdrawn_at=None)
    lines = recent.values("rule").annotate(fired=Count("pk"), acted=Count("pk", filter=acted))
    return {line["rule"]: (line["fired"], line["acted"]) for line in lines}


def outcome_counts(since: datetime) -> dict[str, Outcomes]:
    """Return by rule what people said of the strains of its signals since then, after these had closed."""
    recent = Signal.objects.filter(opened_at__gte=since, withdrawn_at=None, rupture__closed_at__isnull=False)
    said = recent.exclude(rupture__outcome="").exclude(rupture__state=State.WITHDRAWN)
    lines = said.values("rule").annotate(
        with_outcome=Count("pk"),
        strains=Count("pk", filter=Q(rupture__outcome=Outcome.STRAIN)),
        clinicians=Count("session__clinician", distinct=True),
    )
    return {line["rule"]: Outcomes(line["strains"], line["with_outcome"], line["clinicians"]) for line in lines}
