"""What the tests of the client's form share."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse
from uuid_utils.compat import uuid7

from alliance_tracker.accounts.models import User
from clients.models import TherapySession
from ratings.elements import ITEM_KEYS
from tests.accounts.doors import signed_in

FOURS = dict.fromkeys(ITEM_KEYS, "4")


def address_of(token: str) -> str:
    return reverse("answer_link", args=[token])


def filled(**given: Any) -> dict[str, Any]:
    """What a browser sends when every question is answered with 4, but for what is given."""
    return FOURS | {"do": "send", "idempotency_key": str(uuid7())} | given


def form_in(response: HttpResponse) -> str:
    """Return the name of the form that a page shows, which a bound browser sends along."""
    return re.search(r'name="form" value="([^"]+)"', response.content.decode())[1]


def handed_over(session: TherapySession, by: User, **sent: str) -> Browser:
    """Return the browser of a clinician who has handed the device over."""
    browser = signed_in(by)
    browser.post(reverse("hand_over", args=[session.pk]), sent)
    return browser


def looks(response: HttpResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Return all that tells two answers apart."""
    return response.status_code, response.content, sorted(response.headers.items())
