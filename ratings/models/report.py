"""Figures that `nightly` writes for the service report."""

from django.db import models


class ServiceMonth(models.Model):
    """The service report's figures of one month (its first day), all clinicians together; `nightly` writes them."""

    month = models.DateField(primary_key=True)
    figures = models.JSONField()
    written_at = models.DateTimeField()


class RuleCount(models.Model):
    """How often a rule fired in this service in 90 days, and how often a person acted on it; `nightly` writes them."""

    rule = models.CharField(max_length=40, primary_key=True)
    fired = models.PositiveIntegerField()
    acted_on = models.PositiveIntegerField()
