"""What clinicians of the demo did about past strains: some they repaired, the others ended with the therapy."""

from datetime import datetime, timedelta

from clients.models import TherapySession
from ratings.models import Rupture, RuptureEvent, Signal
from ratings.models.signal import State
from ratings.standing.refresh import refresh_standing

CONFIRMED_WITHIN = timedelta(days=12)
NOTICED = timedelta(hours=20)
PASSES = 3


def answer_past_strains(now: datetime) -> None:
    """Acknowledge past strains and confirm their repairs. Each pass may let a later strain of a therapy open."""
    for _ in range(PASSES):
        back = Rupture.objects.open().filter(repair_proposed__starts_at__lt=now - CONFIRMED_WITHIN)
        for rupture in back.select_related("episode", "repair_proposed", "session__clinician"):
            if rupture.repair_proposed:
                confirm(rupture, rupture.repair_proposed)
                refresh_standing(rupture.episode, now)
    for rupture in Rupture.objects.open().exclude(episode__ended_on=None).select_related("episode"):
        end_with_therapy(rupture)
        refresh_standing(rupture.episode, now)


def end_with_therapy(rupture: Rupture) -> None:
    last = rupture.episode.sessions.counting().latest("starts_at", "pk")
    ended_at = last.starts_at + timedelta(hours=8)
    end(rupture, State.ENDED, last, ended_at)
    RuptureEvent.objects.create(
        rupture=rupture, at=ended_at, by=last.clinician, state=State.ENDED, note="The therapy ended."
    )


def end(rupture: Rupture, state: State, session: TherapySession, at: datetime) -> None:
    rupture.state, rupture.closed_session, rupture.closed_at = state, session, at
    rupture.save(update_fields=["state", "closed_at", "closed_session"])


def confirm(rupture: Rupture, proposed: TherapySession) -> None:
    """Acknowledge a strain, work on it, and confirm the repair after the session that proposed it."""
    clinician, repaired_at = rupture.session.clinician, proposed.starts_at + timedelta(hours=2)
    steps = (
        (State.ACKNOWLEDGED, rupture.opened_at + NOTICED, ""),
        (State.WORKING, rupture.opened_at + timedelta(days=7), "Asked about it at the start of the session."),
        (State.REPAIRED, repaired_at, "We could look back on it together."),
    )
    RuptureEvent.objects.bulk_create(
        RuptureEvent(rupture=rupture, at=at, by=clinician, state=state, note=note) for state, at, note in steps
    )
    end(rupture, State.REPAIRED, proposed, repaired_at)
    seen = rupture.opened_at + NOTICED
    Signal.objects.filter(rupture=rupture, seen_at=None).update(seen_at=seen, seen_by=clinician)
