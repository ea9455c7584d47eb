"""The service's own starting values: estimated from its stored ratings once there are enough of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

from django.utils import timezone

from alliance_tracker.audit.actions import record
from ratings.analysis.reading import RATERS
from ratings.analysis.scores import overall
from ratings.analysis.service_priors import enough, estimate
from ratings.models import PriorVersion, Rating

AGAIN_AFTER = timedelta(days=90)


def estimate_priors(now: datetime) -> int:
    """Add a version for each rater with enough data and none of the last 90 days; how many were added.

    A version holds for episodes that begin from the day after, so that no standing flag changes by itself.
    """
    today = timezone.localdate(now)
    added = 0
    for rater in RATERS:
        newest = PriorVersion.objects.newest(rater)
        if newest and today - newest.since < AGAIN_AFTER:
            continue
        found = estimate(scores_by_episode(rater, now))
        if found is None or not enough(found):
            continue
        version = PriorVersion.objects.create(
            form=rater, since=today + timedelta(days=1), m0=found.m0, tau=found.tau, sigma=found.sigma, n=found.clients
        )
        record("prior.estimated", by=None, target=version)
        added += 1
    return added


def scores_by_episode(rater: str, now: datetime) -> Iterator[list[float]]:
    """Yield each episode's overall scores by this rater, in the order of the sessions, those without one left out."""
    ratings = Rating.objects.opened(now).filter(rater=rater, session__voided_at=None)
    ordered = ratings.select_related("session").defer("note").order_by("session__episode", "session__starts_at")
    for _, group in groupby(ordered.iterator(chunk_size=2000), key=lambda rating: rating.session.episode_id):
        yield [score for rating in group if (score := overall(rating.items)) is not None]
