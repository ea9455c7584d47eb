"""When a client's rating opens. Until then staff know only that the client has answered.

The moment is stored with the rating as `opens_at`; `Rating.objects.opened` and the series read it.
"""

from datetime import datetime

from alliance_tracker.accounts.models import ServiceSettings
from clients.models import TherapySession
from ratings.models import OPENS_AFTER, Rater, Rating


def opens_at(session: TherapySession, now: datetime) -> datetime:
    """Return when a client's rating saved now may be seen by staff: once both are in, or after seven days."""
    both_in = session.ratings.filter(rater=Rater.CLINICIAN).exists()
    if both_in or not ServiceSettings.objects.current().blind:
        return now
    return max(session.starts_at + OPENS_AFTER, now)


def open_pair(rating: Rating, now: datetime) -> None:
    """Open the client's rating of the session once the clinician's is in."""
    if rating.rater == Rater.CLINICIAN:
        rating.session.ratings.hidden(now).update(opens_at=now)


def postpone_opening(session: TherapySession, starts_at: datetime, now: datetime) -> None:
    """Keep a client's hidden rating closed for longer where its session moves to a later day, never for less."""
    until = starts_at + OPENS_AFTER
    session.ratings.hidden(now).filter(opens_at__lt=until).update(opens_at=until)
