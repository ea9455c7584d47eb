"""What the demo's clinicians have said about past strains: what came back is repaired, the rest ended with therapy."""

from datetime import datetime, timedelta

from clients.models import TherapySession
from ratings.models import Rupture, RuptureEvent, Signal
from ratings.models.signal import State
from ratings.standing.refresh import refresh_standing

CONFIRMED_WITHIN = timedelta(days=12)
NOTICED = timedelta(hours=20)
PASSES = 3


def speak_of_the_past(now: datetime) -> None:
    """Acknowledge and confirm repairs of long ago; each pass may let a later strain open in its turn."""
    for _ in range(PASSES):
        back = Rupture.objects.open().filter(repair_proposed__starts_at__lt=now - CONFIRMED_WITHIN)
        for rupture in back.select_related("episode", "repair_proposed", "session__clinician"):
            confirm(rupture)
            refresh_standing(rupture.episode, now)
    for rupture in Rupture.objects.open().exclude(episode__ended_on=None).select_related("episode"):
        end_with_therapy(rupture)
        refresh_standing(rupture.episode, now)


def end_with_therapy(rupture: Rupture) -> None:
    last = rupture.episode.sessions.counting().order_by("starts_at", "pk").last()
    end(rupture, State.ENDED, last, last.starts_at + timedelta(hours=8))
    RuptureEvent.objects.create(
        rupture=rupture, at=rupture.closed_at, by=last.clinician, state=State.ENDED, note="The therapy ended."
    )


def end(rupture: Rupture, state: State, session: TherapySession, at: datetime) -> None:
    rupture.state, rupture.closed_session, rupture.closed_at = state, session, at
    rupture.save(update_fields=["state", "closed_at", "closed_session"])


def confirm(rupture: Rupture) -> None:
    clinician, proposed = rupture.session.clinician, rupture.repair_proposed.starts_at
    steps = (
        (State.ACKNOWLEDGED, rupture.opened_at + NOTICED, ""),
        (State.WORKING, rupture.opened_at + timedelta(days=7), "Asked about it at the start of the session."),
        (State.REPAIRED, proposed + timedelta(hours=2), "We could look back on it together."),
    )
    RuptureEvent.objects.bulk_create(
        RuptureEvent(rupture=rupture, at=at, by=clinician, state=state, note=note) for state, at, note in steps
    )
    end(rupture, State.REPAIRED, rupture.repair_proposed, proposed + timedelta(hours=2))
    seen = rupture.opened_at + NOTICED
    Signal.objects.filter(rupture=rupture, seen_at=None).update(seen_at=seen, seen_by=clinician)
