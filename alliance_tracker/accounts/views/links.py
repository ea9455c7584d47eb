from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from alliance_tracker.accounts.access import for_roles
from alliance_tracker.accounts.requests import SignedInRequest

NEW_LINK = "new_link"


def show_once(request: HttpRequest, *, kind: str, name: str, path: str, email: str = "") -> HttpResponse:
    """Lead to the page that shows a secret address, once. `email` says where it was sent too."""
    link = request.build_absolute_uri(path)
    request.session[NEW_LINK] = {"kind": kind, "name": name, "link": link, "email": email}
    return redirect("new_link")


@for_roles("admin")
@require_GET
def new_link(request: SignedInRequest) -> HttpResponse:
    shown = request.session.pop(NEW_LINK, None)
    if shown is None:
        return redirect("people")
    return TemplateResponse(request, "accounts/new_link.html", shown)
