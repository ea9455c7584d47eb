"""Links, spoken codes and handed-over devices, by which clients answer."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from uuid_utils.compat import uuid7

from alliance_tracker.accounts.models import User
from clients.models import TherapySession
from clients.models.access import ClinicalQuerySet
from ratings.models.rating import Rater, Rating

HAND_OVER_LASTS = timedelta(minutes=10)
CODE_LASTS = timedelta(minutes=15)
REMIND_AFTER = timedelta(days=2)


class ClientLinkQuerySet(ClinicalQuerySet["ClientLink"]):
    client_path = "session__episode__client"

    def usable(self, at: datetime) -> Self:
        """Links that may still be answered: in time, not used, declined or withdrawn, of a client who wants them."""
        ended = Q(used_at__isnull=False) | Q(declined_at__isnull=False) | Q(withdrawn_at__isnull=False)
        stopped = Q(kind=ClientLink.Kind.LINK, session__episode__client__invitations_stopped_at__isnull=False)
        return self.exclude(ended | stopped).filter(expires_at__gt=at)

    def declined(self, at: datetime) -> Self:
        """Links that the client declined: "no thanks", stopped, or a handed-over form that ran out of time."""
        return self.filter(refused(at), withdrawn_at=None)


class ClientLink(models.Model):
    """One way for a client to answer about one session: an address, a spoken code, or this device handed over.

    Only a hash of its secret is kept. "Asked" is counted from these rows.
    """

    class Kind(models.TextChoices):
        LINK = "link", "Link"
        CODE = "code", "Spoken code"
        HAND_OVER = "handover", "Handed-over device"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(TherapySession, models.PROTECT, related_name="client_links")
    kind = models.CharField(max_length=8, choices=Kind)
    token_hash = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    objects = ClientLinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["session", "kind"], name="link_by_session")]
        constraints = [
            models.CheckConstraint(condition=Q(created_at__lt=models.F("expires_at")), name="link_expires_later"),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(declined_at=None, withdrawn_at=None), name="link_ends_one_way"
            ),
        ]


def refused(at: datetime) -> Q:
    timed_out = Q(kind=ClientLink.Kind.HAND_OVER, used_at=None, expires_at__lte=at)
    return Q(declined_at__isnull=False) | timed_out


def linked() -> Exists:
    """Whether there is a way for a session's client to answer that was not taken back."""
    return Exists(ClientLink.objects.filter(session=OuterRef("pk"), withdrawn_at=None))


def asked() -> Q:
    """Whether a session's client was asked for a rating, and not by mistake, or has given one."""
    return linked() | Exists(Rating.objects.filter(session=OuterRef("pk"), rater=Rater.CLIENT))
