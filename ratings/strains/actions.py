"""What people say of signals and ruptures. What a person says of a rupture outranks what the rules find.

Each action is one transaction: lock the episode, write, recompute the standing, record the audit event.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.actions import record
from clients.actions import lock_episode
from clients.models import Episode, TherapySession
from ratings.models import Rupture, RuptureEvent, Signal, SignalPause, SignalReview
from ratings.models.signal import OPEN_STATES, Outcome, State
from ratings.standing.reconcile import BY_HAND
from ratings.standing.refresh import refresh_standing
from ratings.standing.series import Series, series_of

STATE_AFTER = {
    "acknowledge": State.ACKNOWLEDGED,
    "delay": State.ACKNOWLEDGED,
    "work": State.WORKING,
    "repaired": State.REPAIRED,
    "not_repaired": State.NOT_REPAIRED,
    "not_a_strain": State.ENDED,
    "reopen": State.WORKING,
}
OUTCOME_AFTER = {"not_a_strain": Outcome.NONE, "reopen": ""}

DELAYED = "Delayed: leave."


@transaction.atomic
def see_signal(signal: Signal, *, by: User) -> None:
    """Record that a person has seen a signal. Its rupture stays as it is: seeing a signal is not talking about it."""
    lock_episode(signal.episode)
    Signal.objects.filter(pk=signal.pk, seen_at=None).update(seen_by=by, seen_at=timezone.now())
    refresh_and_record(signal.episode, "signal.seen", by=by, target=signal)


@transaction.atomic
def review_signals(signals: list[Signal], *, by: User) -> None:
    """Record that a supervisor has seen these signals of one client. What the clinician said of them stays."""
    lock_episode(signals[0].episode)
    for signal in signals:
        _, is_new = SignalReview.objects.get_or_create(signal=signal, by=by)
        if is_new:
            record("signal.reviewed", by=by, target=signal, client_id=signal.episode.client_id)


@transaction.atomic
def reject_signal(signal: Signal, *, by: User) -> None:
    """Record that a person finds a signal not right. It closes, and a rupture that it alone opened ends."""
    lock_episode(signal.episode)
    now = timezone.now()
    Signal.objects.filter(pk=signal.pk, not_right_at=None).update(not_right_by=by, not_right_at=now)
    rupture = signal.rupture
    if rupture and rupture.is_open and rupture.session_id == signal.session_id and rupture.source == signal.rule:
        set_state(rupture, State.ENDED, by=by, now=now, note="Not right.")
    refresh_and_record(signal.episode, "signal.rejected", by=by, target=signal)


@transaction.atomic
def pause_signals(episode: Episode, *, reason: str, by: User) -> None:
    """Hold an episode's signals back from lists until someone resumes them."""
    lock_episode(episode)
    if episode.pauses.filter(resumed_at=None).exists():
        raise ValidationError("Signals for this client are paused already.")
    pause = SignalPause.objects.create(episode=episode, reason=reason, paused_by=by)
    refresh_and_record(episode, "signals.paused", by=by, target=pause)


@transaction.atomic
def resume_signals(episode: Episode, *, by: User) -> None:
    lock_episode(episode)
    pause = episode.pauses.filter(resumed_at=None).first()
    if pause is None:
        raise ValidationError("Signals for this client are not paused.")
    pause.resumed_at = timezone.now()
    pause.save(update_fields=["resumed_at"])
    refresh_and_record(episode, "signals.resumed", by=by, target=pause)


@transaction.atomic
def mark_rupture(session: TherapySession, *, kind: str, note: str, by: User) -> Rupture:
    """Open a rupture by hand at a held session. Its repair is judged against the usual level before that session."""
    episode = lock_episode(session.episode)
    series = series_of(episode, timezone.now())
    if session.pk not in series.index:
        raise ValidationError("This session has not been held, so it cannot be marked.")
    if Rupture.objects.open().filter(episode=episode).exists():
        raise ValidationError("A strain is open for this client already. Say there how it stands.")
    check_none_is_later(session)
    rupture = rupture_by_hand(series, session, kind)
    RuptureEvent.objects.create(rupture=rupture, by=by, state=State.OPEN, note=note)
    refresh_and_record(episode, "rupture.marked", by=by, target=rupture)
    return rupture


def check_none_is_later(session: TherapySession) -> None:
    later = Rupture.objects.filter(episode=session.episode_id, session__starts_at__gt=session.starts_at)
    if later.exclude(state=State.WITHDRAWN).exists():
        raise ValidationError("A later strain of this client is on record. Open that one again, or mark a newer one.")


def rupture_by_hand(series: Series, session: TherapySession, kind: str) -> Rupture:
    index = series.index[session.pk]
    rater = series.reading.alarm_rater(index) or "clinician"
    level, scale = series.reading.before(rater, index)
    return Rupture.objects.update_or_create(
        session=session,
        defaults={
            "episode": series.episode,
            "form": rater,
            "source": BY_HAND,
            "kind": kind,
            "level": level,
            "scale": scale,
            "state": State.OPEN,
            "closed_at": None,
            "closed_session": None,
        },
    )[0]


@transaction.atomic
def change_rupture(rupture: Rupture, *, says: str, note: str, by: User) -> None:
    """Record what a person says of a rupture, a key of STATE_AFTER, with an optional note."""
    episode = lock_episode(rupture.episode)
    rupture = Rupture.objects.get(pk=rupture.pk)
    reopening = says == "reopen"
    if rupture.is_open == reopening or rupture.state == State.WITHDRAWN:
        raise ValidationError("This strain has been closed already." if not reopening else "This strain is open.")
    if reopening and Rupture.objects.open().filter(episode=episode).exists():
        raise ValidationError("Another strain is open for this client. Say there how it stands.")
    if reopening:
        check_none_is_later(rupture.session)
    if says == "delay":
        note = f"{DELAYED} {note}".strip()
    set_state(rupture, STATE_AFTER[says], by=by, now=timezone.now(), note=note)
    if says in OUTCOME_AFTER:
        set_outcome(rupture, OUTCOME_AFTER[says], by=by)
    refresh_and_record(episode, "rupture.changed", by=by, target=rupture)


@transaction.atomic
def say_outcome(rupture: Rupture, *, outcome: str, by: User) -> None:
    """Record whether there was a strain at all, a value of Outcome; empty takes it back. It changes nothing else."""
    episode = lock_episode(rupture.episode)
    rupture = Rupture.objects.get(pk=rupture.pk)
    if rupture.is_open or rupture.state == State.WITHDRAWN:
        raise ValidationError("This strain is not closed. First say how it stands.")
    set_outcome(rupture, outcome, by=by)
    said = "rupture.outcome_said" if outcome else "rupture.outcome_taken_back"
    record(said, by=by, target=rupture, client_id=episode.client_id)


def set_outcome(rupture: Rupture, outcome: str, *, by: User | None) -> None:
    """Write whether there was a strain, with who said so and when; nobody and never where it is empty."""
    rupture.outcome, rupture.outcome_by, rupture.outcome_at = outcome, by, timezone.now()
    if not outcome:
        rupture.outcome_by = rupture.outcome_at = None
    rupture.save(update_fields=["outcome", "outcome_by", "outcome_at"])


def set_state(rupture: Rupture, state: str, *, by: User | None, now: datetime, note: str = "") -> None:
    """Change the state of a rupture. Where that closes it, it covers every session held until now."""
    rupture.state = state
    closing = state not in OPEN_STATES
    held = rupture.episode.sessions.held(now).order_by("starts_at", "pk")
    rupture.closed_session = held.last() if closing else None
    rupture.closed_at = now if closing else None
    rupture.save(update_fields=["state", "closed_session", "closed_at"])
    RuptureEvent.objects.create(rupture=rupture, at=now, by=by, state=state, note=note)


def end_ruptures(episode: Episode, *, by: User) -> None:
    """End what is still open when the therapy ends. The caller holds the episode's lock."""
    for rupture in Rupture.objects.open().filter(episode=episode):
        set_state(rupture, State.ENDED, by=by, now=timezone.now(), note="The therapy ended.")


def refresh_and_record(episode: Episode, action: str, *, by: User, target: Any) -> None:
    refresh_standing(episode, timezone.now())
    record(action, by=by, target=target, client_id=episode.client_id)
