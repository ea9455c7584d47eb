"""Hold the stored months of the service report to the rows behind them. Changes nothing; to be run after nightly."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from alliance_tracker.accounts.models import ServiceSettings
from ratings.models import ServiceMonth
from ratings.reports.service_months import ReadByMonth, figures_of, kept_months, sessions_read


class Command(BaseCommand):
    help = "Work out the months of the service report again, and fail where a stored figure differs."

    def handle(self, **_: Any) -> None:
        with timezone.override(ServiceSettings.objects.current().zone):
            stored = {row.month: row for row in ServiceMonth.objects.all()}
            months = kept_months(timezone.now())
            read = cache(sessions_read)  # the months of one night have one moment
            wrong = {month: differing(month, stored.get(month), read) for month in months}
        differ = {month: names for month, names in wrong.items() if names}
        for month, names in differ.items():
            print(f"{month:%B %Y}: {', '.join(names)}")
        print(f"{len(months)} months, {len(differ)} differ from the rows behind them")
        if differ:
            raise CommandError("Some months are not what the rows say, or rows have changed since. Run nightly.")


def differing(
    month: date, stored: ServiceMonth | None, read: Callable[[datetime], ReadByMonth] = sessions_read
) -> list[str]:
    """Name the figures that the rows do not bear out, by what had opened when the month was written."""
    if stored is None:
        return ["missing"]
    return sorted(paths(stored.figures, figures_of(month, stored.written_at, read(stored.written_at))))


def paths(one: Any, other: Any, path: str = "") -> Iterator[str]:
    """Yield where two figures of the same make differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() | other.keys():
            yield from paths(one.get(key), other.get(key), f"{path}.{key}" if path else key)
    elif one != other:
        yield path
