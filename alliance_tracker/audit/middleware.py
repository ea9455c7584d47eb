from collections.abc import Callable
from contextvars import ContextVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from uuid_utils.compat import uuid7

current_request_id: ContextVar[UUID | None] = ContextVar("current_request_id", default=None)


class RequestIdMiddleware:
    """Give each request an id, so that what it did can be found together in the audit trail."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = current_request_id.set(uuid7())
        try:
            return self.get_response(request)
        finally:
            current_request_id.reset(token)
