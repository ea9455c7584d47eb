"""What the service does every night, a step for each capability. A second run changes nothing more."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.cache import caches
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from alliance_tracker.accounts.models import BrowserSession, ServiceSettings
from alliance_tracker.accounts.sign_ins import lock_idle_accounts
from alliance_tracker.audit.seals import seal_trail
from clients.actions import top_up_plans
from clients.models import Episode
from ratings.asking.client_reminders import remind_clients
from ratings.asking.invitations import mail_due_links
from ratings.privacy.erasure import list_erasures
from ratings.reports.service_months import write_months
from ratings.saving.drafts import drop_outdated_drafts
from ratings.standing.prior_versions import estimate_priors
from ratings.standing.refresh import refresh_if_due
from ratings.standing.rule_check import check_rule
from ratings.standing.rule_counts import count_rules
from ratings.strains.staff_reminders import remind_clinicians
from ratings.supervision.digest import send_digests


def plan_sessions(now: datetime) -> int:
    return top_up_plans(timezone.localdate(now))


def refresh_due(now: datetime) -> int:
    return sum(
        refresh_if_due(episode, now)
        for episode in Episode.objects.select_related("standing").filter(standing__absorbs_at__lte=now)
    )


def clear_sign_ins(now: datetime) -> int:
    return BrowserSession.objects.filter(expire_date__lt=now).delete()[0]


def clear_cache(now: datetime) -> int:
    cache: Any = caches["default"]
    table = connection.ops.quote_name(cache._table)  # noqa: SLF001 - Django clears only what it reads
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE expires < %s",  # noqa: S608 - the name is from the settings
            [connection.ops.adapt_datetimefield_value(now)],
        )
        deleted: int = cursor.rowcount
    return deleted


def seal_audit(now: datetime) -> int:
    """Print the new seal: kept away from this machine, it shows later that nothing was changed since."""
    seal = seal_trail(now)
    if seal:
        print(seal)
    return int(bool(seal))


STEPS: dict[str, Callable[[datetime], int]] = {
    "sessions planned": plan_sessions,
    "episodes brought up to date": refresh_due,
    "people reminded": remind_clinicians,
    "clients asked by e-mail": mail_due_links,
    "clients reminded": remind_clients,
    "digests sent": send_digests,
    "priors estimated": estimate_priors,
    "rules counted": count_rules,
    "sessions the rule was checked on": check_rule,
    "months of the service report written": write_months,
    "outdated drafts dropped": drop_outdated_drafts,
    "unused accounts locked": lock_idle_accounts,
    "expired sign-ins cleared": clear_sign_ins,
    "expired cache entries cleared": clear_cache,
    "seals added to the audit trail": seal_audit,
    "erasures listed": lambda _: list_erasures(),  # last: it fails where the file cannot be written
}


class Command(BaseCommand):
    help = "Do what is due every night. Safe to run twice."

    def handle(self, **_: Any) -> None:
        now = timezone.now()
        with timezone.override(ServiceSettings.objects.current().zone):
            for done, step in STEPS.items():
                print(f"{step(now):>6,} {done}")
