"""The weekly e-mail that a supervisor may ask for: on which day, and the address that stops it."""

from datetime import date

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from alliance_tracker.accounts.actions import lock_person
from alliance_tracker.accounts.models import User
from alliance_tracker.audit.actions import record

SIGNER = Signer(salt="stop the digest")


def stop_path(person: User) -> str:
    """Return the address that stops this person's digest without a sign-in, for as long as the service's secret."""
    return reverse("stop_digest", args=[SIGNER.sign(person.pk.hex)])


def person_of(token: str) -> User | None:
    """Return whose digest the address stops; None where it is not one of ours."""
    try:
        return User.objects.filter(pk=SIGNER.unsign(token)).first()
    except BadSignature:
        return None


@transaction.atomic
def choose_digest(person: User, *, weekday: int | None, by: User) -> User:
    """Send the digest on this day of the week, 0 for Monday; None for never."""
    person = lock_person(person)
    if person.digest_weekday != weekday:
        person.digest_weekday = weekday
        person.save(update_fields=["digest_weekday"])
        record("digest.stopped" if weekday is None else "digest.chosen", by=by, target=person)
    return person


@transaction.atomic
def keep_sent(person: User, day: date) -> None:
    """Record that the digest of this day is on its way, so that the night's second run sends none."""
    person.digest_sent_on = day
    person.save(update_fields=["digest_sent_on"])
    record("digest.sent", by=None, target=person)
