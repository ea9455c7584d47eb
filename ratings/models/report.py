from django.db import models


class ServiceMonth(models.Model):
    """The service report's figures of one month (its first day), all clinicians together; `nightly` writes them."""

    month = models.DateField(primary_key=True)
    figures = models.JSONField()
    written_at = models.DateTimeField()
