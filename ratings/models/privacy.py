"""Holds on a record, what a client disagrees with, and tombstones of erased records."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from uuid_utils.compat import uuid7

from alliance_tracker.accounts.models import User
from alliance_tracker.encryption import EncryptedTextField
from clients.models import Client
from clients.models.access import ClinicalQuerySet


class LegalHoldQuerySet(ClinicalQuerySet["LegalHold"]):
    def active(self, today: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gte=today), lifted_at=None)


class LegalHold(models.Model):
    """A reason for which a client's record must not be erased, until a day or until someone lifts it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="legal_holds")
    reason = EncryptedTextField()
    until = models.DateField(null=True)
    held_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    held_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(lifted_at=None), name="legal_hold_unlifted_once_per_client"
            )
        ]


class Rectification(models.Model):
    """What a client disagrees with in their record, in their words. Append-only: it stands beside what it speaks of."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="rectifications")
    text = EncryptedTextField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = ClinicalQuerySet.as_manager()


class Tombstone(models.Model):
    """Says that a client's record was erased, when, why and by whom. No foreign keys. Append-only."""

    class Basis(models.TextChoices):
        REQUEST = "request", "The client asked for it"
        RETENTION = "retention", "The time to keep it is over"
        UNLAWFUL = "unlawful", "It should not have been stored"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client_id = models.UUIDField(unique=True)
    erased_at = models.DateTimeField(default=timezone.now)
    basis = models.CharField(max_length=10, choices=Basis)
    approved_by_id = models.UUIDField()
