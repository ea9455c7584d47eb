"""What the client's page shows of signals and ruptures, with what explains them and what may help."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import F

from alliance_tracker.accounts.models import User
from clients.models import Episode
from ratings.analysis.attention_order import attention_key
from ratings.analysis.reading import CLIENT, CLINICIAN, Reading, SessionAnswers
from ratings.analysis.repair_prompts import prompts_for
from ratings.analysis.usual import band
from ratings.caseload.timeline import Entry, Timeline
from ratings.figures.shading import Range, ShadedStrain
from ratings.models import PriorVersion, Rupture, Signal
from ratings.models.signal import State
from ratings.standing.rule_counts import counted_rules

MARKABLE = 3


@dataclass(frozen=True)
class Shown:
    """A signal as the page shows it: its session's number, and how its rule has done in this service."""

    signal: Signal
    number: int | None
    fired: int
    acted_on: int

    @property
    def rule(self) -> Any:
        return self.signal.of_rule


@dataclass
class Watch:
    """The signals and ruptures of one episode as this person may see them."""

    episode: Episode
    user: User
    now: datetime
    timeline: Timeline

    @cached_property
    def priors(self) -> dict[str, PriorVersion]:
        return PriorVersion.objects.for_episode(self.episode)

    @property
    def prior_words(self) -> str:
        """Say what the usual range leans on at first."""
        if not self.priors:
            return "At first the usual range leans on the starting values that come with the app."
        since = max(version.since for version in self.priors.values())
        return f"At first the usual range leans on this service's own ratings, as of {since.day} {since:%B %Y}."

    @cached_property
    def reading(self) -> Reading:
        """The episode as the rules read it, from the ratings that this page has loaded."""
        sessions = [
            SessionAnswers(
                entry.clinician.answers if entry.clinician else None,
                entry.client.answers if entry.client else None,
                waits=not entry.session.not_rated_reason,
            )
            for entry in self.timeline.held
        ]
        return Reading(sessions, {rater: version.prior for rater, version in self.priors.items()})

    @cached_property
    def form(self) -> str | None:
        """The form whose usual range the chart draws: the one that may alarm at the latest rated session."""
        forms = (self.reading.alarm_rater(index) for index in reversed(range(len(self.timeline.held))))
        return next((form for form in forms if form), None)

    @property
    def form_words(self) -> str:
        """Say whose ratings alarms follow at the latest rated session."""
        if self.form == CLIENT:
            return "Alarms and the usual range follow the client's own rating wherever there is one to see."
        if self.form == CLINICIAN:
            return (
                "At the latest rated session, alarms and the usual range follow the clinician's rating. "
                "Clinicians' ratings notice fewer strains than clients' own."
            )
        return ""

    def band(self, shown: Sequence[Entry]) -> list[Range | None]:
        """Return the usual range that each shown session was read against, from the second rated one on.

        A session without a score leaves the range as it is.
        """
        if self.form is None or not shown:
            return []
        ranges: list[Range | None] = []
        coming: Range | None = None
        levels = self.reading.levels[self.form]
        for usual in reversed(levels):
            if usual:
                coming = band(usual) if usual.z is not None else None
            ranges.append(coming)
        return ranges[::-1][-len(shown) :]

    @cached_property
    def ruptures(self) -> list[Rupture]:
        ruptures = Rupture.objects.visible_to(self.user, self.now).filter(episode=self.episode)
        kept = ruptures.exclude(state=State.WITHDRAWN).select_related("session")
        return list(kept.with_events().order_by("session__starts_at"))

    def strains(self, shown: Sequence[Entry]) -> list[ShadedStrain]:
        """Return where strains opened and ended among the shown sessions."""
        places = {entry.session.pk: place for place, entry in enumerate(shown)}
        found = []
        for rupture in self.ruptures:
            opened = places.get(rupture.session_id)
            end = None if rupture.is_open else places.get(repaired_at(rupture) or rupture.closed_session_id)
            if opened is None and end is None and not rupture.is_open:
                continue
            repaired = end if rupture.state == State.REPAIRED else None
            found.append(ShadedStrain(opened or 0, repaired, end, begins_here=opened is not None))
        return found

    def marks(self, entry: Entry) -> list[str]:
        """Say of a session that a strain opened there or was repaired: what the figure shows as marks."""
        opened = any(rupture.session_id == entry.session.pk for rupture in self.ruptures)
        repaired = any(repaired_at(rupture) == entry.session.pk for rupture in self.ruptures)
        return ["Possible rupture"] * opened + ["Repaired"] * repaired

    @cached_property
    def past(self) -> list[tuple[Rupture, int | None]]:
        """The closed strains, newest first, each with the number of the session that opened it."""
        closed = [rupture for rupture in reversed(self.ruptures) if not rupture.is_open]
        return [(rupture, self.numbers.get(rupture.session_id)) for rupture in closed]

    @cached_property
    def markable(self) -> list[Entry]:
        """The last few sessions after any strain on record: those a clinician may want to mark by hand."""
        if self.open_rupture or not self.episode.is_open:
            return []
        last = max((rupture.session.starts_at for rupture in self.ruptures), default=None)
        return [entry for entry in self.timeline.held[-MARKABLE:] if not last or entry.session.starts_at > last]

    @cached_property
    def open_rupture(self) -> Rupture | None:
        return next((rupture for rupture in self.ruptures if rupture.is_open), None)

    @cached_property
    def numbers(self) -> dict[Any, int | None]:
        return {entry.session.pk: entry.number for entry in self.timeline.entries}

    @cached_property
    def counts(self) -> dict[str, tuple[int, int]]:
        """How often each rule fired in this service in 90 days, and how often someone acted on it, as of last night."""
        return counted_rules()

    @cached_property
    def signals(self) -> list[Shown]:
        signals = Signal.objects.visible_to(self.user, self.now).filter(episode=self.episode)
        loaded = signals.annotate(seen_by_name=F("seen_by__name"), not_right_by_name=F("not_right_by__name"))
        return [
            Shown(signal, self.numbers.get(signal.session_id), *self.counts.get(signal.rule, (0, 0)))
            for signal in sorted(loaded, key=lambda signal: attention_key(signal.of_rule, signal.opened_at))
        ]

    @cached_property
    def open(self) -> list[Shown]:
        return [shown for shown in self.signals if shown.signal.is_open]

    @cached_property
    def closed(self) -> list[Shown]:
        return [shown for shown in self.signals if not shown.signal.is_open]

    @cached_property
    def pause(self) -> Any:
        return self.episode.pauses.filter(resumed_at=None).annotate(paused_by_name=F("paused_by__name")).first()

    @cached_property
    def prompts(self) -> list[str]:
        """A few things to ask or try, for the items that fell most at the open strain's session."""
        standing = getattr(self.episode, "standing", None)
        return prompts_for(standing.strain["items"]) if standing and standing.strain else []


def repaired_at(rupture: Rupture) -> Any:
    """Return the id of the session that repaired a strain: where repair was proposed, else where it was closed."""
    if rupture.state != State.REPAIRED:
        return None
    return rupture.repair_proposed_id or rupture.closed_session_id
