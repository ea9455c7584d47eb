"""The rows behind the service report as CSV files, from which supervisors can work out its numbers again.

They hold no name, no code and no clinician: a client is a number that means something in one file only, and a moment is
given as its month. Rows end with the report's newest month; ratings begin with the first month of its oldest year.
Ratings that have not opened are left out.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from itertools import count
from typing import Any

from django.utils import timezone

from clients.models import Episode
from ratings.analysis.scores import overall
from ratings.analysis.service_figures import RATERS, HeldSession
from ratings.elements import ITEM_KEYS
from ratings.models import Rater, Rating, Rupture, Signal
from ratings.models.signal import State
from ratings.reports.exports import TextOutput, cell
from ratings.reports.service_months import (
    SPOKEN,
    days_until,
    first_said_at,
    had_strain,
    kept_months,
    next_month,
    sessions_between,
    start_of,
    visit_of,
    year_to,
)

RATINGS = ("month", "client", "session", "rater", "asked", "answered", "declined", *ITEM_KEYS, "overall", "seconds")
STRAINS = (
    *("kind", "client", "month", "until", "ending", "after_a_strain", "month_spoken_of", "days_to_spoken_of"),
    *("month_repaired", "days_to_repaired", "rule", "month_not_right", "discussed"),
)
CHUNK = 1000
CsvRow = dict[str, Any]


class ClientNumbers:
    """Gives each client a number, in the order of their first rows."""

    def __init__(self) -> None:
        counter = count(1)
        self.given: dict[Any, int] = defaultdict(lambda: next(counter))

    def __getitem__(self, client: Any) -> int:
        return self.given[client]


def month_of(moment: datetime | date | None) -> str:
    if moment is None:
        return ""
    day = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    return f"{day:%Y-%m}"


def yes(value: bool) -> str:
    return "yes" if value else "no"


def write_ratings(out: TextOutput, now: datetime) -> None:
    """Write two lines for each held session, the clinician's and the client's, rated or not."""
    writer, numbers, months = csv.writer(out), ClientNumbers(), kept_months(now)
    writer.writerow(RATINGS)
    if not months:
        return
    start, end = start_of(year_to(months[0])), start_of(next_month(months[-1]))
    for session, row in enumerate(sessions_between(start, end, now).iterator(chunk_size=CHUNK), start=1):
        visit = visit_of(row)
        for rater in RATERS:
            line = [month_of(row.starts_at), numbers[visit.client], session, rater, *rating_cells(visit, rater)]
            writer.writerow([cell(value) for value in line])


def rating_cells(visit: HeldSession, rater: str) -> list[Any]:
    """Return one rater's cells of a session: what was asked, the answers, the overall score, the seconds to log."""
    own, items = rater == Rater.CLINICIAN, visit.items_by_rater.get(rater, {})
    asked = ["", yes(bool(items)), ""] if own else [yes(visit.asked), yes(visit.answered), yes(visit.declined)]
    score = overall(items) if items else None
    return [*asked, *(items.get(key) for key in ITEM_KEYS), score, visit.seconds if own else None]


def write_strains(out: TextOutput, now: datetime) -> None:
    """Write a line for each therapy, strain, signal and answer to "discussed", with the month it belongs to."""
    writer, numbers, months = csv.DictWriter(out, STRAINS, restval=""), ClientNumbers(), kept_months(now)
    writer.writeheader()
    if not months:
        return
    after = next_month(months[-1])
    for rows in (therapies(after), strains(start_of(after)), signals(start_of(after)), discussed(start_of(after))):
        for row in rows:
            line = row | {"client": numbers[row["client"]]}
            writer.writerow({name: cell(value) for name, value in line.items()})


def therapies(after: date) -> Iterator[CsvRow]:
    """Yield the therapies begun before a day, as they stood then."""
    begun = Episode.objects.filter(started_on__lt=after).order_by("pk")
    rows = begun.values_list("client", "started_on", "ended_on", "ending", had_strain())
    for client, started_on, ended_on, ending, after_a_strain in rows:
        is_over = ended_on is not None and ended_on < after
        yield {
            "kind": "therapy",
            "client": client,
            "month": month_of(started_on),
            "until": month_of(ended_on) if is_over else "",
            "ending": ending if is_over else "",
            "after_a_strain": yes(after_a_strain),
        }


def strains(end: datetime) -> Iterator[CsvRow]:
    """Yield the strains that opened before a moment, with what had become of each by then."""
    found = Rupture.objects.exclude(state=State.WITHDRAWN).filter(opened_at__lt=end).with_events()
    for rupture in found.select_related("episode").order_by("opened_at", "pk"):
        spoken, repaired = (first_said_at(rupture, states, end) for states in (SPOKEN, [State.REPAIRED]))
        yield {
            "kind": "strain",
            "client": rupture.episode.client_id,
            "month": month_of(rupture.opened_at),
            "until": month_of(rupture.closed_at) if rupture.closed_at and rupture.closed_at < end else "",
            "month_spoken_of": month_of(spoken),
            "days_to_spoken_of": days_until(rupture, spoken),
            "month_repaired": month_of(repaired),
            "days_to_repaired": days_until(rupture, repaired),
        }


def signals(end: datetime) -> Iterator[CsvRow]:
    """Yield the signals raised before a moment, with when a person found one not right."""
    raised = Signal.objects.filter(withdrawn_at=None, opened_at__lt=end).order_by("opened_at", "pk")
    for client, opened_at, rule, said in raised.values_list("episode__client", "opened_at", "rule", "not_right_at"):
        row = {"kind": "signal", "client": client, "month": month_of(opened_at), "rule": rule}
        yield row | {"month_not_right": month_of(said) if said and said < end else ""}


def discussed(end: datetime) -> Iterator[CsvRow]:
    """Yield what clinicians answered when asked whether an open strain was discussed with the client."""
    answers = Rating.objects.filter(rater=Rater.CLINICIAN, session__voided_at=None, session__starts_at__lt=end)
    said = answers.exclude(discussed="").order_by("session__starts_at", "pk")
    for client, starts_at, answer in said.values_list("session__episode__client", "session__starts_at", "discussed"):
        yield {"kind": "discussed", "client": client, "month": month_of(starts_at), "discussed": answer}
