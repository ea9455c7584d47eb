"""Who sees what: the one rule, for clients and for everything that hangs on them."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from alliance_tracker.accounts.models import Supervision, User


def open_at(at: datetime) -> Q:
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


class AssignmentQuerySet(models.QuerySet):
    def open(self, at: datetime | None = None) -> Self:
        return self.filter(open_at(at or timezone.now()))

    def held_by(self, user: User) -> Self:
        return self.filter(clinician=user) if user.is_active and user.is_clinician else self.none()

    def reviewed_by(self, user: User, at: datetime) -> Self:
        if not (user.is_active and user.is_supervisor):
            return self.none()
        return self.filter(clinician__in=Supervision.objects.current(at).filter(supervisor=user).values("clinician"))


class ClinicalQuerySet(models.QuerySet):
    """Rows that belong to a client. `client_path` is the lookup from the row to its client's id."""

    client_path = "client_id"

    def visible_to(self, user: User, at: datetime | None = None) -> Self:
        """Rows of clients whose open assignment is this clinician's, or a supervisee's of this supervisor, now."""
        return self._of_clients(self._assignments(user, at, supervised=True))

    def editable_by(self, user: User, at: datetime | None = None) -> Self:
        """Rows of clients whose open assignment is this clinician's now."""
        return self._of_clients(self._assignments(user, at, supervised=False))

    def supervised_by(self, user: User, at: datetime | None = None) -> Self:
        """Rows of clients whose open assignment belongs to someone this supervisor supervises now."""
        at = at or timezone.now()
        return self._of_clients(self._open(at).reviewed_by(user, at))

    def _open(self, at: datetime) -> AssignmentQuerySet:
        from clients.models import Assignment  # noqa: PLC0415 - the models are built from these querysets

        return Assignment.objects.open(at)

    def _assignments(self, user: User, at: datetime | None, *, supervised: bool) -> AssignmentQuerySet:
        at = at or timezone.now()
        own = self._open(at).held_by(user)
        return own | self._open(at).reviewed_by(user, at) if supervised else own

    def _of_clients(self, assignments: AssignmentQuerySet) -> Self:
        return self.filter(**{f"{self.client_path}__in": assignments.values("episode__client")})
