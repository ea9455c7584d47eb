"""What every response carries, and the health check that needs nothing else."""

from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from alliance_tracker.logs import TOKENS

GetResponse = Callable[[HttpRequest], HttpResponse]
PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


class ResponseHeadersMiddleware:
    """Keep every page out of caches, search engines and other origins, and a token in the address that holds it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if TOKENS.search(request.path):
            response.headers["Referrer-Policy"] = "strict-origin"
        return response


class HealthMiddleware:
    """Answer /healthz for a load balancer: 200 when the database answers one query, else 503."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path != "/healthz":
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except (InterfaceError, OperationalError):
            return HttpResponse("database unavailable", status=503, content_type="text/plain")
        return HttpResponse("ok", content_type="text/plain")
