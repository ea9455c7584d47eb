"""A client's ratings as a CSV file, and how any table of this app is written as one."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Protocol

from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.models import Client
from ratings.caseload.timeline import Entry, episodes_of, timeline_of
from ratings.elements import ITEM_KEYS
from ratings.models import Rating

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")  # noqa: RUF001
SCORES = ("overall", "working_alliance")
HEADER = [
    *["therapy", "session", "date", "rater", *ITEM_KEYS, *SCORES],
    *["strain", "talked_about", "discussed", "saved_at", "late", "note"],
]


class TextOutput(Protocol):
    """What a file can be written to: a response, or text in memory."""

    def write(self, text: str, /) -> object: ...


def cell(value: Any) -> str:
    """Write a value so that no spreadsheet takes it for a formula."""
    text = "" if value is None else f"{round(value, 4)}" if isinstance(value, float) else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def line(therapy: int, entry: Entry, rating: Rating) -> list[Any]:
    """Return the values of one rating in the order of HEADER."""
    scores = rating.answers.scores
    where = [therapy, entry.number, entry.session.day.isoformat(), rating.rater]
    when = timezone.localtime(rating.saved_at).isoformat(timespec="minutes")
    late = "yes" if entry.session.is_late(rating.saved_at) else "no"
    words = [rating.strain, rating.strain_discussed, rating.discussed, when, late, rating.note]
    return [*where, *rating.items.values(), *(scores[key] for key in SCORES), *words]


def lines(client: Client, user: User, now: datetime) -> Iterator[list[Any]]:
    """Yield a line for each rating that this person may see, oldest first; None for what was not answered."""
    for therapy, episode in enumerate(reversed(episodes_of(client, user)), start=1):
        for entry in timeline_of(episode, user, now).held:
            both = sorted(entry.by_rater.values(), key=lambda rating: rating.rater)
            for rating in (*both, *entry.observed):
                yield line(therapy, entry, rating)


def write_table(out: TextOutput, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)


def write_ratings(out: TextOutput, client: Client, user: User, now: datetime) -> None:
    write_table(out, HEADER, lines(client, user, now))
