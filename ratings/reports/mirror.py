"""A clinician's own mirror: how their ratings sit beside their clients', their coverage, their time to log.

Of the last six months, of clients whom they see now; only what has opened to them. Nobody else can ask for it.
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
from ratings.reports.service_months import DAY, start_of, visit_of, with_ratings
from ratings.reports.service_report import ServiceReport, seconds

MONTHS = 6
FEWEST_TIMES = 4
NAMES = {"overall": "Overall", **ELEMENTS}


@dataclass(frozen=True)
class Month:
    """What one held, rated and asked in a month."""

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
        self.sessions = with_ratings(mine.filter(starts_at__gte=start_of(self.firsts[-1])), now)

    @property
    def since(self) -> date:
        return self.firsts[-1]

    @cached_property
    def visits(self) -> list[tuple[date, HeldSession]]:
        return [(timezone.localdate(row.starts_at).replace(day=1), visit_of(row)) for row in self.sessions]

    @cached_property
    def months(self) -> list[Month]:
        """The months in which one held a session, newest first."""
        held = [Month(first, [visit for month, visit in self.visits if month == first]) for first in self.firsts]
        return [month for month in held if month.visits]

    @cached_property
    def compared(self) -> list[tuple[str, SideBySide]]:
        found = side_by_side([visit for _, visit in self.visits])
        return [(NAMES[key], found[key]) for key in KEYS if key in found]

    @property
    def overall(self) -> SideBySide | None:
        return dict(self.compared).get(NAMES["overall"])

    @property
    def times(self) -> str:
        """Say half and nine in ten of the times to log; nothing of fewer than four."""
        found = of_sessions([visit for _, visit in self.visits])["seconds"]
        if found["n"] < FEWEST_TIMES:
            return ""
        half, nine = seconds(found["median"]), seconds(found["p90"])
        return f"Half of {found['n']} ratings took you {half} or less, nine in ten {nine} or less."

    @cached_property
    def service(self) -> str:
        """Say the whole service's coverage of its newest month, which is everyone's to know."""
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
