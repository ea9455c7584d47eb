"""What admins do to accounts, and people to their own. Each is one transaction with its audit event."""

import secrets
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance_tracker.accounts.allauth_internals import default_token_generator
from alliance_tracker.accounts.models import (
    INVITATION_LASTS,
    Invitation,
    ServiceSettings,
    Supervision,
    SupervisionQuerySet,
    User,
    role_flags,
)
from alliance_tracker.accounts.sign_ins import drop_sign_ins
from alliance_tracker.audit.actions import record


def check_an_admin_stays(*, without: User) -> None:
    """Refuse to lose the last active administrator. Call it inside the transaction that would, before other locks."""
    others = list(User.objects.select_for_update().filter(is_active=True, is_admin=True, locked_at=None).order_by("pk"))
    if without in others and len(others) == 1:
        raise ValidationError("This is the last administrator. Make someone else an administrator first.")


def lock_person(person: User) -> User:
    """Hold the person's row until the transaction ends: what is given to or taken from them waits for it."""
    return User.objects.select_for_update().get(pk=person.pk)


def token_hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def invite_person(
    *, name: str, email: str, roles: Collection[str], supervisor: User | None, by: User
) -> tuple[Invitation, str]:
    """Invite someone by a single-use token, which is returned and never kept."""
    check_email_is_free(email)
    if Invitation.objects.pending().filter(email=email).exists():
        raise ValidationError({"email": "This person is invited already. Renew or withdraw that invitation."})
    token = secrets.token_urlsafe(32)
    invitation = Invitation(name=name, email=email, supervisor=supervisor, invited_by=by, **role_flags(roles))
    renew(invitation, token)
    record("invitation.sent", by=by, target=invitation)
    return invitation, token


@transaction.atomic
def invite_first_admin() -> str:
    """Return the token for an administrator's account. Earlier ones that nobody used stop working."""
    now = timezone.now()
    for earlier in Invitation.objects.select_for_update().pending().filter(email=""):
        earlier.withdrawn_at = now
        earlier.save(update_fields=["withdrawn_at"])
        record("invitation.withdrawn", by=None, target=earlier)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(is_admin=True)
    renew(invitation, token)
    record("invitation.sent", by=None, target=invitation)
    return token


def renew(invitation: Invitation, token: str) -> None:
    invitation.token_hash = token_hash(token)
    invitation.expires_at = timezone.now() + INVITATION_LASTS
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError as clash:
        raise ValidationError({"email": "This person is invited already."}) from clash


def lock_invitation(invitation: Invitation) -> Invitation:
    """Hold an invitation that nobody has used or withdrawn."""
    found = Invitation.objects.select_for_update().pending().filter(pk=invitation.pk).first()
    if found is None:
        raise ValidationError("This invitation was used or withdrawn meanwhile.")
    return found


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: User) -> str:
    """Return a new token, good for the full time again. The old one stops working."""
    invitation = lock_invitation(invitation)
    check_email_is_free(invitation.email)
    token = secrets.token_urlsafe(32)
    renew(invitation, token)
    record("invitation.renewed", by=by, target=invitation)
    return token


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> None:
    invitation = lock_invitation(invitation)
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    record("invitation.withdrawn", by=by, target=invitation)


@transaction.atomic
def accept_invitation(
    invitation: Invitation, *, name: str, email: str, password: str, also_clinician: bool = False
) -> User:
    """Make the account, once. Raises Invitation.DoesNotExist when the invitation can no longer be used."""
    now = timezone.now()
    usable = Invitation.objects.select_for_update().usable(now).filter(token_hash=invitation.token_hash)
    invitation = usable.get(pk=invitation.pk)
    user = User(
        name=name,
        email=invitation.email or email,
        is_clinician=invitation.is_clinician or (also_clinician and not invitation.email),
        is_supervisor=invitation.is_supervisor,
        is_admin=invitation.is_admin,
    )
    user.set_password(password)
    save_with_own_email(user)
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    record("invitation.accepted", by=user, target=invitation)
    record("user.created", by=user, target=user)
    supervisor = invitation.supervisor
    if supervisor and supervisor.is_active and supervisor.is_supervisor and user.is_clinician:
        pair(user, supervisor, now, None, by=user)
    return user


EMAIL_TAKEN = "There is an account with this e-mail already, active or deactivated."


def check_email_is_free(email: str, person: User | None = None) -> None:
    having = User.objects.filter(email=email)
    if (having.exclude(pk=person.pk) if person else having).exists():
        raise ValidationError({"email": EMAIL_TAKEN})


def save_with_own_email(user: User) -> None:
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as clash:
        raise ValidationError({"email": EMAIL_TAKEN}) from clash


@transaction.atomic
def update_person(person: User, *, name: str, email: str, roles: Collection[str], by: User) -> User:
    """Change name, e-mail and roles. Refused for the last admin, and for a clinician who still holds open clients."""
    if "admin" not in roles:
        check_an_admin_stays(without=person)
    person = lock_person(person)
    changed = {flag: held for flag, held in role_flags(roles).items() if getattr(person, flag) != held}
    if changed.get("is_clinician") is False:
        check_holds_no_clients(person)
    for flag, held in changed.items():
        setattr(person, flag, held)
    change_details(person, name=name, email=email, by=by)
    if changed:
        record("user.roles_changed", by=by, target=person)
        drop_sign_ins(person)
    end_pairs_without_role(person, by=by)
    return person


@transaction.atomic
def update_account(person: User, *, name: str, email: str) -> User:
    """Change one's own name and e-mail."""
    person = lock_person(person)
    change_details(person, name=name, email=email, by=person)
    return person


def change_details(person: User, *, name: str, email: str, by: User) -> None:
    before = person.name, person.email
    check_email_is_free(email, person)
    person.name, person.email = name, email
    save_with_own_email(person)
    if before[0] != name:
        record("user.renamed", by=by, target=person)
    if before[1] != email:
        EmailAddress.objects.filter(user=person).delete()  # sign-in looks here too: the old e-mail must not work
        record("user.email_changed", by=by, target=person)


def check_holds_no_clients(person: User) -> None:
    held = person.assignments.filter(ends_at=None, episode__ended_on=None).count()
    if held:
        clients = f"{held} open client{'s' if held > 1 else ''}"
        raise ValidationError(f"{person.name} holds {clients}. Hand them on first.", code="holds_clients")


def end_pairs_without_role(person: User, *, by: User) -> None:
    """End the pairs, current and to come, that a role which is gone had allowed."""
    if not person.is_supervisor:
        end_pairs(person.supervises.all(), by=by)
    if not person.is_clinician:
        end_pairs(person.supervised_by.all(), by=by)


def end_pairs(pairs: SupervisionQuerySet, *, by: User) -> None:
    for each in pairs.overlapping(timezone.now(), None):
        end_supervision(each, by=by)


@transaction.atomic
def restore_person(person: User, *, by: User) -> None:
    """Let a deactivated person in again, with the roles they had. They need a new password."""
    person = lock_person(person)
    if person.is_active:
        raise ValidationError(f"{person.name} has access already.")
    person.is_active, person.deactivated_at = True, None
    person.locked_at, person.let_in_at = None, timezone.now()
    person.save(update_fields=["is_active", "deactivated_at", "locked_at", "let_in_at"])
    record("user.restored", by=by, target=person)


@transaction.atomic
def make_reset_link(person: User, *, by: User) -> str:
    """Return the secret part of an address that sets a new password, once. The old password works until then."""
    person = lock_person(person)
    if not person.is_active:
        raise ValidationError(f"{person.name} is deactivated. Restore the account first.")
    record("user.reset_link_made", by=by, target=person)
    secret: str = default_token_generator.make_token(person)
    return secret


@transaction.atomic
def add_supervisor(
    clinician: User, *, supervisor: User, starts_on: date | None, ends_on: date | None, by: User
) -> Supervision:
    """Pair from one day to another, both included. Without a first day it starts now."""
    clinician, supervisor = lock_person(clinician), lock_person(supervisor)
    if clinician == supervisor:
        raise ValidationError({"supervisor": "Nobody supervises themselves. Choose someone else."})
    if not (clinician.is_active and clinician.is_clinician and supervisor.is_active and supervisor.is_supervisor):
        raise ValidationError("Supervision is between an active supervisor and an active clinician.")
    starts_at = start_of(starts_on) if starts_on else timezone.now()
    ends_at = start_of(ends_on + timedelta(days=1)) if ends_on else None
    if ends_at and ends_at <= starts_at:
        raise ValidationError({"ends_on": "The last day is before the first."})
    same = Supervision.objects.overlapping(starts_at, ends_at).filter(clinician=clinician, supervisor=supervisor)
    if same.exists():
        raise ValidationError({"supervisor": f"{supervisor.name} supervises {clinician.name} in that time already."})
    return pair(clinician, supervisor, starts_at, ends_at, by=by)


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def pair(clinician: User, supervisor: User, starts_at: datetime, ends_at: datetime | None, *, by: User) -> Supervision:
    supervision = Supervision.objects.create(
        clinician=clinician, supervisor=supervisor, starts_at=starts_at, ends_at=ends_at
    )
    record("supervision.started", by=by, target=supervision)
    return supervision


@transaction.atomic
def end_supervision(supervision: Supervision, *, by: User) -> None:
    """End it now; one that has not begun is taken back as if it had never been."""
    supervision = Supervision.objects.select_for_update().get(pk=supervision.pk)
    now = timezone.now()
    if supervision.ends_at and supervision.ends_at <= now:
        raise ValidationError("This supervision has ended already.")
    record("supervision.ended", by=by, target=supervision)
    if supervision.starts_at >= now:
        supervision.delete()
    else:
        supervision.ends_at = now
        supervision.save(update_fields=["ends_at"])


@transaction.atomic
def update_settings(*, by: User, **values: Any) -> None:
    """Write these columns of the one row. The form names each of them."""
    row = ServiceSettings.objects.select_for_update().get()
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    record("settings.changed", by=by)
