"""Count wrong codes and links, and stop taking any once there are too many.

The limits are in the settings, as CLIENT_RATE_LIMITS: from one network address, and from all together. The count is
kept in the database cache, which all workers share.
"""

from django.conf import settings
from django.http import HttpRequest

from alliance_tracker.accounts.allauth_internals import ratelimit


def may_guess(request: HttpRequest, kind: str) -> bool:
    """Whether another "code" or "link" is taken from here."""
    return bool(use_limit(request, kind, dry_run=True))


def count_wrong_guess(request: HttpRequest, kind: str) -> bool:
    """Count a wrong "code" or "link"; whether it was still within the limit."""
    return bool(use_limit(request, kind, dry_run=False))


def use_limit(request: HttpRequest, kind: str, *, dry_run: bool) -> ratelimit.RateLimitUsage | None:
    return ratelimit.consume(
        request,
        app="ratings",
        action=kind,
        config=settings.CLIENT_RATE_LIMITS,
        key="all",
        limit_get=True,
        dry_run=dry_run,
    )
