"""What a client does with their form: open it by a code or on this device, send it, decline, stop all invitations.

Each action is one transaction: lock the episode, check that the form is still open, write, record the audit event.
"""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from alliance_tracker.accounts.actions import token_hash
from alliance_tracker.accounts.models import User
from alliance_tracker.audit.actions import record
from clients.actions import lock_episode
from clients.models import Client, TherapySession
from ratings.asking.asked import why_not_ask
from ratings.models import CODE_LASTS, HAND_OVER_LASTS, Channel, ClientLink, Rater, Rating
from ratings.models.link import ClientLinkQuerySet
from ratings.saving.actions import AlreadySavedError, content_hash, log_rating

FRANK_EVERY = 5
NO_SUCH_CODE = "This code does not work. Check it and try again, or ask for a new one."
CHANNELS: dict[str, str] = {
    ClientLink.Kind.LINK: Channel.LINK,
    ClientLink.Kind.CODE: Channel.CODE,
    ClientLink.Kind.HAND_OVER: Channel.HANDOVER,
}


class ClosedError(Exception):
    """The form is over: sent, stopped, out of time, withdrawn, or there never was one. Nothing was changed."""


class FormState(StrEnum):
    """Whether a client's form can be answered."""

    OPEN = "open"
    STOPPED = "stopped"  # the client stopped all invitations on this very form, and may undo it there
    OVER = "over"


def links_with_client() -> ClientLinkQuerySet:
    return ClientLink.objects.select_related("session__episode__client")


def link_of_token(token: str) -> ClientLink | None:
    return links_with_client().filter(kind=ClientLink.Kind.LINK, token_hash=token_hash(token)).first()


def link_of_id(pk: str | UUID) -> ClientLink | None:
    return links_with_client().filter(pk=pk).first()


def form_state(link: ClientLink | None, now: datetime) -> FormState:
    if link is None:
        return FormState.OVER
    if may_be_answered(link.session, now) and ClientLink.objects.usable(now).filter(pk=link.pk).exists():
        return FormState.OPEN
    stopped_at = link.session.episode.client.invitations_stopped_at
    stopped_here = stopped_at is not None and link.declined_at == stopped_at and link.expires_at > now
    return FormState.STOPPED if stopped_here else FormState.OVER


def may_be_answered(session: TherapySession, now: datetime) -> bool:
    return session.counts and session.is_due(now) and not Rating.objects.client_answered(session)


def frank_is_due(client: Client) -> bool:
    """Whether the invitation to be frank is shown: before the first form, and before every fifth."""
    given = Rating.objects.filter(session__episode__client=client, rater=Rater.CLIENT).count()
    return given % FRANK_EVERY == 0


@transaction.atomic
def hand_over(session: TherapySession, *, by: User) -> ClientLink:
    """Make the form that a client answers on this device, good for ten minutes."""
    session.episode, now = lock_episode(session.episode), timezone.now()
    if reason := why_not_ask(session, now, is_answered=Rating.objects.client_answered(session)):
        raise ValidationError(reason)
    link = ClientLink.objects.create(
        session=session,
        kind=ClientLink.Kind.HAND_OVER,
        token_hash=token_hash(secrets.token_urlsafe(32)),
        by=by,
        created_at=now,
        expires_at=now + HAND_OVER_LASTS,
    )
    record("client_rating.handed_over", by=by, target=link, client_id=session.episode.client_id)
    return link


@transaction.atomic
def open_code(code: str) -> ClientLink:
    """Return the form that a spoken code leads to, open for ten minutes at least; the code works as long as it did."""
    now = timezone.now()
    fresh = {"kind": ClientLink.Kind.CODE, "token_hash": token_hash(code), "created_at__gt": now - CODE_LASTS}
    link = links_with_client().filter(**fresh).first()
    if link:
        link.session.episode = lock_episode(link.session.episode)
        link = links_with_client().get(pk=link.pk)
    if link is None or form_state(link, now) != FormState.OPEN:
        raise ValidationError({"code": NO_SUCH_CODE})
    link.expires_at = max(link.expires_at, now + HAND_OVER_LASTS)
    link.save(update_fields=["expires_at"])
    record_by_client(link, "client_rating.opened")
    return link


def record_by_client(link: ClientLink, action: str) -> None:
    """Record what a client did; the trail names nobody for it."""
    record(action, by=None, target=link, client_id=link.session.episode.client_id)


def close_form(link: ClientLink, **how: datetime) -> None:
    """Lock the episode and close the form, once. Of several attempts at the same moment, one gets through."""
    lock_episode(link.session.episode)
    now = timezone.now()
    if form_state(link_of_id(link.pk), now) != FormState.OPEN:
        raise ClosedError
    if not ClientLink.objects.usable(now).filter(pk=link.pk).update(**how):
        raise ClosedError


def send_answers(link: ClientLink, answers: dict[str, Any], *, key: UUID | None) -> None:
    """Save the client's rating, once. The same form sent again with the same answers changes nothing.

    Raises ClosedError where the form is over.
    """
    try:
        with transaction.atomic():
            close_form(link, used_at=timezone.now())
            log_rating(link.session, answers, rater=Rater.CLIENT, by=None, key=key, channel=CHANNELS[link.kind])
            record_by_client(link, "client_rating.sent")
    except (ClosedError, AlreadySavedError, ValidationError) as over:
        if not was_sent(link, answers, key):
            raise ClosedError from over


def was_sent(link: ClientLink, answers: dict[str, Any], key: UUID | None) -> bool:
    sent = {"idempotency_key": key, "content_hash": content_hash(link.session, answers)}
    return key is not None and Rating.objects.filter(session=link.session, rater=Rater.CLIENT, **sent).exists()


@transaction.atomic
def decline(link: ClientLink) -> None:
    close_form(link, declined_at=timezone.now())
    record_by_client(link, "client_rating.declined")


@transaction.atomic
def stop_invitations(link: ClientLink) -> None:
    """Decline this form and every invitation to come."""
    now = timezone.now()
    close_form(link, declined_at=now)
    Client.objects.filter(pk=link.session.episode.client_id).update(invitations_stopped_at=now)
    record_by_client(link, "invitations.stopped")


@transaction.atomic
def resume_invitations(link: ClientLink) -> None:
    """Allow invitations again, from a form of the client's. The one on which they were stopped is open again."""
    lock_episode(link.session.episode)
    link = links_with_client().get(pk=link.pk)
    client = link.session.episode.client
    if client.invitations_stopped_at is None or form_state(link, timezone.now()) == FormState.OVER:
        raise ClosedError
    if link.declined_at == client.invitations_stopped_at:
        link.declined_at = None
        link.save(update_fields=["declined_at"])
    client.invitations_stopped_at = None
    client.save(update_fields=["invitations_stopped_at"])
    record_by_client(link, "invitations.resumed")
