"""The weekly e-mail to supervisors who ask for it: how much needs attention and is theirs to do. It names nobody."""

from calendar import day_name
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from alliance_tracker.accounts.digest_choice import keep_sent, stop_path
from alliance_tracker.accounts.mail import send
from alliance_tracker.accounts.models import User
from ratings.caseload import lists
from ratings.models import FollowUp
from ratings.supervision.attention import attention


def send_digests(now: datetime) -> int:
    """Send today's digests, each once; how many went out."""
    today = timezone.localdate(now)
    due = User.objects.supervisors().filter(digest_weekday=today.weekday()).exclude(digest_sent_on=today)
    return sum(send_digest(person, now) for person in due)


def send_digest(person: User, now: datetime) -> bool:
    """Send this supervisor's; whether it went out."""
    stop = settings.BASE_URL + stop_path(person)
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    day = day_name[timezone.localdate(now).weekday()]
    told = {"day": day, "link": settings.BASE_URL, "stop": stop, **counts(person, now)}
    if not send(person.email, "ratings/supervision/email/digest", headers=headers, **told):
        return False
    keep_sent(person, timezone.localdate(now))
    return True


def counts(person: User, now: datetime) -> dict[str, Any]:
    """Count what the supervisor's page shows: what needs attention, and what is this person's to do."""
    items = attention(person, lists.rows(lists.supervised(person, now), now), now)
    own = list(FollowUp.objects.owned_by(person, now).open())
    return {
        "items": len(items),
        "unseen": sum(not item.is_seen for item in items),
        "actions": len(own),
        "overdue": sum(bool(each.days_over) for each in own),
    }
