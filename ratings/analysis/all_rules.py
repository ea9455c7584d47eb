"""Every rule by its id, in the order of attention. A rule that is added to `alarms` or `patterns` is here."""

from collections.abc import Mapping
from types import MappingProxyType

from ratings.analysis.alarms import ALARMS
from ratings.analysis.patterns import PATTERNS
from ratings.analysis.rule import Rule

RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in (*ALARMS, *PATTERNS)})
