"""Who is signed in where, and what ends that."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from alliance_tracker.accounts.models import BrowserSession, User
from alliance_tracker.audit.actions import record

IDLE_DAYS = 60
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


def device_words(user_agent: str) -> str:
    """Say which browser on which kind of device, and nothing finer."""
    browser = next((words for mark, words in BROWSERS.items() if mark in user_agent), "Another browser")
    system = next((words for mark, words in SYSTEMS.items() if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


class SignInRow(NamedTuple):
    """One of a person's sign-ins. `mark` names it on a page, in place of the key that it is opened with."""

    mark: str
    device: str
    started_at: datetime
    acted_at: datetime
    is_this_one: bool


def mark_of(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:32]


def sessions_of(person: User) -> QuerySet[BrowserSession]:
    return BrowserSession.objects.filter(user=person, expire_date__gt=timezone.now())


def sign_ins_of(person: User, *, this: str) -> list[SignInRow]:
    """Return the person's sign-ins: this one first, then those used last."""
    rows = [
        SignInRow(mark_of(row.pk), row.device or "Another browser", row.started_at, row.acted_at, row.pk == this)
        for row in sessions_of(person).order_by("-acted_at")
    ]
    return sorted(rows, key=lambda row: not row.is_this_one)


@transaction.atomic
def end_sign_in(person: User, *, mark: str) -> bool:
    """End one of a person's own sign-ins; whether there was one."""
    for session in sessions_of(person).select_for_update():
        if mark_of(session.pk) == mark:
            session.delete()
            record("user.sign_in_ended", by=person, target=person)
            return True
    return False


def drop_sign_ins(person: User, *, but: str | None = None) -> int:
    """End every sign-in of a person at once, `but` one; how many. Part of an action, which records why."""
    return BrowserSession.objects.filter(user=person).exclude(pk=but).delete()[0]


@transaction.atomic
def end_other_sign_ins(person: User, *, this: str) -> int:
    """End all of a person's own sign-ins but this one; how many."""
    ended = drop_sign_ins(person, but=this)
    if ended:
        record("user.sign_ins_ended", by=person, target=person)
    return ended


def lock_idle_accounts(now: datetime) -> int:
    """Lock the accounts that nobody has signed in to for 60 days, but never the last administrator's."""
    last_used = Greatest("created_at", Coalesce("last_login", "created_at"), Coalesce("let_in_at", "created_at"))
    open_ones = User.objects.filter(is_active=True, locked_at=None).annotate(last_used=last_used)
    idle = list(open_ones.filter(last_used__lte=now - timedelta(days=IDLE_DAYS)).order_by("last_used"))
    return sum(lock_account(person, now) for person in idle)


@transaction.atomic
def lock_account(person: User, now: datetime) -> bool:
    admins = list(User.objects.select_for_update().filter(is_active=True, is_admin=True, locked_at=None).order_by("pk"))
    if admins == [person]:
        return False
    if not User.objects.filter(pk=person.pk, locked_at=None).update(locked_at=now):
        return False
    drop_sign_ins(person)
    record("user.locked", by=None, target=person)
    return True


@transaction.atomic
def let_in_again(person: User, *, by: User) -> None:
    """Unlock an account that was locked because nobody used it. Its password and second factor stay as they were."""
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.locked_at is None:
        raise ValidationError(f"{person.name} is not locked.")
    person.locked_at, person.let_in_at = None, timezone.now()
    person.save(update_fields=["locked_at", "let_in_at"])
    record("user.unlocked", by=by, target=person)
