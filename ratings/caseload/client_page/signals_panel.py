"""The signals of an episode on the client's page: open and closed ones, and whether they are paused."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import F

from ratings.analysis.attention_order import attention_key
from ratings.analysis.rule import Rule
from ratings.caseload.client_page.visible_episode import VisibleEpisode
from ratings.models import Signal, SignalPause
from ratings.standing.rule_counts import counted_rules


@dataclass(frozen=True)
class SignalWithCounts:
    """A signal, the number of its session, and how often its rule fired and was acted on in this service."""

    signal: Signal
    number: int | None
    fired: int
    acted_on: int

    @property
    def rule(self) -> Rule:
        return self.signal.of_rule


@dataclass
class SignalsPanel:
    """The stored signals of one episode as this person may see them."""

    visible: VisibleEpisode

    @cached_property
    def counts(self) -> dict[str, tuple[int, int]]:
        """How often each rule fired in this service in 90 days, and how often someone acted on it, as of last night."""
        return counted_rules()

    @cached_property
    def all(self) -> list[SignalWithCounts]:
        """All of them, in triage order."""
        signals = Signal.objects.visible_to(self.visible.user, self.visible.now).filter(episode=self.visible.episode)
        loaded = signals.annotate(seen_by_name=F("seen_by__name"), not_right_by_name=F("not_right_by__name"))
        return [
            SignalWithCounts(signal, self.visible.numbers.get(signal.session_id), *self.counts.get(signal.rule, (0, 0)))
            for signal in sorted(loaded, key=lambda signal: attention_key(signal.of_rule, signal.opened_at))
        ]

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
