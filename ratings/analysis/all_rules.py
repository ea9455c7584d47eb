"""Every rule by its id, in the order of attention. A rule that is added to `alarms` or `patterns` is here.

Two rules have a second version, which counts at the sessions of a service that switched on "low, and said".
"""

from collections.abc import Mapping
from types import MappingProxyType

from ratings.analysis.alarms import ALARMS
from ratings.analysis.patterns import PATTERNS
from ratings.analysis.reading import SessionAnswers
from ratings.analysis.rule import Rule
from ratings.analysis.said_alarms import SAID_ALARMS

RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in (*ALARMS, *PATTERNS)})
WHERE_WORDS_COUNT: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in SAID_ALARMS})
IN_USE = frozenset((rule.id, rule.version) for rule in (*RULES.values(), *SAID_ALARMS))


def rule_at(rule_id: str, session: SessionAnswers) -> Rule:
    """Return a rule in the version that counts at a session."""
    return WHERE_WORDS_COUNT.get(rule_id, RULES[rule_id]) if session.said_counts else RULES[rule_id]


def rule_of(rule_id: str, version: int) -> Rule:
    """Return a rule in a version; as it is now, where that version is in use no more."""
    other = WHERE_WORDS_COUNT.get(rule_id)
    return other if other and other.version == version else RULES[rule_id]
