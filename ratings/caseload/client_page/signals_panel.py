"""The signals of an episode on the client's page: open and closed ones, and whether they are paused."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import F

from ratings.analysis import disclosure
from ratings.analysis.attention_order import attention_key
from ratings.analysis.rule import Rule
from ratings.analysis.rule_check import per_100
from ratings.caseload.client_page.visible_episode import VisibleEpisode
from ratings.models import RuleCheck, RuleCount, Signal, SignalPause
from ratings.standing.rule_check import last_check
from ratings.standing.rule_counts import counted_rules


@dataclass(frozen=True)
class SignalWithCounts:
    """A signal, the number of its session, and how its rule does in this service: see `RuleCount` and `RuleCheck`."""

    signal: Signal
    number: int | None
    count: RuleCount
    check: RuleCheck | None

    @property
    def rule(self) -> Rule:
        return self.signal.of_rule

    @property
    def fired(self) -> int:
        return self.count.fired

    @property
    def acted_on(self) -> int:
        return self.count.acted_on

    @property
    def outcome_words(self) -> str:
        """Say what came of this rule's signals here; empty for a rule whose signals end with no strain."""
        if self.rule.closes != "rupture":
            return ""
        number, by = self.count.with_outcome, self.count.outcome_clinicians
        if number == 0:
            return "Looking back, nobody has said yet of any of them whether there was a strain."
        if disclosure.withheld(number, by):
            return "Looking back, people said of too few of them whether there was a strain for a number here."
        found = disclosure.share(self.count.strains, number, by)
        return f"Looking back, people said of {number} of them whether there was a strain. There was in {found}."

    @property
    def chance_words(self) -> str:
        """Say how often the rule speaks by chance, here and over a therapy; empty for a rule without a usual level."""
        if not self.rule.caution:
            return ""
        over = (
            "In simulation about 4 in 10 therapies without any strain are flagged at least once in 20 sessions, more "
            "where the ratings swing."
        )
        if self.check is None:
            return over
        whole, by = self.check.sessions, self.check.clinicians
        if disclosure.withheld(whole, by):
            return over
        low, high = (per_100(part, whole, by) for part in (self.check.unusually_low, self.check.unusually_high))
        return (
            f"Sessions here in those 90 days: unusually low {low}, unusually high {high}. By chance alone about as "
            f"many are low as are high; more where ratings are near 7. {over}"
        )


@dataclass
class SignalsPanel:
    """The stored signals of one episode as this person may see them."""

    visible: VisibleEpisode

    @cached_property
    def counts(self) -> dict[str, RuleCount]:
        """How often each rule fired in this service in 90 days, and what came of it, as of last night."""
        return counted_rules()

    @cached_property
    def check(self) -> RuleCheck | None:
        return last_check()

    @cached_property
    def all(self) -> list[SignalWithCounts]:
        """All of them, in triage order."""
        signals = Signal.objects.visible_to(self.visible.user, self.visible.now).filter(episode=self.visible.episode)
        loaded = signals.annotate(seen_by_name=F("seen_by__name"), not_right_by_name=F("not_right_by__name"))
        return [
            SignalWithCounts(
                signal, self.visible.numbers.get(signal.session_id), self.count_of(signal.rule), self.check
            )
            for signal in sorted(loaded, key=lambda signal: attention_key(signal.of_rule, signal.opened_at))
        ]

    def count_of(self, rule: str) -> RuleCount:
        return self.counts.get(rule) or RuleCount(rule=rule, fired=0, acted_on=0)

    @cached_property
    def open(self) -> list[SignalWithCounts]:
        return [each for each in self.all if each.signal.is_open]

    @cached_property
    def closed(self) -> list[SignalWithCounts]:
        return [each for each in self.all if not each.signal.is_open]

    @cached_property
    def pause(self) -> SignalPause | None:
        """The pause that runs, with the name of who began it."""
        running = self.visible.episode.pauses.filter(resumed_at=None)
        return running.annotate(paused_by_name=F("paused_by__name")).first()
