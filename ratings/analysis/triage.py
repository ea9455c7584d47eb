"""The order in which clients need attention: by the rule's rank, then the oldest first. Never by an average."""

from datetime import datetime

from ratings.analysis.rule import Rule

UNRANKED = 99


def place(rule: Rule, opened_at: datetime) -> tuple[int, datetime, str]:
    """Return the key that open items are sorted by."""
    return (UNRANKED if rule.rank is None else rule.rank, opened_at, rule.id)
