from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils import timezone
from uuid_utils.compat import uuid7

from alliance_tracker.accounts.models import User
from alliance_tracker.encryption import EncryptedTextField
from clients.models import Episode, TherapySession
from clients.models.access import ClinicalQuerySet
from ratings.analysis.all_rules import RULES
from ratings.analysis.rule import Rule
from ratings.analysis.usual import Prior


class State(models.TextChoices):
    OPEN = "open", "Open"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    WORKING = "working", "Working on it"
    REPAIRED = "repaired", "Repaired"
    NOT_REPAIRED = "not_repaired", "Not repaired"
    ENDED = "ended", "Ended"
    WITHDRAWN = "withdrawn", "Withdrawn"


STANDING_OPEN = (State.OPEN, State.ACKNOWLEDGED, State.WORKING)


class Kind(models.TextChoices):
    WITHDRAWAL = "withdrawal", "Withdrawal"
    CONFRONTATION = "confrontation", "Confrontation"
    UNSURE = "unsure", "Unsure"


class RuptureQuerySet(ClinicalQuerySet["Rupture"]):
    client_path = "episode__client"

    def open(self) -> Self:
        return self.filter(state__in=STANDING_OPEN)

    def with_events(self) -> Self:
        """With what was said about each, oldest first, and by whom: `by_name`."""
        events = RuptureEvent.objects.annotate(by_name=F("by__name")).order_by("at", "pk")
        return self.prefetch_related(Prefetch("events", events))


class Rupture(models.Model):
    """A possible rupture: opened by a rule or by hand, judged against its form's frozen level and scale."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="ruptures")
    session = models.ForeignKey(TherapySession, models.PROTECT, related_name="+")
    form = models.CharField(max_length=10)
    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=14, choices=Kind, blank=True)
    level = models.FloatField()
    scale = models.FloatField()
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    repair_proposed = models.ForeignKey(TherapySession, models.PROTECT, null=True, related_name="+")
    unresolved = models.ForeignKey(TherapySession, models.PROTECT, null=True, related_name="+")
    closed_session = models.ForeignKey(TherapySession, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    objects = RuptureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode"], condition=Q(state__in=STANDING_OPEN), name="rupture_open_once_per_episode"
            ),
            models.UniqueConstraint(fields=["session"], name="rupture_opened_once_per_session"),
            models.CheckConstraint(
                condition=Q(state__in=STANDING_OPEN, closed_at=None)
                | ~Q(state__in=STANDING_OPEN) & Q(closed_at__isnull=False),
                name="rupture_is_open_or_closed_at",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in STANDING_OPEN


class RuptureEvent(models.Model):
    """One change of a rupture: who said what, when. `by` is None where a changed rating did it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rupture = models.ForeignKey(Rupture, models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=State)
    note = EncryptedTextField(blank=True)


class SignalQuerySet(ClinicalQuerySet["Signal"]):
    client_path = "episode__client"

    def open(self) -> Self:
        return self.filter(closed_at=None, withdrawn_at=None)

    def overdue(self, now: datetime) -> Self:
        """Items that nobody has touched for two working days, of clients whose signals are not paused."""
        untouched = self.open().filter(seen_at=None, not_right_at=None, escalates_at__lte=now)
        return untouched.filter(Q(rupture=None) | Q(rupture__state=State.OPEN)).exclude(
            episode__pauses__in=SignalPause.objects.filter(resumed_at=None)
        )


class Signal(models.Model):
    """What a rule saw at a session, as it was said: `finding` holds the sentence, arithmetic and values."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="signals")
    session = models.ForeignKey(TherapySession, models.PROTECT, related_name="+")
    rupture = models.ForeignKey(Rupture, models.PROTECT, null=True, related_name="signals")
    rule = models.CharField(max_length=40)
    rule_version = models.PositiveIntegerField()
    finding = models.JSONField()
    opened_at = models.DateTimeField()
    escalates_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)
    not_right_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    not_right_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    objects = SignalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["rule", "opened_at"], name="signal_by_rule")]
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "rule"],
                condition=Q(closed_at=None, withdrawn_at=None),
                name="signal_open_once_per_episode_and_rule",
            ),
            models.UniqueConstraint(fields=["session", "rule"], name="signal_once_per_session_and_rule"),
        ]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.withdrawn_at is None

    @property
    def is_answered(self) -> bool:
        """Whether a person has said something about it."""
        return self.seen_at is not None or self.not_right_at is not None

    @property
    def of_rule(self) -> Rule:
        return RULES[self.rule]

    @property
    def is_touched(self) -> bool:
        """Whether anyone has acted on it, or on its rupture."""
        return self.is_answered or (self.rupture is not None and self.rupture.state != State.OPEN)

    @property
    def summary(self) -> dict[str, Any]:
        """What lists need of it."""
        return {
            "id": str(self.pk),
            "rule": self.rule,
            "sentence": self.finding["sentence"],
            "state": self.rupture.state if self.rupture else "",
            "opened_at": self.opened_at.isoformat(),
            "escalates_at": self.escalates_at.isoformat() if self.escalates_at else None,
            "touched": self.is_touched,
        }


class SignalPause(models.Model):
    """Signals of an episode held back from lists, with the reason, until someone resumes them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="pauses")
    reason = EncryptedTextField()
    paused_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    paused_at = models.DateTimeField(default=timezone.now)
    resumed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode"], condition=Q(resumed_at=None), name="pause_open_once_per_episode"
            )
        ]


class PriorVersionQuerySet(models.QuerySet):
    def for_episode(self, episode: Episode) -> dict[str, "PriorVersion"]:
        """Return, per form, the version in force when the episode began: later ones never change it."""
        versions = self.filter(since__lte=episode.started_on).order_by("since")
        return {version.form: version for version in versions}

    def newest(self, form: str) -> "PriorVersion | None":
        return self.filter(form=form).order_by("since").last()


class PriorVersion(models.Model):
    """What this service expects of a client before any rating, per form, for episodes that begin from `since` on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    form = models.CharField(max_length=10)
    since = models.DateField()
    m0 = models.FloatField()
    tau = models.FloatField()
    sigma = models.FloatField()
    n = models.PositiveIntegerField()

    objects = PriorVersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "since"], name="prior_once_per_form_and_day")]

    @property
    def prior(self) -> Prior:
        return Prior(m0=self.m0, tau=self.tau, sigma=self.sigma)
