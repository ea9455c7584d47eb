"""Supervision: what a supervisor has seen, follow-ups, meetings and their cases."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Count, F, Prefetch, Q
from django.utils import timezone
from uuid_utils.compat import uuid7

from alliance_tracker.accounts.models import User
from alliance_tracker.encryption import EncryptedTextField
from clients.models import Assignment, Episode
from clients.models.access import ClinicalQuerySet, held
from ratings.models.signal import Signal

WHAT_LENGTH = 300
DECIDED_LATELY = timedelta(days=14)
DECIDED = (
    *("decision", "review_on", "decided_at", "minutes", "meeting__supervisor__name"),
    *("episode__client__code", "episode__client__name"),
    *("action__what", "action__due_on", "action__done_at", "action__owner__name"),
)
SHOWN = (
    *("what", "due_on", "made_at", "done_at", "owner__name", "done_by__name"),
    *("episode__ended_on", "episode__client__code", "episode__client__name"),
)


def with_clinician(path: str, at: datetime) -> "Prefetch[str]":
    """Load the assignments of now of the episode at `path`, as `episode.current`."""
    current = Assignment.objects.open(at).select_related("clinician").only("episode", "clinician__name")
    return Prefetch(f"{path}__assignments", current, to_attr="current")


def clinician_now(episode: Episode) -> User:
    """Return who holds an episode that was loaded by `with_clinician`."""
    clinician: User = episode.current[0].clinician  # type: ignore[attr-defined]  # by `with_clinician`
    return clinician


class SignalReviewQuerySet(ClinicalQuerySet["SignalReview"]):
    client_path = "signal__episode__client"


class SignalReview(models.Model):
    """A supervisor has seen a signal. Whether its clinician has seen it is on the signal itself."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="reviews")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = SignalReviewQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["signal", "by"], name="review_once_per_signal_and_person")]


class FollowUpQuerySet(ClinicalQuerySet["FollowUp"]):
    client_path = "episode__client"

    def open(self) -> Self:
        return self.filter(done_at=None)

    def owned_by(self, user: User, at: datetime | None = None) -> Self:
        """Those for this person to do: the supervisor named, or the clinician who holds the client now."""
        own = Q(owner=None) & Q(self._assigned(held, user, at))
        return self.responsible_for(user, at).filter(Q(owner=user) | own)

    def recent(self, at: datetime) -> Self:
        """Open ones, and those done today, so that a click can be taken back."""
        midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
        return self.filter(Q(done_at=None) | Q(done_at__gte=midnight))

    def with_people(self, at: datetime) -> Self:
        """With client and people: open ones first, and of those the one due first."""
        loaded = self.select_related("episode__client", "owner", "done_by").only(*SHOWN)
        ordered = loaded.order_by(F("done_at").asc(nulls_first=True), "due_on", "pk")
        return ordered.prefetch_related(with_clinician("episode", at))


class FollowUp(models.Model):
    """Something to do for a client, by a day. Without an `owner` it is for the clinician who holds the client."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="follow_ups")
    what = EncryptedTextField()
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["episode", "due_on"], condition=Q(done_at=None), name="follow_up_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="follow_up_is_done_by_someone",
            )
        ]

    @property
    def is_open(self) -> bool:
        return self.done_at is None

    @property
    def who(self) -> User:
        return self.owner or clinician_now(self.episode)

    @property
    def days_over(self) -> int:
        """How many days it is overdue; 0 where it is not."""
        return max(0, (timezone.localdate() - self.due_on).days) if self.is_open else 0

    @property
    def due(self) -> str:
        """By when, in words: "due today", "due Fri 27 Nov", "2 days overdue"."""
        days = (self.due_on - timezone.localdate()).days
        if days < 0:
            return f"{-days} day{'s' if days < -1 else ''} overdue"
        near = {0: "today", 1: "tomorrow"}
        return f"due {near.get(days, f'{self.due_on:%a} {self.due_on.day} {self.due_on:%b}')}"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> Self:
        """Return a supervisor's own meetings."""
        return self.filter(supervisor=user) if user.is_active and user.is_supervisor else self.none()

    def with_counts(self) -> Self:
        """With how many cases each has and how many of them were decided, the latest first."""
        kept = Q(items__dropped=False)
        decided = Count("items", filter=kept & ~Q(items__decision=""))
        return self.annotate(cases=Count("items", filter=kept), decided=decided).order_by("-held_on", "-pk")


class Meeting(models.Model):
    """A supervisor's meeting with its cases: prepared, held, and closed for good."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    supervisor = models.ForeignKey(User, models.PROTECT, related_name="meetings")
    held_on = models.DateField()
    prepared_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    objects = MeetingQuerySet.as_manager()

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Decision(models.TextChoices):
    CONTINUE = "continue", "Continue as now"
    TRY = "try", "Try something"
    REVIEW = "review", "Review on a date"
    JOINT = "joint", "Joint session"
    TRANSFER = "transfer", "Transfer"


class AgendaItemQuerySet(ClinicalQuerySet["AgendaItem"]):
    client_path = "episode__client"

    def decided(self) -> Self:
        """Those with a decision, with its meeting, client and action, the newest first."""
        loaded = self.exclude(decision="").select_related("meeting__supervisor", "episode__client", "action__owner")
        return loaded.only(*DECIDED).order_by("-decided_at", "pk")

    def with_clients(self, at: datetime) -> Self:
        """With client, clinician, standing and action."""
        loaded = self.select_related(
            "meeting", "episode__client", "episode__standing", "action__owner", "action__done_by"
        )
        return loaded.prefetch_related(with_clinician("episode", at))

    def lately_decided(self, at: datetime) -> Self:
        return self.decided().filter(decided_at__gt=at - DECIDED_LATELY)


class AgendaItem(models.Model):
    """One case of a meeting: why it is there, what was decided, and the one action that follows."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="agenda_items")
    place = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200)
    pinned = models.BooleanField(default=False)
    dropped = models.BooleanField(default=False)
    decision = models.CharField(max_length=8, choices=Decision, blank=True)
    review_on = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)
    action = models.OneToOneField(FollowUp, models.PROTECT, null=True, related_name="agenda_item")
    minutes = EncryptedTextField(blank=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "episode"], name="agenda_item_once_per_meeting_and_episode"),
            models.CheckConstraint(condition=~Q(pinned=True, dropped=True), name="agenda_item_pinned_or_dropped"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None) | ~Q(decision="") & Q(decided_at__isnull=False),
                name="agenda_item_decided_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.REVIEW, review_on__isnull=False)
                | ~Q(decision=Decision.REVIEW) & Q(review_on=None),
                name="agenda_item_reviewed_on_a_date",
            ),
        ]

    @property
    def decided(self) -> str:
        """What was decided, in words; nothing before."""
        if self.decision == Decision.REVIEW and self.review_on:
            return f"Review on {self.review_on.day} {self.review_on:%B %Y}"
        return self.get_decision_display()
