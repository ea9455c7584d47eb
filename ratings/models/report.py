"""Figures of the whole service, which `nightly` writes, and the one switch that hangs on them."""

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7


class ServiceMonth(models.Model):
    """The service report's figures of one month (its first day), all clinicians together; `nightly` writes them."""

    month = models.DateField(primary_key=True)
    figures = models.JSONField()
    written_at = models.DateTimeField()


class RuleCount(models.Model):
    """How often a rule fired in this service in 90 days, and how often a person acted on it; `nightly` writes them.

    Of the signals whose strain has an outcome (`with_outcome`), there was one at `strains`; `outcome_clinicians` is
    from how many clinicians those outcomes come.
    """

    rule = models.CharField(max_length=40, primary_key=True)
    fired = models.PositiveIntegerField()
    acted_on = models.PositiveIntegerField()
    with_outcome = models.PositiveIntegerField(default=0)
    strains = models.PositiveIntegerField(default=0)
    outcome_clinicians = models.PositiveIntegerField(default=0)


class RuleCheck(models.Model):
    """How the rule for an unusually low session does on this service's own ratings: one row, which `nightly` writes.

    Of the sessions of 90 days that were read against a usual level, how many were unusually low and unusually high. Of
    all sessions with a client's z and the clinician's answer about a strain, given before the client's was seen: how
    many were low or ordinary for the client, and in how many of either the clinician reported a strain.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    counted_at = models.DateTimeField()
    sessions = models.PositiveIntegerField()
    unusually_low = models.PositiveIntegerField()
    unusually_high = models.PositiveIntegerField()
    clinicians = models.PositiveIntegerField()
    low = models.PositiveIntegerField()
    low_reported = models.PositiveIntegerField()
    ordinary = models.PositiveIntegerField()
    ordinary_reported = models.PositiveIntegerField()
    blind_clinicians = models.PositiveIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="rule_check_is_one_row")]


class SaidSwitch(models.Model):
    """From `since` on, what is said of a strain counts as part of a drop, or no longer does: "low, and said"."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    since = models.DateTimeField(unique=True)
    on = models.BooleanField()
