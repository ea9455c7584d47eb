"""Bring the stored ruptures and signals of an episode in line with its ratings; what people said about them stays."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from alliance_tracker.accounts.models import ServiceSettings
from ratings.analysis.all_rules import IN_USE
from ratings.analysis.attention_order import attention_key
from ratings.analysis.derived import DerivedRupture, DerivedSignal, SpokenRupture, derive
from ratings.analysis.workdays import after_working_days
from ratings.models import Rupture, RuptureEvent, Signal
from ratings.models.signal import State
from ratings.standing.series import Series

REVIEW_DAYS = 2
CHANGED = "The ratings changed and no longer show it."
NOT_COUNTED = "The session it began at did not take place."
BY_HAND = "by-hand"

BySession = dict[object, Rupture]  # by the key of the session at which the rupture opened


def reconcile(series: Series) -> tuple[list[Signal], Rupture | None]:
    """Store what the rules see now, and return the episode's open signals and its open rupture."""
    stored = stored_ruptures(series)
    spoken = [
        found for rupture, spoken_of in stored.items() if spoken_of and (found := spoken_rupture(series, rupture))
    ]
    derived, signals = derive(series.reading, spoken)
    ruptures = reconcile_ruptures(series, derived, stored)
    open_one = next((rupture for rupture in ruptures.values() if rupture.is_open), None)
    return reconcile_signals(series, signals, ruptures), open_one


def stored_ruptures(series: Series) -> dict[Rupture, bool]:
    """Return the stored ruptures, each with whether a person has spoken about it."""
    spoken = Exists(RuptureEvent.objects.filter(rupture=OuterRef("pk"), by__isnull=False))
    stored = Rupture.objects.filter(episode=series.episode).annotate(spoken_of=spoken)
    return {rupture: rupture.spoken_of for rupture in stored}  # type: ignore[attr-defined]  # annotated above


def spoken_rupture(series: Series, rupture: Rupture) -> SpokenRupture | None:
    """Return a rupture that a person spoke about as the rules read it; None where its session no longer counts."""
    opened = series.index.get(rupture.session_id)
    if opened is None:
        return None
    closed = last_covered(series, rupture, opened, rupture.closed_at) if rupture.closed_at else None
    return SpokenRupture(opened, rupture.form, rupture.source, closed)


def last_covered(series: Series, rupture: Rupture, opened: int, closed_at: datetime) -> int:
    """Return the last session that a closed rupture covers; by its moment where that session no longer counts."""
    if (closed := series.index.get(rupture.closed_session_id)) is not None:
        return closed
    until = [index for index, session in enumerate(series.held) if session.starts_at <= closed_at]
    return max([opened, *until])


def reconcile_ruptures(series: Series, derived: list[DerivedRupture], stored: Mapping[Rupture, bool]) -> BySession:
    """Write every rupture that the ratings show; withdraw, or end, the stored ones that they no longer show."""
    known: BySession = {rupture.session_id: rupture for rupture in stored}
    shown = {series.held[each.opened].pk: each for each in derived}
    for rupture, spoken_of in stored.items():
        if rupture.session_id in shown:
            continue
        if spoken_of and rupture.is_open:
            change_state(rupture, State.ENDED, series.now, note=NOT_COUNTED)
        elif not spoken_of and rupture.state != State.WITHDRAWN:
            change_state(rupture, State.WITHDRAWN, series.now, note=CHANGED)
    for session_id, each in sorted(shown.items(), key=lambda pair: pair[1].closed is None):
        rupture = known.get(session_id) or Rupture(episode=series.episode, session_id=session_id)
        update_rupture(series, rupture, each)
        known[session_id] = rupture
    return known


def update_rupture(series: Series, rupture: Rupture, derived: DerivedRupture) -> None:
    """Write a rupture's course; its state changes here only where no person has spoken."""
    before = {field.attname: getattr(rupture, field.attname) for field in Rupture._meta.concrete_fields}  # noqa: SLF001
    rupture.form, rupture.source = derived.rater, derived.source
    rupture.level, rupture.scale = derived.course.level, derived.course.scale
    rupture.repair_proposed_id = session_id(series, derived.course.repair_proposed)
    rupture.unresolved_id = session_id(series, derived.course.unresolved)
    adding = rupture._state.adding  # noqa: SLF001
    if adding:
        rupture.opened_at = visible_from(series, derived.opened, derived.rater)
    if adding or before != {name: getattr(rupture, name) for name in before}:
        rupture.save()
    if rupture.state == State.WITHDRAWN or (rupture.is_open and derived.closed is not None):
        change_state(rupture, State.OPEN if derived.closed is None else State.ENDED, series.now)


def change_state(rupture: Rupture, state: State, now: datetime, *, note: str = "") -> None:
    """Change the state of a rupture because of its ratings: the event names no person."""
    rupture.state = state
    rupture.closed_at = None if rupture.is_open else now
    rupture.save(update_fields=["state", "closed_at"])
    RuptureEvent.objects.create(rupture=rupture, at=now, state=state, note=note)


def session_id(series: Series, index: int | None) -> UUID | None:
    return None if index is None else series.held[index].pk


def visible_from(series: Series, index: int, rater: str) -> datetime:
    """Return when staff could first see a session's rating: from its saving or opening on; else the session's start."""
    rating = series.opened(series.held[index]).get(rater)
    if rating is None:
        return series.held[index].starts_at
    return max(rating.saved_at, rating.opens_at or rating.saved_at)


def reconcile_signals(series: Series, derived: list[DerivedSignal], ruptures: BySession) -> list[Signal]:
    """Write the signals that the ratings raise now, close or withdraw the others, and return the open ones."""
    stored = list(Signal.objects.filter(episode=series.episode).select_related("rupture"))
    expected = {(series.held[each.session].pk, each.rule): each for each in derived}
    keep_counting(stored, expected)
    changed = []
    for signal in stored:
        each = expected.get((signal.session_id, signal.rule))
        if update_signal(series, signal, each, rupture_of(series, each, ruptures)):
            changed.append(signal)
    fields = ["finding", "rule_version", "rupture", "closed_at", "withdrawn_at", "withdrawn_because"]
    for is_open in (False, True):  # one of each rule is open at a time, so what closes is written first
        written = [signal for signal in changed if signal.is_open == is_open]
        Signal.objects.bulk_update(written, fields, batch_size=200)
    known = {(signal.session_id, signal.rule) for signal in stored}
    new = [new_signal(series, each, ruptures) for key, each in expected.items() if key not in known]
    Signal.objects.bulk_create(new)
    return [signal for signal in (*stored, *new) if signal.is_open]


def keep_counting(stored: list[Signal], expected: dict[tuple[UUID, str], DerivedSignal]) -> None:
    """Let an open signal that counts stand, with what was said of it, where its own session is no longer among them."""
    for signal in stored:
        key = (signal.session_id, signal.rule)
        if signal.is_open and signal.of_rule.counts and key not in expected:
            for found in [each for each in expected if each[1] == signal.rule]:
                expected[key] = expected.pop(found)


def finding_of(derived: DerivedSignal) -> dict[str, Any]:
    """Return a finding as it is stored: under `form` is the rater whose ratings raised the signal."""
    finding = derived.finding
    return {
        "sentence": finding.sentence,
        "words": list(finding.in_words),
        "arithmetic": list(finding.arithmetic),
        "form": finding.rater,
        "values": dict(finding.values),
    }


def rupture_of(series: Series, derived: DerivedSignal | None, ruptures: BySession) -> Rupture | None:
    return None if derived is None or derived.rupture is None else ruptures[series.held[derived.rupture].pk]


def new_signal(series: Series, derived: DerivedSignal, ruptures: BySession) -> Signal:
    rule = derived.of_rule
    opened_at = visible_from(series, derived.session, derived.finding.rater)
    return Signal(
        episode=series.episode,
        session_id=series.held[derived.session].pk,
        rupture=rupture_of(series, derived, ruptures),
        rule=rule.id,
        rule_version=rule.version,
        finding=finding_of(derived),
        opened_at=opened_at,
        escalates_at=None if rule.tier == "note" else escalation(opened_at),
        closed_at=closing(series, derived, opened_at),
    )


def closing(series: Series, derived: DerivedSignal, opened_at: datetime) -> datetime | None:
    """Return when a signal was over: at the session that ended it, or with the therapy."""
    if derived.closed is not None:
        return max(opened_at, series.held[derived.closed].starts_at)
    return None if series.episode.is_open else max(opened_at, series.now)


def escalation(opened_at: datetime) -> datetime:
    """Return when a signal that nobody has touched is reminded of, and listed for the supervisor: two working days."""
    service = ServiceSettings.objects.current()
    waits_from = opened_at.astimezone(service.zone)
    return after_working_days(waits_from, REVIEW_DAYS, service.holiday_dates).astimezone(UTC)


def update_signal(series: Series, signal: Signal, derived: DerivedSignal | None, rupture: Rupture | None) -> bool:
    """Bring a stored signal in line with what the rules see now; whether anything changed."""
    before = (signal.finding, signal.rupture_id, signal.closed_at, signal.withdrawn_at)
    if derived is None:
        withdraw(signal, series.now)
    else:
        rule = derived.of_rule
        over = derived.closed is not None or not series.episode.is_open
        done = over or signal.not_right_at or (rule.seen_closes and signal.seen_at)
        signal.rupture, signal.withdrawn_at, signal.withdrawn_because = rupture, None, ""
        signal.closed_at = (signal.closed_at or series.now) if done else None
        if signal.rule_version == rule.version or (rule.counts and not done):  # a count is told anew each time
            signal.finding, signal.rule_version = finding_of(derived), rule.version
    return before != (signal.finding, signal.rupture_id, signal.closed_at, signal.withdrawn_at)


def withdraw(signal: Signal, now: datetime) -> None:
    """Withdraw a signal that no longer holds. One that a person has answered, or an older rule raised, is closed."""
    if signal.is_answered or (signal.rule, signal.rule_version) not in IN_USE:
        signal.closed_at = signal.closed_at or now
    elif signal.withdrawn_at is None:
        signal.withdrawn_at, signal.withdrawn_because = now, CHANGED


def listed_signals(signals: Iterable[Signal]) -> list[Signal]:
    """Return the open signals that lists show, in the order of attention. Notes stay on the client's page."""
    shown = [signal for signal in signals if signal.of_rule.tier != "note"]
    return sorted(shown, key=lambda signal: attention_key(signal.of_rule, signal.opened_at))
