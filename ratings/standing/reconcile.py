"""Hold the stored ruptures and signals of an episode to what its ratings say; what people said about them stays."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from alliance_tracker.accounts.models import ServiceSettings
from ratings.analysis.all_rules import RULES
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


def settle(series: Series) -> tuple[list[Signal], Rupture | None]:
    """Store what the rules see now, and return the episode's open signals and its open rupture."""
    ruptures = stored_ruptures(series)
    words = [word for rupture in ruptures if rupture.has_a_word and (word := word_of(series, rupture))]
    opened, items = derive(series.reading, words)
    by_session = settle_ruptures(series, opened, ruptures)
    open_one = next((rupture for rupture in by_session.values() if rupture.is_open), None)
    return settle_signals(series, items, by_session), open_one


def stored_ruptures(series: Series) -> list[Rupture]:
    spoken = RuptureEvent.objects.filter(rupture=OuterRef("pk"), by__isnull=False)
    return list(Rupture.objects.filter(episode=series.episode).annotate(has_a_word=Exists(spoken)))


def word_of(series: Series, rupture: Rupture) -> SpokenRupture | None:
    """Return a rupture that a person spoke about; None where its session no longer counts."""
    if rupture.session_id not in series.index:
        return None
    opened = series.index[rupture.session_id]
    return SpokenRupture(
        opened, rupture.form, rupture.source, last_covered(series, rupture, opened) if rupture.closed_at else None
    )


def last_covered(series: Series, rupture: Rupture, opened: int) -> int:
    """Return the last session that a closed rupture covers; by its moment where that session no longer counts."""
    if (closed := series.index.get(rupture.closed_session_id)) is not None:
        return closed
    until = [index for index, session in enumerate(series.held) if session.starts_at <= rupture.closed_at]
    return max([opened, *until])


def settle_ruptures(series: Series, opened: list[DerivedRupture], stored: list[Rupture]) -> dict[Any, Rupture]:
    known = {rupture.session_id: rupture for rupture in stored}
    derived = {series.held[each.opened].pk: each for each in opened}
    for rupture in stored:
        if rupture.session_id in derived:
            continue
        if rupture.has_a_word and rupture.is_open:
            turn(rupture, State.ENDED, series.now, note=NOT_COUNTED)
        elif not rupture.has_a_word and rupture.state != State.WITHDRAWN:
            turn(rupture, State.WITHDRAWN, series.now, note=CHANGED)
    for session_id, each in sorted(derived.items(), key=lambda pair: pair[1].closed is None):
        rupture = known.get(session_id) or Rupture(episode=series.episode, session_id=session_id)
        update_rupture(series, rupture, each)
        known[session_id] = rupture
    return known


def update_rupture(series: Series, rupture: Rupture, each: DerivedRupture) -> None:
    """Write a rupture's course; its state changes here only where no person has spoken."""
    before = {field.attname: getattr(rupture, field.attname) for field in Rupture._meta.concrete_fields}  # noqa: SLF001
    rupture.form, rupture.source = each.form, each.source
    rupture.level, rupture.scale = each.course.level, each.course.scale
    rupture.repair_proposed_id = session_id(series, each.course.repair_proposed)
    rupture.unresolved_id = session_id(series, each.course.unresolved)
    adding = rupture._state.adding  # noqa: SLF001
    if adding:
        rupture.opened_at = seen_from(series, each.opened, each.form)
    if adding or before != {name: getattr(rupture, name) for name in before}:
        rupture.save()
    if rupture.state == State.WITHDRAWN or (rupture.is_open and each.closed is not None):
        turn(rupture, State.OPEN if each.closed is None else State.ENDED, series.now)


def turn(rupture: Rupture, state: str, now: datetime, *, note: str = "") -> None:
    """Change the state of a rupture on the ratings' word."""
    rupture.state = state
    rupture.closed_at = None if rupture.is_open else now
    rupture.save(update_fields=["state", "closed_at"])
    RuptureEvent.objects.create(rupture=rupture, at=now, state=state, note=note)


def session_id(series: Series, index: int | None) -> Any:
    return None if index is None else series.held[index].pk


def seen_from(series: Series, index: int, form: str) -> datetime:
    """Return when something at a session could first be seen: its rating's saving or opening, else its start."""
    rating = series.opened(series.held[index]).get(form)
    if rating is None:
        return series.held[index].starts_at
    return max(rating.saved_at, rating.opens_at or rating.saved_at)


def settle_signals(series: Series, items: list[DerivedSignal], ruptures: dict[Any, Rupture]) -> list[Signal]:
    stored = list(Signal.objects.filter(episode=series.episode).select_related("rupture"))
    expected = {(series.held[item.session].pk, item.rule): item for item in items}
    changed = []
    for signal in stored:
        item = expected.get((signal.session_id, signal.rule))
        if adjust(series, signal, item, rupture_of(series, item, ruptures)):
            changed.append(signal)
    fields = ["finding", "rupture", "closed_at", "withdrawn_at", "withdrawn_because"]
    for is_open in (False, True):  # one of each rule is open at a time, so what closes is written first
        written = [signal for signal in changed if signal.is_open == is_open]
        Signal.objects.bulk_update(written, fields, batch_size=200)
    known = {(signal.session_id, signal.rule) for signal in stored}
    new = [signal_of(series, item, ruptures) for key, item in expected.items() if key not in known]
    Signal.objects.bulk_create(new)
    return [signal for signal in (*stored, *new) if signal.is_open]


def finding_of(item: DerivedSignal) -> dict[str, Any]:
    finding = item.finding
    return {
        "sentence": finding.sentence,
        "arithmetic": list(finding.arithmetic),
        "form": finding.form,
        "values": dict(finding.values),
    }


def rupture_of(series: Series, item: DerivedSignal | None, ruptures: dict[Any, Rupture]) -> Rupture | None:
    return None if item is None or item.rupture is None else ruptures[series.held[item.rupture].pk]


def signal_of(series: Series, item: DerivedSignal, ruptures: dict[Any, Rupture]) -> Signal:
    rule = RULES[item.rule]
    opened_at = seen_from(series, item.session, item.finding.form)
    return Signal(
        episode=series.episode,
        session_id=series.held[item.session].pk,
        rupture=rupture_of(series, item, ruptures),
        rule=rule.id,
        rule_version=rule.version,
        finding=finding_of(item),
        opened_at=opened_at,
        escalates_at=None if rule.tier == "note" else escalation(opened_at),
        closed_at=closing(series, item, opened_at),
    )


def closing(series: Series, item: DerivedSignal, opened_at: datetime) -> datetime | None:
    """Return when an item was over: at the session that ended it, or with the therapy."""
    if item.closed is not None:
        return max(opened_at, series.held[item.closed].starts_at)
    return None if series.episode.is_open else max(opened_at, series.now)


def escalation(opened_at: datetime) -> datetime:
    """Return when an untouched item is reminded of, and on the supervisor's list: after two of its working days."""
    service = ServiceSettings.objects.current()
    waits_from = opened_at.astimezone(service.zone)
    return after_working_days(waits_from, REVIEW_DAYS, service.holiday_dates).astimezone(UTC)


def adjust(series: Series, signal: Signal, item: DerivedSignal | None, rupture: Rupture | None) -> bool:
    """Bring a stored signal in line with what the rules see now; whether anything changed."""
    before = (signal.finding, signal.rupture_id, signal.closed_at, signal.withdrawn_at)
    if item is None:
        vanish(signal, series.now)
    else:
        rule = RULES[item.rule]
        over = item.closed is not None or not series.episode.is_open
        done = over or signal.not_right_at or (rule.seen_closes and signal.seen_at)
        signal.rupture, signal.withdrawn_at, signal.withdrawn_because = rupture, None, ""
        signal.closed_at = (signal.closed_at or series.now) if done else None
        if signal.rule_version == rule.version:
            signal.finding = finding_of(item)
    return before != (signal.finding, signal.rupture_id, signal.closed_at, signal.withdrawn_at)


def vanish(signal: Signal, now: datetime) -> None:
    """Withdraw a signal that no longer holds; one with a person's word, or by an older rule, stays and is closed."""
    if signal.has_a_word or signal.rule_version != RULES[signal.rule].version:
        signal.closed_at = signal.closed_at or now
    elif signal.withdrawn_at is None:
        signal.withdrawn_at, signal.withdrawn_because = now, CHANGED


def listed_signals(signals: Iterable[Signal]) -> list[Signal]:
    """Return the open signals that lists show, in triage order: notes stay on the client's page."""
    shown = [signal for signal in signals if signal.of_rule.tier != "note"]
    return sorted(shown, key=lambda signal: attention_key(signal.of_rule, signal.opened_at))
