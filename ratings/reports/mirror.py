"""A clinician's own mirror: ratings beside those of their clients, coverage, and time to log a rating.

It covers six months and the clients they hold now, and only what has opened to them. Nobody else can open it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.models import TherapySession
from ratings.analysis.service_figures import HeldSession, of_sessions
from ratings.analysis.side_by_side import KEYS, SideBySide, side_by_side
from ratings.elements import ELEMENTS
from ratings.reports.service_months import DAY, held_with_ratings, start_of, visit_of
from ratings.reports.service_report import ServiceReport, seconds

MONTHS = 6
FEWEST_TIMES = 4
NAMES = {"overall": "Overall", **ELEMENTS}


@dataclass(frozen=True)
class MirrorMonth:
    """The sessions that the clinician held in one month."""

    first: date
    visits: list[HeldSession]

    @cached_property
    def figures(self) -> dict[str, Any]:
        return of_sessions(self.visits)


class Mirror:
    """One clinician's last six months."""

    def __init__(self, user: User, now: datetime) -> None:
        self.firsts = months_to(timezone.localdate(now))
        mine = TherapySession.objects.editable_by(user, now).filter(clinician=user)
        self.sessions = held_with_ratings(mine.filter(starts_at__gte=start_of(self.firsts[-1])), now)

    @property
    def since(self) -> date:
        return self.firsts[-1]

    @cached_property
    def visits(self) -> list[tuple[date, HeldSession]]:
        """The sessions, each with the first day of its month."""
        return [(timezone.localdate(row.starts_at).replace(day=1), visit_of(row)) for row in self.sessions]

    @cached_property
    def months(self) -> list[MirrorMonth]:
        """The months with a session, newest first."""
        held = [MirrorMonth(first, [visit for month, visit in self.visits if month == first]) for first in self.firsts]
        return [month for month in held if month.visits]

    @cached_property
    def compared(self) -> list[tuple[str, SideBySide]]:
        """The clinician's mean of each score beside that of the clients, each with the score's name."""
        found = side_by_side([visit for _, visit in self.visits])
        return [(NAMES[key], found[key]) for key in KEYS if key in found]

    @property
    def overall(self) -> SideBySide | None:
        return dict(self.compared).get(NAMES["overall"])

    @property
    def times(self) -> str:
        """Say within how long half of the ratings were logged, and nine in ten; nothing below four timed ones."""
        figures: dict[str, Any] = of_sessions([visit for _, visit in self.visits])
        found = figures["seconds"]
        if found["n"] < FEWEST_TIMES:
            return ""
        half, nine_in_ten = seconds(found["median"]), seconds(found["p90"])
        return f"Half of {found['n']} ratings took you {half} or less, nine in ten {nine_in_ten} or less."

    @cached_property
    def service(self) -> str:
        """Give the whole service's coverage in its newest month, which everyone may know."""
        report = ServiceReport(clinical=False)
        if not report.months:
            return ""
        table = report.coverage()
        newest = table.lines[0]
        said = [f"{name.lower()} {cell}" for name, cell in zip(table.columns, newest.cells, strict=True)]
        return f"The whole service in {newest.name}: {', '.join(said)}."


def months_to(day: date) -> list[date]:
    """Return the first days of this month and the five before it, newest first."""
    firsts = [day.replace(day=1)]
    while len(firsts) < MONTHS:
        firsts.append((firsts[-1] - DAY).replace(day=1))
    return firsts
