"""How many wrong codes and links are taken from one address, and in all. Counted in the database, for all workers."""

from django.conf import settings
from django.http import HttpRequest

from alliance_tracker.accounts.allauth_internals import ratelimit


def may_guess(request: HttpRequest, door: str) -> bool:
    return bool(take(request, door, dry_run=True))


def count_wrong_guess(request: HttpRequest, door: str) -> bool:
    """Count one; whether it was still within the limit."""
    return bool(take(request, door, dry_run=False))


def take(request: HttpRequest, door: str, *, dry_run: bool) -> ratelimit.RateLimitUsage | None:
    return ratelimit.consume(
        request,
        app="ratings",
        action=door,
        config=settings.CLIENT_RATE_LIMITS,
        key="all",
        limit_get=True,
        dry_run=dry_run,
    )
