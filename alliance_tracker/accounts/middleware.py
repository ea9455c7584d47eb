from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from alliance_tracker.accounts.allauth_internals import clear_authentication_records
from alliance_tracker.accounts.models import ServiceSettings
from alliance_tracker.accounts.parked import drop, kept_until, park, parked
from alliance_tracker.accounts.requests import ServiceRequest, SignedInRequest, page_name
from alliance_tracker.accounts.second_factors import has_second_factor

GetResponse = Callable[[ServiceRequest], HttpResponse]
NO_ACTS = {"csrf_token"}
WITHOUT_SECOND_FACTOR = {
    *("second_factor", "add_code_app", "add_passkey", "recovery_codes", "confirm_sign_in"),
    *("account_logout", "csrf_token"),
}


class ServiceMiddleware:
    """Put the service's settings on the request; a day is a day in the service's time zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: ServiceRequest) -> HttpResponse:
        request.service = ServiceSettings.objects.current()
        with timezone.override(request.service.zone):
            return self.get_response(request)


class LockMiddleware:
    """Lock a session in which nobody has acted for 15 minutes: it is kept, but its requests count as not signed in.

    Nothing that a request says changes that: the time of the last act is the server's own.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: ServiceRequest) -> HttpResponse:
        request.locked_person = None
        now = timezone.now()
        if request.user.is_authenticated and request.session.is_idle(now):
            request.locked_person, request.user = request.user, AnonymousUser()
            request.kept_until = kept_until(request, now)
            clear_authentication_records(request)  # what was shown at the earlier sign-in counts no more
        return self.get_response(request)

    def process_view(self, request: ServiceRequest, *_: object) -> None:
        if not request.user.is_authenticated:
            return
        now = timezone.now()
        if page_name(request) not in NO_ACTS:
            request.session.act(now)
        waiting = parked(request, now) if request.method == "POST" else None
        if waiting and waiting.path == request.get_full_path():
            drop(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Every view needs a signed-in person unless it says otherwise; a script gets a 401 it can act on."""

    def handle_no_permission(  # type: ignore[override]  # Django's answers by leading to the sign-in only
        self, request: ServiceRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if wants_json(request) or request.htmx:
            return JsonResponse({"error": "Sign in again. What you typed is still on this page."}, status=401)
        if request.method not in {"GET", "HEAD"}:
            if request.method == "POST" and request.locked_person:
                park(request, request.locked_person)
            return redirect(settings.LOGIN_URL)
        return super().handle_no_permission(request, view_func)


class SecondFactorMiddleware:
    """Where the service asks for a second factor, lead whoever has none to the page that adds one, and nowhere else.

    A form that was sent meanwhile is kept, and sent again once there is one.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: ServiceRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: SignedInRequest, view_func: Callable[..., Any], *_: object
    ) -> HttpResponseBase | None:
        is_open = not getattr(view_func, "login_required", True)
        if is_open or not request.service.require_second_factor:
            return None
        if page_name(request) in WITHOUT_SECOND_FACTOR:
            return None
        if has_second_factor(request.user):
            return None
        if wants_json(request):
            return JsonResponse({"error": "Add a second factor first."}, status=403)
        if request.method == "POST":
            park(request, request.user)
        return redirect("second_factor")


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def service(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the service's settings, and whether the data is invented."""
    return {"service": getattr(request, "service", None), "demo": settings.DEMO}
