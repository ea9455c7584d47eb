"""Who may open a page: by role, and by how long ago they have shown who they are."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts.parked import park
from alliance_tracker.accounts.requests import SignedInRequest

View = Callable[..., HttpResponseBase]


def for_roles(*roles: str) -> Callable[[View], View]:
    """Let in people who hold at least one of the roles; anyone else who is signed in gets a 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: SignedInRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not any(getattr(request.user, f"is_{role}") for role in roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate


def recently_signed_in(view: View) -> View:
    """Let in who has signed in, or confirmed it, within ten minutes; others confirm first and then go on from here."""

    @wraps(view)
    def checked(request: SignedInRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.session.is_recent(timezone.now()):
            return view(request, *args, **kwargs)
        confirm = reverse("confirm_sign_in")
        if request.method == "POST":
            park(request, request.user)
            return redirect(confirm)
        return redirect(f"{confirm}?{urlencode({'next': request.get_full_path()})}")

    return checked
