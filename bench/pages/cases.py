"""The pages that are measured, with one request for each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client as Browser
from django.urls import reverse
from uuid_utils.compat import uuid7

from alliance_tracker.accounts.models import User
from bench.pages.caseload import person, unrated
from clients.models import Client
from ratings.elements import ITEM_KEYS

EMPTY = "An empty page"
Ask = Callable[[Browser], HttpResponseBase]


@dataclass
class Case:
    """A page, asked for by one person. `target` is its aim in empty pages, None for a page without one.

    `prepare` makes what one request needs, which is not measured, and returns a function that sends the request.
    """

    name: str
    person: User
    prepare: Callable[[], Ask]
    target: float | None = None
    status: int = 200
    browser: Browser = field(default_factory=Browser)

    def sign_in(self) -> None:
        self.browser.force_login(self.person)

    def send(self, ask: Ask) -> HttpResponse:
        response = ask(self.browser)
        if not isinstance(response, HttpResponse) or response.status_code != self.status:
            raise RuntimeError(f"{self.name}: {response.status_code}")
        return response


def page(address: str) -> Callable[[], Ask]:
    """Return what prepares a GET request of this address."""
    return lambda: lambda browser: browser.get(address)


def saves(client: Client) -> Callable[[], Ask]:
    """Return what prepares the saving of a rating: of a new session each time.

    The scores vary, so that the rules of signals have something to find.
    """
    scores = cycle((5, 6, 5, 2, 5, 6, 4))

    def prepare() -> Ask:
        sent: dict[str, Any] = dict.fromkeys(ITEM_KEYS, str(next(scores)))
        sent |= {"idempotency_key": str(uuid7()), "note": "A word on the session."}
        address = reverse("rate", args=[unrated(client).pk])
        return lambda browser: browser.post(address, sent)

    return prepare


def cases() -> Iterator[Case]:
    read, saved, longest = (Client.objects.get(code=code) for code in ("READ", "SAVED", "LONG"))
    to_rate = unrated(read)
    yield Case(EMPTY, person("clinician"), page(reverse("empty")))
    yield Case("A client: 60 sessions, two raters", person("reads"), page(reverse("client", args=[read.pk])), 5)
    yield Case("Today: 12 clients", person("clinician"), page(reverse("today")), 5)
    yield Case("Supervision: 46 clients", person("supervisor"), page(reverse("supervision")), 12)
    yield Case("A list of 400 clients, page 1", person("many"), page(reverse("client_list")), 6)
    yield Case("The rating form", person("reads"), page(reverse("rate", args=[to_rate.pk])), 6)
    yield Case("Saving a rating, 60 before it", person("saves"), saves(saved), 6, 302)
    yield Case("Saving a rating, 1,000 before it", person("long"), saves(longest), 12, 302)
    yield Case("The service report", person("supervisor"), page(reverse("service_report")))
    yield Case("The list of meetings", person("supervisor"), page(reverse("meetings")))
    yield Case("The audit trail", person("admin"), page(reverse("audit_trail")))
