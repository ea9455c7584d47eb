"""Whether "low, and said" counts in this service, and switching that. It changes nothing of the days before.

Source: docs/measures.md#low-and-said.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from alliance_tracker.accounts.models import ServiceSettings, User
from alliance_tracker.audit.actions import record
from ratings.analysis.disclosure import count, share, withheld
from ratings.analysis.rule_check import BlindAnswers
from ratings.models import RuleCheck, SaidSwitch
from ratings.standing.rule_check import answers_of, last_check

NOT_COUNTED = "It cannot be switched on yet: nothing has been counted. Every night counts anew."


@transaction.atomic
def switch_low_and_said(*, on: bool, by: User) -> None:
    """Switch the rule on or off from tomorrow on, so that no session that may have been rated is read anew.

    Raises ValidationError where it stands so already, or where this service's answers do not bear it.
    """
    ServiceSettings.objects.select_for_update().get()
    if is_on() == on:
        raise ValidationError(f"It is switched {'on' if on else 'off'} already.")
    if on and (refusal := refusal_now()):
        raise ValidationError(refusal)
    switch, _ = SaidSwitch.objects.update_or_create(since=tomorrow(), defaults={"on": on})
    record("low_and_said.switched_on" if on else "low_and_said.switched_off", by=by, target=switch)


def is_on() -> bool:
    """Whether the rule counts, or will from tomorrow on."""
    return SaidSwitch.objects.order_by("since").values_list("on", flat=True).last() or False


def refusal_now() -> str:
    """Why it may not be switched on, by what was counted last night; empty where it may."""
    check = last_check()
    return answers_of(check).refusal if check else NOT_COUNTED


def tomorrow() -> datetime:
    """Return the first moment of tomorrow, in the service's time zone."""
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=1), time.min))


@dataclass(frozen=True)
class LowAndSaid:
    """What the settings page says of the rule: whether it is on, and the service's own counts as of last night."""

    now: datetime

    @cached_property
    def newest(self) -> SaidSwitch | None:
        return SaidSwitch.objects.order_by("since").last()

    @property
    def is_on(self) -> bool:
        return self.newest is not None and self.newest.on

    @property
    def state(self) -> str:
        """Say whether it counts, and since when: "On for sessions from 3 December 2026"."""
        if self.newest is None:
            return "Off"
        since = timezone.localtime(self.newest.since)
        return f"{'On' if self.is_on else 'Off'} for sessions from {since.day} {since:%B %Y} on"

    @cached_property
    def check(self) -> RuleCheck | None:
        return last_check()

    @property
    def answers(self) -> BlindAnswers | None:
        return answers_of(self.check) if self.check else None

    @property
    def refusal(self) -> str:
        return self.answers.refusal if self.answers else NOT_COUNTED

    @property
    def counts(self) -> list[tuple[str, str, str]]:
        """Name either kind of session, with how many there were and how often a strain was reported."""
        check = self.check
        if check is None:
            return []
        by, low, ordinary = check.blind_clinicians, check.low, check.ordinary
        return [
            ("Sessions with a client's rating unusually low", count(low, by), share(check.low_reported, low, by)),
            (
                "Sessions with one at or above the usual level",
                count(ordinary, by),
                share(check.ordinary_reported, ordinary, by),
            ),
        ]

    @property
    def ratio(self) -> str:
        """Say how many times as often a strain is reported at low sessions; why not where that may not be printed."""
        if self.check is None or self.answers is None:
            return ""
        parts = (self.check.low_reported, self.check.ordinary_reported)
        words = next((words for part in parts if (words := withheld(part, self.check.blind_clinicians))), "")
        if words or self.answers.ratio is None:
            return "not shown"
        return f"{self.answers.ratio:.1f} times"
