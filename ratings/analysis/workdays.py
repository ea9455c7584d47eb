"""Working days: Monday to Friday, without the service's holidays."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

SATURDAY = 5


def is_working_day(day: date, holidays: Collection[date] = ()) -> bool:
    """Whether a day is a working day."""
    return day.weekday() < SATURDAY and day not in holidays


def after_working_days(moment: datetime, days: int, holidays: Collection[date] = ()) -> datetime:
    """Return the same time of day this many working days later; a day off counts from the next working day.

    Raises ValueError for a number of days below 0.
    """
    if days < 0:
        raise ValueError(f"days must be 0 or more, got {days}")
    while not is_working_day(moment.date(), holidays):
        moment += timedelta(days=1)
    for _ in range(days):
        moment += timedelta(days=1)
        while not is_working_day(moment.date(), holidays):
            moment += timedelta(days=1)
    return moment
