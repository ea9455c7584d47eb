from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def for_roles(*roles: str) -> Callable[[View], View]:
    """Let in people who hold at least one of the roles; anyone else who is signed in gets a 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not any(getattr(request.user, f"is_{role}") for role in roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate
