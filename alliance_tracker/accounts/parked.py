"""A form that was sent in a locked session, or that needs a newer sign-in: kept until its sender has signed in again.

One request a session, for 15 minutes, encrypted. Only the same person gets it back, on a page that sends it again:
a session that another person signs in to begins empty.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography.fernet import InvalidToken
from django.utils import timezone

from alliance_tracker.accounts.models import User
from alliance_tracker.accounts.requests import ServiceRequest, page_name
from alliance_tracker.encryption import decrypt, encrypt

PARKED = "parked"
LARGEST = 64 * 1024
LASTS = timedelta(minutes=15)
NEVER = {"account_logout", "confirm_sign_in", "add_code_app", "add_passkey"}


class Parked(NamedTuple):
    """A form as it was sent: the address and the fields in their order."""

    path: str
    fields: list[tuple[str, str]]


def park(request: ServiceRequest, person: User) -> bool:
    """Keep what was sent, in place of what was kept before; whether it could be. Passwords and codes never are."""
    lists = ((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    fields = [(name, value) for name, values in lists for value in values]
    sent = json.dumps([request.get_full_path(), fields])
    has_password = any("password" in name for name, _ in fields)
    if has_password or len(sent.encode()) > LARGEST or page_name(request) in NEVER:
        return False
    request.session[PARKED] = {"by": str(person.pk), "at": timezone.now().timestamp(), "sent": encrypt(sent)}
    return True


def parked(request: ServiceRequest, now: datetime) -> Parked | None:
    """Return what this person sent, unless it is too old."""
    kept = request.session.get(PARKED)
    if not kept or kept["by"] != str(request.user.pk) or not kept_until(request, now):
        return None
    try:
        path, fields = json.loads(decrypt(kept["sent"]))
    except InvalidToken:  # its key was taken away within the quarter of an hour
        return None
    return Parked(path, [(name, value) for name, value in fields])


def kept_until(request: ServiceRequest, now: datetime) -> datetime | None:
    """Return until when what this session sent is kept, if anything still is."""
    kept = request.session.get(PARKED)
    until = datetime.fromtimestamp(kept["at"], UTC) + LASTS if kept else None
    return until if until and until >= now else None


def drop(request: ServiceRequest) -> None:
    request.session.pop(PARKED, None)
