"""A browser in a client's hands: it leads to one form only, by a spoken code or because a clinician handed it over."""

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from ratings.asking.answering import link_of_id
from ratings.models import ClientLink

SESSION_KEY = "bound_form"


@dataclass(frozen=True)
class ClientDevice:
    """What the browser's session keeps of the form. `by` handed the device over, and was on the page `back`."""

    link: str
    by: str = ""
    back: str = ""

    @property
    def handed_over(self) -> bool:
        return bool(self.by)

    def form(self) -> ClientLink | None:
        return link_of_id(self.link)


def client_device(request: HttpRequest) -> ClientDevice | None:
    """Return what ties this browser to a client's form; None for any other browser."""
    kept = request.session.get(SESSION_KEY)
    return ClientDevice(**kept) if kept else None


def give_to_client(request: HttpRequest, link: ClientLink, **handed_over: Any) -> None:
    """End the browser's session, and begin an anonymous one that knows this form and nothing else."""
    if request.user.is_authenticated:
        get_adapter().logout(request)
    request.session.flush()
    request.session[SESSION_KEY] = {"link": str(link.pk), **handed_over}


def take_from_client(request: HttpRequest) -> None:
    """Let the browser lead anywhere again."""
    request.session.pop(SESSION_KEY, None)
