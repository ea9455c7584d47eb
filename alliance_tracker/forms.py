"""One way from a form to an action and back to the page."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, QueryDict
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, for a form that is bound on POST only."""
    return request.POST if request.method == "POST" else None


def carried_out(form: BaseForm, action: Callable[..., Any], **given: Any) -> bool:
    """Run the action with the form's answers; whether it was done. What it refuses becomes an error of the form."""
    if not form.is_valid():
        return False
    try:
        form.result = action(**given, **form.cleaned_data)  # type: ignore[attr-defined]
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True


def back(request: HttpRequest) -> str:
    """Return the page of this site that the form, or the link to it, named, or the first page."""
    address = request.POST.get("back") or request.GET.get("back", "")
    is_here = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_here else "today"


def form_page(request: HttpRequest, template: str, form: BaseForm, **context: Any) -> TemplateResponse:
    """Show the form, with what was typed and status 422 when it was refused."""
    return TemplateResponse(request, template, {"form": form, **context}, status=422 if form.errors else 200)
