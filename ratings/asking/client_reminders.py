"""Nightly: remind a client once, by e-mail, of a link that nobody has answered.

Clinicians are reminded of signals that wait for them in `ratings/strains/staff_reminders.py`.
"""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from alliance_tracker.accounts.actions import token_hash
from alliance_tracker.audit.actions import record
from clients.actions import lock_episode
from clients.models import TherapySession
from ratings.asking.asked import annotate_asked
from ratings.asking.invitations import send_questions
from ratings.models import REMIND_AFTER, ClientLink


def remind_clients(now: datetime) -> int:
    """Remind of each link that was e-mailed two days ago or more, has no answer and still works; how many."""
    if not settings.EMAIL_HOST:
        return 0
    return sum(remind_client(link, now) for link in unanswered_links(now).select_related("session__episode__client"))


def unanswered_links(now: datetime, *, reminded: bool = False) -> QuerySet[ClientLink]:
    """Return the e-mailed links that still work after two days: those with a reminder, or those without.

    None is left where the client answered or declined in another way, where the session was not held or is not
    suitable for a rating, or where the therapy has ended.
    """
    sessions = TherapySession.objects.held(now).filter(not_rated_reason="", episode__ended_on=None)
    unanswered = annotate_asked(sessions, now).filter(Q(is_answered=False, is_declined=False)).order_by().values("pk")
    waiting = ClientLink.objects.usable(now).filter(kind=ClientLink.Kind.LINK, session__in=unanswered)
    return waiting.filter(mailed_at__lte=now - REMIND_AFTER, reminded_at__isnull=not reminded)


def remind_client(link: ClientLink, now: datetime) -> bool:
    """Send the link once more, with a new secret: of the first only a hash is kept, and it stops working.

    Where the mail server does not take the e-mail, the first goes on working, and the next night tries again.
    """
    email, first, token = link.session.episode.client.email, link.token_hash, secrets.token_urlsafe(32)
    if not email or not renew(link, token_hash(token), now, event="link.reminded"):
        return False
    link.refresh_from_db()
    if send_questions(email, link, token, settings.BASE_URL):
        return True
    renew(link, first, None, event="link.restored")
    return False


@transaction.atomic
def renew(link: ClientLink, secret_hash: str, reminded_at: datetime | None, *, event: str) -> bool:
    """Give a link that still has no answer another secret; whether there was one to give it to."""
    lock_episode(link.session.episode)
    waiting = unanswered_links(reminded_at or timezone.now(), reminded=reminded_at is None)
    if not waiting.filter(pk=link.pk).update(token_hash=secret_hash, reminded_at=reminded_at):
        return False
    record(event, by=None, target=link, client_id=link.session.episode.client_id)
    return True
