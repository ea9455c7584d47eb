"""Nightly: remind a clinician once, by e-mail, of signals that have waited for two working days. Today shows them too.

Clients are reminded of their own form in `ratings/asking/client_reminders.py`.
"""

from datetime import datetime

from django.conf import settings

from alliance_tracker.accounts.mail import send
from alliance_tracker.accounts.models import User
from alliance_tracker.audit.actions import record
from clients.models import Assignment
from ratings.models import Signal


def remind_clinicians(now: datetime) -> int:
    """Remind of every signal that became overdue; how many clinicians. The e-mail names no client."""
    waiting = Signal.objects.overdue(now).filter(reminded_at=None, episode__ended_on=None)
    held = Assignment.objects.open(now).filter(episode__signals__in=waiting)
    clinicians = list(User.objects.active().filter(pk__in=held.values("clinician")))
    for clinician in clinicians:
        send(clinician.email, "ratings/strains/email/staff_reminder", name=clinician.name, link=settings.BASE_URL)
        record("user.reminded", by=None, target=clinician)
    Signal.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))).update(reminded_at=now)
    return len(clinicians)
