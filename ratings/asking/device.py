"""A browser that is bound to one client's form: by a spoken code, or because a clinician handed it over."""

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from ratings.asking.answering import link_of_id
from ratings.models import ClientLink

BOUND = "bound_form"


@dataclass(frozen=True)
class Bound:
    """What the browser's session keeps of the form. `by` handed the device over, and was on the page `back`."""

    link: str
    by: str = ""
    back: str = ""

    @property
    def handed_over(self) -> bool:
        return bool(self.by)

    def form(self) -> ClientLink | None:
        return link_of_id(self.link)


def bound(request: HttpRequest) -> Bound | None:
    kept = request.session.get(BOUND)
    return Bound(**kept) if kept else None


def bind(request: HttpRequest, link: ClientLink, **handed_over: Any) -> None:
    """End whatever session there is, and begin an anonymous one that knows this form and nothing else."""
    if request.user.is_authenticated:
        get_adapter().logout(request)
    request.session.flush()
    request.session[BOUND] = {"link": str(link.pk), **handed_over}


def release(request: HttpRequest) -> None:
    request.session.pop(BOUND, None)
