"""The e-mails that leave the service. No name of a client, no score, no clinical word is ever in one."""

import logging
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from alliance_tracker.accounts.models import Invitation

logger = logging.getLogger(__name__)


def send(to: str, template: str, *, headers: dict[str, str] | None = None, **context: Any) -> bool:
    """Send the e-mail `template`, where a mail server is configured; whether it went out."""
    if not settings.EMAIL_HOST:
        return False
    subject = render_to_string(f"{template}_subject.txt", context).strip()
    message = render_to_string(f"{template}_message.txt", context).strip()
    try:
        EmailMessage(subject, message, settings.DEFAULT_FROM_EMAIL, [to], headers=headers).send()
    except OSError as failure:
        logger.error("The mail server did not take an e-mail: %s", type(failure).__name__)  # noqa: TRY400 - names nobody
        return False
    return True


def send_invitation(invitation: Invitation, link: str) -> bool:
    return send(invitation.email, "accounts/email/invitation", name=invitation.name, link=link)


def send_new_email_notice(old_email: str, name: str) -> bool:
    return send(old_email, "accounts/email/new_email", name=name)
