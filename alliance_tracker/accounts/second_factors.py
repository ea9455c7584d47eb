"""Passkeys, code apps and recovery codes: what a person has, and each change of it with its audit event.

django-allauth keeps them and checks them. Its secrets are encrypted by `MFAAdapter`.
"""

from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction

from alliance_tracker.accounts.actions import lock_person
from alliance_tracker.accounts.allauth_internals import TOTP, RecoveryCodes, WebAuthn
from alliance_tracker.accounts.models import ServiceSettings, User
from alliance_tracker.accounts.sign_ins import drop_sign_ins
from alliance_tracker.audit.actions import record

Type = Authenticator.Type
MOST_PASSKEYS = 10


@dataclass
class Factors:
    """What a person has beside the password."""

    passkeys: list[Authenticator] = field(default_factory=list)
    code_app: Authenticator | None = None
    recovery_codes: Authenticator | None = None

    @property
    def any(self) -> bool:
        return bool(self.passkeys or self.code_app)

    @property
    def codes_left(self) -> int:
        return len(RecoveryCodes(self.recovery_codes).get_unused_codes()) if self.recovery_codes else 0


def factors_of(person: User) -> Factors:
    found = Factors()
    for each in Authenticator.objects.filter(user=person).order_by("created_at", "pk"):
        if each.type == Type.WEBAUTHN:
            found.passkeys.append(each)
        elif each.type == Type.TOTP:
            found.code_app = each
        else:
            found.recovery_codes = each
    return found


def has_second_factor(person: User) -> bool:
    return get_adapter().is_mfa_enabled(person, [Type.TOTP, Type.WEBAUTHN])


@transaction.atomic
def add_passkey(person: User, *, name: str, credential: dict[str, Any]) -> None:
    """Add a passkey, and recovery codes if there are none yet."""
    person = lock_person(person)
    if len(factors_of(person).passkeys) >= MOST_PASSKEYS:
        raise ValidationError("You have ten passkeys. Remove one that you no longer use first.")
    WebAuthn.add(person, name, credential)
    RecoveryCodes.activate(person)
    record("user.passkey_added", by=person, target=person)


@transaction.atomic
def add_code_app(person: User, *, secret: str) -> None:
    """Add the app that shows codes, and recovery codes if there are none yet."""
    person = lock_person(person)
    if factors_of(person).code_app:
        raise ValidationError("You have a code app already. Remove it first.")
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    record("user.code_app_added", by=person, target=person)


@transaction.atomic
def remove_factor(person: User, *, pk: int | None) -> None:
    """Remove one's own passkey, or with `pk` None the code app. The recovery codes go with the last one."""
    person = lock_person(person)
    factors = factors_of(person)
    found = next((each for each in factors.passkeys if each.pk == pk), None) if pk else factors.code_app
    if found is None:
        raise ValidationError("This was removed already.")
    is_last = len(factors.passkeys) + bool(factors.code_app) == 1
    if is_last and ServiceSettings.objects.current().require_second_factor:
        raise ValidationError("Your service asks for a second step. Add another one before you remove this.")
    found.delete()
    if is_last and factors.recovery_codes:
        factors.recovery_codes.delete()
    record("user.passkey_removed" if pk else "user.code_app_removed", by=person, target=person)


@transaction.atomic
def renew_recovery_codes(person: User) -> None:
    """Make ten new recovery codes. The earlier ones stop working."""
    person = lock_person(person)
    if not has_second_factor(person):
        raise ValidationError("Add a passkey or a code app first. Recovery codes come with it.")
    Authenticator.objects.filter(user=person, type=Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(person)
    record("user.recovery_codes_renewed", by=person, target=person)


@transaction.atomic
def show_recovery_codes(person: User) -> list[str]:
    """Return the codes the first time they are asked for, and nothing afterwards."""
    person = lock_person(person)
    kept = factors_of(person).recovery_codes
    codes = RecoveryCodes(kept) if kept else None
    if codes is None or codes.did_view:
        return []
    codes.mark_as_viewed()
    return codes.get_unused_codes()


@transaction.atomic
def remove_second_factor(person: User, *, by: User) -> None:
    """Remove all that someone else has lost: their sign-ins end, and at the next one they add a new second factor."""
    if person == by:
        raise ValidationError("Your own you change under Your account. Another administrator can remove a lost one.")
    person = lock_person(person)
    if not Authenticator.objects.filter(user=person).delete()[0]:
        raise ValidationError(f"{person.name} has no second factor.")
    drop_sign_ins(person)
    record("user.second_factor_removed", by=by, target=person)
