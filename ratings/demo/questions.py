"""How the clients of the demo were asked: links that were answered, and links that were not."""

from datetime import timedelta
from random import Random
from typing import Any

from clients.models import TherapySession
from ratings.demo.diary import SESSION_LASTS, Appointment
from ratings.models import HAND_OVER_LASTS, ClientLink

LINK_LASTS = timedelta(days=4)
ASKED_SHARE, HANDED_SHARE, DECLINED_SHARE = 0.55, 0.4, 0.45
HANDED_BEFORE = timedelta(minutes=3)


def link_of(chance: Random, session: TherapySession, appointment: Appointment, *, stops: bool) -> ClientLink | None:
    """Return how the client was asked about a past session; None where nobody asked."""
    end = session.starts_at + SESSION_LASTS
    if appointment.client_at:
        handed = appointment.is_handed_over
        asked_at = appointment.client_at - HANDED_BEFORE if handed else end
        return link(session, chance, handed=handed, created_at=asked_at, used_at=appointment.client_at)
    asks, hands, declines = (chance.random() < share for share in (ASKED_SHARE, HANDED_SHARE, DECLINED_SHARE))
    if not stops and (not session.counts or not asks):
        return None
    handed = hands and not stops
    declined_at = end + timedelta(seconds=chance.randint(40, 400)) if declines or stops else None
    return link(session, chance, handed=handed, created_at=end, declined_at=declined_at)


def link(session: TherapySession, chance: Random, *, handed: bool, **moments: Any) -> ClientLink:
    return ClientLink(
        session=session,
        kind=ClientLink.Kind.HAND_OVER if handed else ClientLink.Kind.LINK,
        token_hash=f"{chance.getrandbits(256):064x}",
        by=session.clinician,
        expires_at=moments["created_at"] + (HAND_OVER_LASTS if handed else LINK_LASTS),
        **moments,
    )
