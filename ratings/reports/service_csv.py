"""The rows behind the service report, for supervisors to work its numbers out again: no name, no code, no clinician.

They end with the report's newest month; ratings begin with its oldest year. A client is a number of this file only, a
moment is its month. Ratings that have not opened are not in it.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from itertools import count
from typing import Any, TextIO

from django.utils import timezone

from clients.models import Episode
from ratings.analysis.scores import overall
from ratings.analysis.service_figures import RATERS, HeldSession
from ratings.elements import ITEM_KEYS
from ratings.models import Rater, Rating, Rupture, Signal
from ratings.models.signal import State
from ratings.reports.exports import cell
from ratings.reports.service_months import (
    SPOKEN,
    days_until,
    kept_months,
    next_month,
    said_at,
    sessions_between,
    start_of,
    strained,
    visit_of,
    year_to,
)

RATINGS = ("month", "client", "session", "rater", "asked", "answered", "declined", *ITEM_KEYS, "overall", "seconds")
STRAINS = (
    *("kind", "client", "month", "until", "ending", "after_a_strain", "month_spoken_of", "days_to_spoken_of"),
    *("month_repaired", "days_to_repaired", "rule", "month_not_right", "discussed"),
)
CHUNK = 1000
Row = dict[str, Any]


class Numbers:
    """Gives each client a number in the order of their first row."""

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


def write_ratings(out: TextIO, now: datetime) -> None:
    """Write two lines a held session, one for each rater, rated or not."""
    writer, numbers, months = csv.writer(out), Numbers(), kept_months(now)
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
    own, items = rater == Rater.CLINICIAN, visit.items_by_rater.get(rater, {})
    asked = ["", yes(bool(items)), ""] if own else [yes(visit.asked), yes(visit.answered), yes(visit.declined)]
    score = overall(items) if items else None
    return [*asked, *(items.get(key) for key in ITEM_KEYS), score, visit.seconds if own else None]


def write_strains(out: TextIO, now: datetime) -> None:
    """Write one line a therapy, strain, signal and answer to "discussed", each with the month it belongs to."""
    writer, numbers, months = csv.DictWriter(out, STRAINS, restval=""), Numbers(), kept_months(now)
    writer.writeheader()
    if not months:
        return
    after = next_month(months[-1])
    for rows in (therapies(after), strains(start_of(after)), signals(start_of(after)), discussed(start_of(after))):
        for row in rows:
            line = row | {"client": numbers[row["client"]]}
            writer.writerow({name: cell(value) for name, value in line.items()})


def therapies(after: date) -> Iterator[Row]:
    for episode in Episode.objects.filter(started_on__lt=after).annotate(strained=strained()).order_by("pk"):
        is_over = episode.ended_on is not None and episode.ended_on < after
        yield {
            "kind": "therapy",
            "client": episode.client_id,
            "month": month_of(episode.started_on),
            "until": month_of(episode.ended_on) if is_over else "",
            "ending": episode.ending if is_over else "",
            "after_a_strain": yes(episode.strained),
        }


def strains(end: datetime) -> Iterator[Row]:
    found = Rupture.objects.exclude(state=State.WITHDRAWN).filter(opened_at__lt=end).with_events()
    for rupture in found.select_related("episode").order_by("opened_at", "pk"):
        spoken, repaired = (said_at(rupture, states, end) for states in (SPOKEN, [State.REPAIRED]))
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


def signals(end: datetime) -> Iterator[Row]:
    raised = Signal.objects.filter(withdrawn_at=None, opened_at__lt=end).order_by("opened_at", "pk")
    for client, opened_at, rule, said in raised.values_list("episode__client", "opened_at", "rule", "not_right_at"):
        row = {"kind": "signal", "client": client, "month": month_of(opened_at), "rule": rule}
        yield row | {"month_not_right": month_of(said) if said and said < end else ""}


def discussed(end: datetime) -> Iterator[Row]:
    answers = Rating.objects.filter(rater=Rater.CLINICIAN, session__voided_at=None, session__starts_at__lt=end)
    said = answers.exclude(discussed="").order_by("session__starts_at", "pk")
    for client, starts_at, answer in said.values_list("session__episode__client", "session__starts_at", "discussed"):
        yield {"kind": "discussed", "client": client, "month": month_of(starts_at), "discussed": answer}
