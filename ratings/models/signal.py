"""Strains and signals: what the rules found, what people said about it; the service's starting values."""

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
from ratings.analysis.all_rules import rule_of
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


OPEN_STATES = (State.OPEN, State.ACKNOWLEDGED, State.WORKING)


class Kind(models.TextChoices):
    WITHDRAWAL = "withdrawal", "Withdrawal"
    CONFRONTATION = "confrontation", "Confrontation"
    UNSURE = "unsure", "Unsure"


class Outcome(models.TextChoices):
    STRAIN = "strain", "There was a strain"
    NONE = "none", "There was none"


class RuptureQuerySet(ClinicalQuerySet["Rupture"]):
    client_path = "episode__client"

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def with_events(self) -> Self:
        """With the events of each, oldest first, and who made them: `by_name`."""
        events = RuptureEvent.objects.annotate(by_name=F("by__name")).order_by("at", "pk")
        return self.prefetch_related(Prefetch("events", events))


class Rupture(models.Model):
    """A possible rupture, which pages call a strain: opened by a rule or by hand.

    `form` is the rater (a value of `Rater`) whose ratings it is judged by, against `level` and `scale`: that rater's
    usual level, and its spread, before the rupture opened. `source` is the rule, or "by-hand". `outcome` is what a
    person said after it had closed: whether there was a strain at all; empty while nobody has.
    """

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
    outcome = models.CharField(max_length=6, choices=Outcome, blank=True)
    outcome_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    outcome_at = models.DateTimeField(null=True)

    objects = RuptureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode"], condition=Q(state__in=OPEN_STATES), name="rupture_open_once_per_episode"
            ),
            models.UniqueConstraint(fields=["session"], name="rupture_opened_once_per_session"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, closed_at=None)
                | ~Q(state__in=OPEN_STATES) & Q(closed_at__isnull=False),
                name="rupture_is_open_or_closed_at",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_by=None, outcome_at=None)
                | ~Q(outcome="") & Q(outcome_by__isnull=False, outcome_at__isnull=False),
                name="rupture_outcome_says_who_and_when",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class RuptureEvent(models.Model):
    """One change of a rupture: the new state, when, and by whom. `by` is None where the ratings changed it."""

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
        """Signals that nobody has touched for two working days, of clients whose signals are not paused."""
        untouched = self.open().filter(seen_at=None, not_right_at=None, escalates_at__lte=now)
        return untouched.filter(Q(rupture=None) | Q(rupture__state=State.OPEN)).exclude(
            episode__pauses__in=SignalPause.objects.filter(resumed_at=None)
        )


class Signal(models.Model):
    """What a rule found at a session.

    `finding` holds the sentence, the arithmetic, the values and, under `form`, the rater whose ratings raised it.
    """

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
        """Whether a person has answered it: seen, or not right."""
        return self.seen_at is not None or self.not_right_at is not None

    @property
    def of_rule(self) -> Rule:
        """The rule, in the version that raised it."""
        return rule_of(self.rule, self.rule_version)

    @property
    def is_touched(self) -> bool:
        """Whether a person has answered it, or acted on its rupture."""
        return self.is_answered or (self.rupture is not None and self.rupture.state != State.OPEN)

    @property
    def summary(self) -> dict[str, Any]:
        """The fields that lists show, as the standing stores them."""
        return {
            "id": str(self.pk),
            "rule": self.rule,
            "sentence": self.finding["sentence"],
            "rater": self.finding["form"],
            "state": self.rupture.state if self.rupture else "",
            "opened_at": self.opened_at.isoformat(),
            "escalates_at": self.escalates_at.isoformat() if self.escalates_at else None,
            "touched": self.is_touched,
        }


class SignalPause(models.Model):
    """Keeps the signals of an episode out of lists, for a reason, until someone resumes them."""

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


class PriorVersionQuerySet(models.QuerySet["PriorVersion"]):
    def for_episode(self, episode: Episode) -> dict[str, "PriorVersion"]:
        """Return for each rater the version in force when the episode began: later ones never change it."""
        versions = self.filter(since__lte=episode.started_on).order_by("since")
        return {version.form: version for version in versions}

    def newest(self, rater: str) -> "PriorVersion | None":
        return self.filter(form=rater).order_by("since").last()


class PriorVersion(models.Model):
    """Starting values of one rater (in `form`), for episodes that begin from `since` on.

    They are what is expected of a client before any rating, estimated from this service's ratings of `n` clients.
    """

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
