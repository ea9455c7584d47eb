"""A pseudonymous table of the service's ratings, from which others can check how the form measures.

Ids are drawn at random for each extract and kept nowhere: no two extracts can be joined, and nobody can be looked up in
one. Days count from a client's first session. A session enters once it is seven days old, when no answer to it is still
closed. What each column holds is in `ratings/privacy/codebook.py`; the plan is in docs/validation.md.
"""

import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import SystemRandom, token_hex
from typing import Any, TextIO
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Prefetch

from alliance_tracker.accounts.models import ServiceSettings, User
from alliance_tracker.audit.actions import record
from clients.models import Client, TherapySession, TherapySessionQuerySet
from ratings.asking.asked import NOT_ASKED, AskedState, asked_states
from ratings.elements import FORM_LANGUAGE, FORM_VERSION
from ratings.models import OPENS_AFTER, Rater, Rating
from ratings.privacy import codebook
from ratings.privacy.retention import due_records
from ratings.reports.exports import write_table

FEWEST_CLIENTS = 50
BATCH = 200
TOO_FEW = (
    "{clients} clients have a rating that may go into an extract; {fewest} are needed, since people could be recognised"
    " among fewer. Nothing was written."
)


@dataclass
class Pseudonyms:
    """Random ids for the rows of one extract: the same row has the same id within it, and another in the next."""

    letter: str

    def __post_init__(self) -> None:
        self.given: dict[UUID, str] = defaultdict(lambda: f"{self.letter}-{token_hex(8)}")

    def __getitem__(self, row: UUID) -> str:
        return self.given[row]


def make_extract(file: Path, *, by: User, reason: str, consented: Collection[str] | None, now: datetime) -> int:
    """Write the extract and, beside it, its codebook, for their owner alone to read; how many clients are in it.

    `consented` are the codes of the only clients that may be in it; None where all may. The audit event comes first: no
    file leaves without one. Raises ValidationError for too few clients and for codes that nobody has, FileExistsError
    where one of the files is there.
    """
    clients = clients_of_extract(now, consented)
    if len(clients) < FEWEST_CLIENTS:
        raise ValidationError(TOO_FEW.format(clients=len(clients), fewest=FEWEST_CLIENTS))
    with new_file(file) as out, new_file(codebook_of(file)) as explained:
        record("validation_extract.exported", by=by, reason=reason)
        write_table(explained, codebook.HEADER, codebook.lines())
        write_table(out, codebook.COLUMNS, rows_of_extract(clients, now))
    return len(clients)


def codebook_of(file: Path) -> Path:
    """Return where the codebook of an extract is written."""
    return file.with_name(f"{file.stem}-codebook.csv")


@contextmanager
def new_file(path: Path) -> Iterator[TextIO]:
    """Open a new file for its owner alone, and remove it where something fails. FileExistsError where it is there."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            yield out
    except BaseException:
        path.unlink()
        raise


def settled_sessions(now: datetime) -> TherapySessionQuerySet:
    """Return the held sessions to which no answer is closed any more."""
    return TherapySession.objects.held(now - OPENS_AFTER)


def clients_of_extract(now: datetime, consented: Collection[str] | None) -> list[UUID]:
    """Return the clients with a rating in the extract, in random order.

    A record whose time is over is left out: it waits to be erased. One on hold is not due.
    """
    rated = Rating.objects.opened(now).filter(
        session__in=settled_sessions(now), session__episode__client=OuterRef("pk")
    )
    due = due_records(ServiceSettings.objects.current()).values_list("client", flat=True)
    clients = Client.objects.filter(Exists(rated)).exclude(pk__in=set(due))
    if consented is not None:
        check_codes(consented)
        clients = clients.filter(code__in=consented)
    found = list(clients.values_list("pk", flat=True))
    SystemRandom().shuffle(found)
    return found


def check_codes(codes: Collection[str]) -> None:
    known = set(Client.objects.filter(code__in=codes).values_list("code", flat=True))
    if unknown := sorted(set(codes) - known):
        raise ValidationError(f"No client has the code {', '.join(unknown)}. Nothing was written.")


def rows_of_extract(clients: Sequence[UUID], now: datetime) -> Iterator[list[Any]]:
    """Yield the lines of these clients, client by client, each in the order of the sessions."""
    ids = {letter: Pseudonyms(letter) for letter in ("c", "e", "t")}
    for start in range(0, len(clients), BATCH):
        batch = clients[start : start + BATCH]
        sessions = loaded_sessions(batch, now)
        states = asked_states([session.pk for of_client in sessions.values() for session in of_client], now)
        for client in batch:
            yield from rows_of_client(sessions[client], ids, states)


def loaded_sessions(clients: Sequence[UUID], now: datetime) -> dict[UUID, list[Any]]:
    """Return the settled sessions of each client, in their order, with the ratings that have opened."""
    opened = Rating.objects.opened(now).defer("note").order_by("rater", "saved_at", "pk")
    sessions = (
        settled_sessions(now)
        .filter(episode__client__in=clients)
        .select_related("episode")
        .prefetch_related(Prefetch("ratings", opened, to_attr="shown"))
        .order_by("starts_at", "pk")
    )
    by_client: dict[UUID, list[Any]] = defaultdict(list)
    for session in sessions:
        by_client[session.episode.client_id].append(session)
    return by_client


def rows_of_client(
    sessions: Sequence[Any], ids: Mapping[str, Pseudonyms], states: Mapping[UUID, AskedState]
) -> Iterator[list[Any]]:
    """Yield a line for each rating of a client's sessions, and for each that clinician or client did not give."""
    number: dict[UUID, int] = defaultdict(int)
    for session in sessions:
        number[session.episode_id] += 1
        who = [ids["c"][session.episode.client_id], ids["e"][session.episode_id], ids["t"][session.clinician_id]]
        where = [*who, number[session.episode_id], (session.day - sessions[0].day).days]
        for rating in session.shown:
            yield [*where, rating.rater, "yes", *answers_of(rating, session)]
        for rater, asked in not_given(session, states.get(session.pk, NOT_ASKED)):
            yield [*where, rater, yes(asked), "no", *[""] * len(codebook.COLUMNS[len(where) + 3 :])]


def not_given(session: Any, state: AskedState) -> Iterator[tuple[Rater, bool]]:
    """Yield who did not rate a session, clinician or client, each with whether they were asked.

    A client who has answered did rate, also where the answers are closed because the session was moved.
    """
    given = {rating.rater for rating in session.shown}
    if Rater.CLINICIAN not in given:
        yield Rater.CLINICIAN, True
    if Rater.CLIENT not in given and not state.answered:
        yield Rater.CLIENT, state.asked


def answers_of(rating: Rating, session: TherapySession) -> list[Any]:
    """Return what a line says of a rating, from the column `rated` on."""
    words = [rating.strain, rating.strain_discussed]
    when = [yes(session.is_late(rating.saved_at)), yes(rating.corrected_at is not None)]
    return ["yes", FORM_VERSION, FORM_LANGUAGE, *rating.items.values(), *words, *when]


def yes(value: bool) -> str:
    return "yes" if value else "no"
