"""What this service expects of a client before any rating, worked out from its own ratings once there are enough."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

from django.utils import timezone

from alliance_tracker.audit.actions import record
from ratings.analysis.scores import overall
from ratings.analysis.service_priors import PriorEstimate, enough, estimate
from ratings.models import PriorVersion, Rater, Rating

AGAIN_AFTER = timedelta(days=90)
FORMS = (Rater.CLINICIAN, Rater.CLIENT)


def estimate_priors(now: datetime) -> int:
    """Add a version for each rater form with enough data and none of the last 90 days; how many were added.

    A version holds for episodes that begin from the day after, so that no standing flag changes by itself.
    """
    today = timezone.localdate(now)
    added = 0
    for form in FORMS:
        newest = PriorVersion.objects.newest(form)
        if newest and today - newest.since < AGAIN_AFTER:
            continue
        found = estimate(series_of_form(form, now))
        if not enough(found):
            continue
        version = PriorVersion.objects.create(form=form, since=today + timedelta(days=1), **columns(found))
        record("prior.estimated", by=None, target=version)
        added += 1
    return added


def columns(found: PriorEstimate) -> dict[str, float | int]:
    return {"m0": found.m0, "tau": found.tau, "sigma": found.sigma, "n": found.clients}


def series_of_form(form: str, now: datetime) -> Iterator[list[float]]:
    """Yield each episode's overall scores on this form, in session order, sessions without one left out."""
    ratings = Rating.objects.opened(now).filter(rater=form, session__voided_at=None)
    ordered = ratings.select_related("session").defer("note").order_by("session__episode", "session__starts_at")
    for _, group in groupby(ordered.iterator(chunk_size=2000), key=lambda rating: rating.session.episode_id):
        yield [score for rating in group if (score := overall(rating.items)) is not None]
