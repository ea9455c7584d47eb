"""What the middleware adds to a request, for views and whoever checks their types. Nobody makes one of these."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import ResolverMatch
from django_htmx.middleware import HtmxDetails

from alliance_tracker.accounts.browser_sessions import SessionStore
from alliance_tracker.accounts.models import ServiceSettings, User


class ServiceRequest(HttpRequest):
    """A request with the settings of the service.

    `locked_person` was signed in until the session was locked; what was sent then is kept until `kept_until`.
    """

    user: User | AnonymousUser
    session: SessionStore
    resolver_match: ResolverMatch
    htmx: HtmxDetails
    service: ServiceSettings
    locked_person: User | None
    kept_until: datetime | None


class SignedInRequest(ServiceRequest):
    """A request of someone who is signed in. The middleware lets nobody else reach a view, unless it is marked so."""

    user: User


def page_name(request: ServiceRequest) -> str:
    """Return the name of the address that was asked for."""
    return request.resolver_match.url_name or ""
