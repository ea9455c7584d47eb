from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse


def answer_link(request: HttpRequest, token: str) -> HttpResponse:
    raise Http404


def enter_code(request: HttpRequest) -> HttpResponse:
    raise Http404


def hand_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    raise Http404
