"""How the client's rating of a session lies against the clinician's, and what is usual between the two.

Scores are overall alliance, 1 to 7; a gap is the client's score minus the clinician's.
Source: docs/measures.md#the-rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ratings.analysis.alarms import GAP, GAP_PAIRS
from ratings.analysis.paired_difference import difference
from ratings.analysis.words import spoken, step, than, usually

Pair = tuple[float, float]  # the client's score, the clinician's

NORMAL = "Differences are normal; a change in them is worth talking about."


@dataclass(frozen=True)
class UsualGap:
    """The gap of the last session that both rated (`last`), None without both scores, and the pairs `before` it.

    As in the rule for a gap, what is usual is read from the earlier pairs, from four on. All numbers are as written, so
    that who reads them can work out the others.
    """

    before: Sequence[Pair]
    last: Pair | None = None

    @property
    def today(self) -> Decimal | None:
        return step(self.last[1], self.last[0]) if self.last else None

    @cached_property
    def usual(self) -> tuple[Decimal, Decimal] | None:
        """The mean of the earlier gaps and their standard deviation; None below four of them."""
        if len(self.before) < GAP_PAIRS:
            return None
        found = difference(*zip(*self.before, strict=True))
        return Decimal(spoken(found.bias)), Decimal(spoken(found.sd))

    @property
    def ends(self) -> tuple[Decimal, Decimal] | None:
        """Between what about two in three gaps lie: one standard deviation either way of the mean."""
        return (self.usual[0] - self.usual[1], self.usual[0] + self.usual[1]) if self.usual else None

    @property
    def is_usual(self) -> bool:
        """Whether the last gap lies between these ends; never where they are not known."""
        return self.today is not None and self.ends is not None and self.ends[0] <= self.today <= self.ends[1]

    @property
    def stands_out(self) -> bool:
        """Whether the two ratings lie a point or more apart, and further than they usually do."""
        return self.today is not None and abs(self.today) >= Decimal(str(GAP)) and not self.is_usual

    def sentence(self, client: str, clinician: str) -> str:
        """Say what is usual between the two, and where the last session lies. The names are as in "Kit", "you"."""
        if self.usual is None or self.ends is None:
            return (
                f"What is usual between the two is shown once there are {GAP_PAIRS} earlier sessions with both "
                "overall scores."
            )
        mean, sd = self.usual
        low, high = (usually(float(end)) for end in self.ends)
        return (
            f"In the {len(self.before)} sessions before that both rated, {client} rated {than(float(mean))} "
            f"{clinician} on average (standard deviation {sd}): about two in three sessions fall between {low} and "
            f"{high}. "
            f"{self.of_today(client)}{NORMAL}"
        )

    def of_today(self, client: str) -> str:
        """Say whether the last gap lies there, and why a large one raises no signal; nothing without both scores."""
        if self.today is None or self.usual is None:
            return ""
        where = f"This one, {usually(float(self.today))}, is {'one of those' if self.is_usual else 'outside that'}. "
        if self.today <= -Decimal(str(GAP)) and sum(client - own for client, own in self.before) <= 0:
            where += f"It raises no signal: that rule is for a client who usually rates higher, and {client} does not. "
        return where
