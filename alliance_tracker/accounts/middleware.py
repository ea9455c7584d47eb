from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from alliance_tracker.accounts.models import ServiceSettings


class ServiceMiddleware:
    """Put the service's settings on the request; a day is a day in the service's time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.service = ServiceSettings.objects.current()  # type: ignore[attr-defined]
        with timezone.override(request.service.zone):  # type: ignore[attr-defined]
            return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Every view needs a signed-in person unless it says otherwise; a script gets a 401 it can act on."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseBase:
        if wants_json(request) or request.htmx:  # type: ignore[attr-defined]
            return JsonResponse({"error": "Sign in again. What you typed is still on this page."}, status=401)
        if request.method not in {"GET", "HEAD"}:
            return redirect(settings.LOGIN_URL)
        return super().handle_no_permission(request, view_func)


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def service(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the service's settings, and whether the data is invented."""
    return {"service": getattr(request, "service", None), "demo": settings.DEMO}
