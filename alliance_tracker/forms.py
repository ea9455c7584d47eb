"""The way from a form to an action and back to a page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, QueryDict
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

T = TypeVar("T")

require_safe_or_post = require_http_methods(["GET", "HEAD", "POST"])
"""Let a view answer requests that read its page, and those that send its form."""


@dataclass(frozen=True)
class Done(Generic[T]):
    """An action was carried out; `result` is what it returned."""

    result: T


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, for a form that is bound on POST only."""
    return request.POST if request.method == "POST" else None


def carried_out(form: BaseForm, action: Callable[..., T], **given: Any) -> Done[T] | None:
    """Run an action with what is given and with the form's answers, each under the name of its field.

    None where the form is not valid, or the action refuses: its message becomes an error of the form.
    """
    if not form.is_valid():
        return None
    try:
        return Done(action(**given, **form.cleaned_data))
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None


def back(request: HttpRequest) -> str:
    """Return the page of this site that the form, or the link to it, named, or the first page."""
    address = request.POST.get("back") or request.GET.get("back", "")
    is_here = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_here else "today"


def form_page(request: HttpRequest, template: str, form: BaseForm, **context: Any) -> TemplateResponse:
    """Show the form, with what was typed and status 422 when it was refused."""
    return TemplateResponse(request, template, {"form": form, **context}, status=422 if form.errors else 200)


def refused_page(request: HttpRequest, words: Iterable[str]) -> TemplateResponse:
    """Say that nothing was changed, and why, where a button has no form to show again."""
    return TemplateResponse(request, "refused.html", {"words": words}, status=409)
