"""Ratings, their versions and drafts, and the standing of an episode."""

import json
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from uuid_utils.compat import uuid7

from alliance_tracker.accounts.models import User
from alliance_tracker.encryption import EncryptedTextField
from clients.models import Episode, TherapySession
from clients.models.access import ClinicalQuerySet
from ratings.analysis import reading
from ratings.elements import DISCUSSED, HIGHEST, ITEM_KEYS, LOWEST, STRAIN, TALKED

FREE_EDIT = timedelta(minutes=15)
OPENS_AFTER = timedelta(days=7)
DRAFT_LASTS = timedelta(days=14)


class Rater(models.TextChoices):
    CLINICIAN = "clinician", "Clinician"
    CLIENT = "client", "Client"
    OBSERVER = "observer", "Observer"


class Channel(models.TextChoices):
    WEB = "web", "Web"
    HANDOVER = "handover", "Handed-over device"
    LINK = "link", "One-time link"
    CODE = "code", "Spoken code"


def item_field() -> "models.PositiveSmallIntegerField[int | None, int | None]":
    """Return the column of one item: a score from 1 to 7, None where it was skipped."""
    return models.PositiveSmallIntegerField(null=True)


class AnswerColumns(models.Model):
    """The answers of one rater about one session, as sent; scores are computed from them."""

    goals = item_field()
    tasks = item_field()
    bond = item_field()
    trust = item_field()
    empathy = item_field()
    engagement = item_field()
    responsiveness = item_field()
    strain = models.CharField(max_length=8, choices=list(STRAIN.items()), blank=True)
    strain_discussed = models.CharField(max_length=8, choices=list(TALKED.items()), blank=True)
    discussed = models.CharField(max_length=12, choices=list(DISCUSSED.items()), blank=True)
    note = EncryptedTextField(blank=True)
    idempotency_key = models.UUIDField(null=True)
    content_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True

    @property
    def items(self) -> dict[str, int | None]:
        return {key: getattr(self, key) for key in ITEM_KEYS}


def on_scale(key: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{key: None}) | Q(**{f"{key}__range": (LOWEST, HIGHEST)}), name=f"rating_{key}_on_scale"
    )


class RatingQuerySet(ClinicalQuerySet["Rating"]):
    client_path = "session__episode__client"

    def opened(self, at: datetime) -> Self:
        """Ratings that staff may see: the clinician's and observers', and the client's once it has opened."""
        return self.filter(~Q(rater=Rater.CLIENT) | Q(opens_at__lte=at))

    def hidden(self, at: datetime) -> Self:
        """Clients' ratings of which staff may know only that they are there."""
        return self.filter(rater=Rater.CLIENT, opens_at__gt=at)

    def given(self, session: TherapySession, rater: str, by: User | None) -> "Rating | None":
        """Return this rater's rating of the session. Each observer has a rating of their own."""
        own = self.filter(session=session, rater=rater)
        return (own.filter(author=by) if rater == Rater.OBSERVER else own).first()

    def correctable_by(self, user: User, at: datetime) -> Self:
        """Ratings of their own that a person may correct: while they hold the client, or supervise who does."""
        clinicians = Q(rater=Rater.CLINICIAN, pk__in=self.editable_by(user, at).values("pk"))
        observers = Q(rater=Rater.OBSERVER, pk__in=self.supervised_by(user, at).values("pk"))
        return self.filter(clinicians | observers, author=user, session__voided_at=None)

    def client_answered(self, session: TherapySession) -> bool:
        """Whether the client has rated the session: all that staff may know before that rating opens."""
        return self.filter(session=session, rater=Rater.CLIENT).exists()


class Rating(AnswerColumns):
    """One rater's rating of one session. A client's is hidden from everyone on the staff until `opens_at`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(TherapySession, models.PROTECT, related_name="ratings")
    rater = models.CharField(max_length=10, choices=Rater)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="ratings")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.WEB)
    opened_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(default=timezone.now)
    opens_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    corrected_at = models.DateTimeField(null=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["opens_at"], condition=Q(rater="client"), name="rating_by_opening")]
        constraints = [
            *[on_scale(key) for key in ITEM_KEYS],
            models.CheckConstraint(condition=~Q(**dict.fromkeys(ITEM_KEYS)), name="rating_answers_at_least_one_item"),
            models.CheckConstraint(condition=Q(rater__in=Rater.values), name="rating_rater_is_known"),
            models.CheckConstraint(
                condition=Q(rater="client", author=None, opens_at__isnull=False)
                | ~Q(rater="client") & Q(author__isnull=False, opens_at=None),
                name="rating_author_is_staff_and_client_rating_opens",
            ),
            models.UniqueConstraint(
                fields=["session", "rater"], condition=~Q(rater="observer"), name="rating_once_per_session_and_rater"
            ),
            models.UniqueConstraint(
                fields=["session", "author"], condition=Q(rater="observer"), name="rating_once_per_observer"
            ),
            models.UniqueConstraint(fields=["author", "idempotency_key"], name="rating_once_per_key"),
        ]

    @cached_property
    def answers(self) -> reading.Answers:
        """Return the answers as the rules read them; their scores are computed once."""
        return reading.Answers(self.items, self.strain, self.strain_discussed, str(self.author_id or ""))


class RatingVersion(AnswerColumns):
    """A rating as it was saved, each time it was saved. Append-only: the newest one equals the rating.

    `moved_from` is the session that the rating belonged to until this version moved it. It is another client's, and
    may have been erased since: no constraint ties the two records together.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()
    reason = EncryptedTextField(blank=True)
    moved_from = models.ForeignKey(TherapySession, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rating", "version"], name="version_once_per_rating"),
            models.UniqueConstraint(fields=["saved_by", "idempotency_key"], name="version_once_per_key"),
        ]


class DraftQuerySet(models.QuerySet["RatingDraft"]):
    def kept_by(self, user: User, session: TherapySession) -> "RatingDraft | None":
        return self.filter(user=user, session=session).first()

    def outdated(self, at: datetime) -> Self:
        return self.filter(changed_at__lte=at - DRAFT_LASTS)


class RatingDraft(models.Model):
    """What a clinician has typed and not yet saved, as JSON. Kept 14 days; not audited."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(TherapySession, models.PROTECT, related_name="drafts")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    answers = EncryptedTextField()
    changed_at = models.DateTimeField(default=timezone.now)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "user"], name="draft_once_per_session_and_user")]

    @property
    def fields(self) -> dict[str, str]:
        kept: dict[str, str] = json.loads(self.answers)
        return kept


class StandingQuerySet(ClinicalQuerySet["Standing"]):
    client_path = "episode__client"

    def something_open(self, episode: Episode) -> bool:
        """Whether a signal or a strain is open, so that the form asks whether it was discussed with the client."""
        return self.filter(Q(open_signals__gt=0) | ~Q(strain={}), episode=episode).exists()


class Standing(models.Model):
    """The row of an episode that lists read: derived, written with every change; `rebuild_standing` recomputes it.

    `clinician` and `client` hold that rater's latest items, element scores, overall, usual level (overall and
    per item and element), last 12 overall scores, and how unusual the latest is (z, flag), or are empty without a
    rating that staff may see; `client` also holds the last `pair` of overall scores. `signals` are the open ones that
    lists show, in the order of attention; none while paused. `strain` is the open rupture; empty without one. At
    `absorbs_at` time alone makes the row out of date: a rating opens, or a session is held.
    """

    episode = models.OneToOneField(Episode, models.PROTECT, primary_key=True, related_name="standing")
    last_rated_at = models.DateTimeField(null=True)
    absorbs_at = models.DateTimeField(null=True)
    triage_rank = models.PositiveSmallIntegerField(null=True)
    triage_since = models.DateTimeField(null=True)
    open_signals = models.PositiveSmallIntegerField(default=0)
    signals = models.JSONField(default=list)
    strain = models.JSONField(default=dict)
    clinician = models.JSONField(default=dict)
    client = models.JSONField(default=dict)

    objects = StandingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["absorbs_at"], condition=Q(absorbs_at__isnull=False), name="standing_by_absorption")
        ]
