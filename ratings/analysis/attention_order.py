"""The order of attention: by the rank of the rule, then the oldest first. Never by an average of a clinician.

Source: docs/measures.md#the-rules.
"""

from datetime import datetime

from ratings.analysis.rule import Rule

UNRANKED = 99


def attention_key(rule: Rule, opened_at: datetime) -> tuple[int, datetime, str]:
    """Return the key by which open signals are sorted. Rules without a rank come last."""
    return (UNRANKED if rule.rank is None else rule.rank, opened_at, rule.id)
