"""How often each rule fired in this service in 90 days, and how often a person acted on it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q

from ratings.models import RuleCount, RuptureEvent, Signal

COUNTED = timedelta(days=90)


@transaction.atomic
def count_rules(now: datetime) -> int:
    """Write anew how often each rule fired in the last 90 days; how many rules fired."""
    counts = [RuleCount(rule=rule, fired=n, acted_on=of) for rule, (n, of) in rule_counts(now - COUNTED).items()]
    RuleCount.objects.all().delete()
    RuleCount.objects.bulk_create(counts)
    return len(counts)


def counted_rules() -> dict[str, tuple[int, int]]:
    """Return by rule what `count_rules` has written: how often it fired, and how often a person acted on it."""
    return {count.rule: (count.fired, count.acted_on) for count in RuleCount.objects.all()}


def rule_counts(since: datetime) -> dict[str, tuple[int, int]]:
    """Return by rule how often it fired in this service since then, and how often a person acted on it."""
    spoken_of = Q(rupture__in=RuptureEvent.objects.filter(by__isnull=False).values("rupture"))
    acted = Q(seen_at__isnull=False) | Q(not_right_at__isnull=False) | spoken_of
    recent = Signal.objects.filter(opened_at__gte=since, withdrawn_at=None)
    lines = recent.values("rule").annotate(fired=Count("pk"), acted=Count("pk", filter=acted))
    return {line["rule"]: (line["fired"], line["acted"]) for line in lines}
