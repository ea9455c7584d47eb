"""Clients, by the codes of the service."""

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from uuid_utils.compat import uuid7

from alliance_tracker.encryption import EncryptedTextField
from clients.models.access import ClinicalQuerySet


class ClientQuerySet(ClinicalQuerySet["Client"]):
    client_path = "pk"


class Client(models.Model):
    """Someone in therapy, known by the service's own code. An open episode says that therapy is going on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=20)
    name = EncryptedTextField(blank=True)
    email = EncryptedTextField(blank=True)
    external_key = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - absent keys are not equal
    invitations_stopped_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ClientQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("code"), name="client_code_unique_in_any_case")]

    @property
    def label(self) -> str:
        return self.name or self.code
