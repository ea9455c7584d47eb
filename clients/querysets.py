"""Who sees what: the one rule, for clients and for everything that hangs on them."""

from datetime import datetime
from functools import cache
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from alliance_tracker.accounts.models import Supervision, User
from clients.compiled import OfClient, Rule


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


def held(user: User, at: datetime) -> AssignmentQuerySet:
    return _open(at).held_by(user)


def reviewed(user: User, at: datetime) -> AssignmentQuerySet:
    return _open(at).reviewed_by(user, at)


def responsible(user: User, at: datetime) -> AssignmentQuerySet:
    return held(user, at) | reviewed(user, at)


@cache
def therapies(rule: Rule) -> Rule:
    """Return a rule's episodes in place of its assignments."""
    from clients.models import Episode  # noqa: PLC0415 - the models are built from these querysets

    return lambda user, at: Episode.objects.filter(OfClient("pk", rule, "episode", user, at))


def opened(user: User, at: datetime) -> "EmergencyAccessQuerySet":
    from clients.models import EmergencyAccess  # noqa: PLC0415 - the models are built from these querysets

    return EmergencyAccess.objects.running(at).opened_to(user)


def _open(at: datetime) -> AssignmentQuerySet:
    from clients.models import Assignment  # noqa: PLC0415 - as above

    return Assignment.objects.filter(open_at(at))


class ClinicalQuerySet(models.QuerySet):
    """Rows that belong to a client. `client_path` is the lookup from the row to its client's id."""

    client_path = "client_id"

    def visible_to(self, user: User, at: datetime | None = None) -> Self:
        """Rows of clients this person is responsible for, and of one whom emergency access opens to them now.

        Asked for each row, not as two lists of clients: for the record of one client that is two looks in an index,
        where the lists would be the whole caseload.
        """
        at = at or timezone.now()
        by_emergency = OfClient(self.client_path, opened, "client", user, at, by_row=True)
        assigned = OfClient(self.client_path, responsible, "episode__client", user, at, by_row=True)
        return self.filter(Q(assigned) | Q(by_emergency))

    def responsible_for(self, user: User, at: datetime | None = None) -> Self:
        """Rows of clients whose open assignment is this clinician's, or a supervisee's of this supervisor, now.

        Lists and files that leave the app start here: emergency access reads a client's page and nothing else.
        """
        return self.filter(self._assigned(responsible, user, at))

    def editable_by(self, user: User, at: datetime | None = None) -> Self:
        """Rows of clients whose open assignment is this clinician's now."""
        return self.filter(self._assigned(held, user, at))

    def supervised_by(self, user: User, at: datetime | None = None) -> Self:
        """Rows of clients whose open assignment belongs to someone this supervisor supervises now."""
        return self.filter(self._assigned(reviewed, user, at))

    def _assigned(self, rule: Rule, user: User, at: datetime | None) -> OfClient:
        return OfClient(self.client_path, therapies(rule), "client", user, at or timezone.now())


class EmergencyAccessQuerySet(ClinicalQuerySet):
    def running(self, at: datetime) -> Self:
        return self.filter(opened_at__lte=at, expires_at__gt=at)

    def opened_to(self, user: User) -> Self:
        return self.filter(user=user) if user.is_active and user.sees_clients else self.none()

    def to_review(self) -> Self:
        return self.filter(reviewed_at=None)

    def by_others_than(self, user: User) -> Self:
        return self.exclude(user=user)
