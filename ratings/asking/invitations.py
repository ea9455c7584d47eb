"""How a clinician asks a client for a rating: links, spoken codes, e-mails, and the plan of an episode.

Each action is one transaction with its audit event. Of the secret that it returns, only a hash is kept.
`ratings/asking/client_reminders.py` sends the one reminder.
"""

import secrets
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts.actions import token_hash
from alliance_tracker.accounts.mail import send
from alliance_tracker.accounts.models import ServiceSettings, User
from alliance_tracker.audit.actions import record
from clients.actions import local, lock_episode
from clients.models import Client, Episode, TherapySession
from ratings.asking.asked import annotate_asked, annotated_state, is_ask_due, why_not_ask
from ratings.models import CODE_LASTS, ClientLink, Rating

CODE_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
CODE_LENGTH = 8
STOPPED = (
    "This client asked not to be invited. Only they can change that, on their own form: "
    "hand over the device, or tell them a spoken code."
)


@transaction.atomic
def make_link(session: TherapySession, *, by: User | None) -> tuple[ClientLink, str]:
    """Make an address for the client's own device, and return its secret. An earlier one stops working."""
    client = lock_to_ask(session)
    if client.invitations_stopped_at:
        raise ValidationError(STOPPED)
    token = secrets.token_urlsafe(32)
    lasts = timedelta(days=ServiceSettings.objects.current().link_days)
    return add_link(session, ClientLink.Kind.LINK, token, lasts, by=by), token


@transaction.atomic
def make_code(session: TherapySession, *, by: User) -> tuple[ClientLink, str]:
    """Make a code to say out loud, and return it as it is shown: ABCD-EFGH. An earlier one stops working."""
    lock_to_ask(session)
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    half = CODE_LENGTH // 2
    return add_link(session, ClientLink.Kind.CODE, code, CODE_LASTS, by=by), f"{code[:half]}-{code[half:]}"


def lock_to_ask(session: TherapySession) -> Client:
    """Hold the episode, and return the client as they stand now. Refuse a session that cannot be asked about."""
    lock_episode(session.episode)
    current = TherapySession.objects.select_related("episode__client").get(pk=session.pk)
    answered = Rating.objects.client_answered(current)
    if words := why_not_ask(current, timezone.now(), is_answered=answered):
        raise ValidationError(words)
    return current.episode.client


def add_link(session: TherapySession, kind: str, secret: str, lasts: timedelta, *, by: User | None) -> ClientLink:
    """Add a way to answer, and withdraw the earlier ones of the same kind. The caller holds the episode's lock."""
    now = timezone.now()
    withdraw(open_links(session, now).filter(kind=kind), now, by=by)
    link = ClientLink.objects.create(
        session=session, kind=kind, token_hash=token_hash(secret), by=by, created_at=now, expires_at=now + lasts
    )
    record(f"{kind}.made", by=by, target=link, client_id=session.episode.client_id)
    return link


def open_links(session: TherapySession, now: datetime) -> QuerySet[ClientLink]:
    return ClientLink.objects.usable(now).filter(session=session)


def withdraw(links: QuerySet[ClientLink], now: datetime, *, by: User | None) -> int:
    """Stop these links from working; how many. The caller holds the episode's lock."""
    found = list(links.select_related("session__episode"))
    for link in found:
        link.withdrawn_at = now
        link.save(update_fields=["withdrawn_at"])
        record("link.withdrawn", by=by, target=link, client_id=link.session.episode.client_id)
    return len(found)


def withdraw_open(session: TherapySession, *, by: User | None) -> int:
    """Stop every open way to answer about this session; how many. The caller holds the episode's lock."""
    now = timezone.now()
    return withdraw(open_links(session, now), now, by=by)


@transaction.atomic
def withdraw_links(session: TherapySession, *, by: User) -> None:
    lock_episode(session.episode)
    if not withdraw_open(session, by=by):
        raise ValidationError("Nothing is open any more: it was answered, has expired or was withdrawn.")


def stop_asking(episode: Episode, *, by: User) -> None:
    """Stop every open way to answer, and the plan. The caller holds the episode's lock."""
    now = timezone.now()
    withdraw(ClientLink.objects.usable(now).filter(session__episode=episode), now, by=by)
    episode.ask_every = None
    episode.save(update_fields=["ask_every"])


@transaction.atomic
def set_asking_plan(episode: Episode, *, every: int | None, by: User) -> None:
    """Ask about every session (1), every n-th, or by hand (None)."""
    episode = lock_episode(episode)
    if not episode.is_open:
        raise ValidationError("This therapy has ended. Reopen it to plan when to ask.")
    episode.ask_every = every
    episode.save(update_fields=["ask_every"])
    record("asking.changed", by=by, target=episode, client_id=episode.client_id)


def mail_link(session: TherapySession, *, by: User | None, site: str) -> None:
    """Make a link and send it to the client.

    `by` is None where the plan asks; it does not ask about a session that the clinician has asked about. The e-mail
    goes out after the transaction, so it may be lost and is never sent twice. Where no mail server takes it, the link
    is withdrawn again.
    """
    with transaction.atomic():
        email = lock_to_ask(session).email
        check_may_be_mailed(session, email, by_plan=by is None)
        link, token = make_link(session, by=by)
        link.mailed_at = link.created_at
        link.save(update_fields=["mailed_at"])
        record("link.mailed", by=by, target=link, client_id=session.episode.client_id)
    if not send_questions(email, link, token, site):
        take_back(link, by=by)
        raise ValidationError("The mail server did not take the e-mail. Make a link and pass it on yourself.")


def check_may_be_mailed(session: TherapySession, email: str, *, by_plan: bool) -> None:
    if not settings.EMAIL_HOST:
        raise ValidationError("This service has no mail server. Make a link and pass it on yourself.")
    if not email:
        raise ValidationError("No e-mail address is kept for this client. Make a link and pass it on yourself.")
    if open_links(session, timezone.now()).filter(mailed_at__isnull=False).exists():
        raise ValidationError("An e-mail was sent already, and its link still works.")
    if by_plan and session.client_links.exists():
        raise ValidationError("The clinician has asked already, or took that back.")


@transaction.atomic
def take_back(link: ClientLink, *, by: User | None) -> None:
    lock_episode(link.session.episode)
    withdraw(ClientLink.objects.usable(timezone.now()).filter(pk=link.pk), timezone.now(), by=by)


def send_questions(email: str, link: ClientLink, token: str, site: str) -> bool:
    """Send the address of the form, for the first time or as a reminder; whether it went out."""
    address = site.rstrip("/") + reverse("answer_link", args=[token])
    is_reminder = link.reminded_at is not None
    return send(
        email, "ratings/asking/email/ask_client", address=address, until=link.expires_at, is_reminder=is_reminder
    )


def mail_due_links(now: datetime) -> int:
    """Nightly: e-mail a link for each session of the day before whose plan asks for one; how many."""
    today = local(timezone.localdate(now), time())
    yesterday = local(timezone.localdate(now) - timedelta(days=1), time())
    sessions = annotate_asked(TherapySession.objects.held(now), now).numbered()
    sessions = sessions.filter(starts_at__gte=yesterday, starts_at__lt=today, episode__ask_every__isnull=False)
    due = [
        session
        for session in sessions.select_related("episode__client")
        if is_ask_due(session, session.number, now, is_asked=annotated_state(session).asked)
    ]
    return sum(mail_by_plan(session) for session in due if session.episode.client.email and settings.EMAIL_HOST)


def mail_by_plan(session: TherapySession) -> bool:
    """E-mail a link, unless the session was answered, asked about or stopped meanwhile; whether it went out."""
    try:
        mail_link(session, by=None, site=settings.BASE_URL)
    except ValidationError:
        return False
    return True
