"""What an erasure takes: every row that belongs to a client, found through the foreign keys of all models.

A model that is added later is found in the same way. When a record may be erased is in `ratings/privacy/actions.py`.
"""

import json
import logging
from collections.abc import Iterator
from datetime import datetime
from graphlib import TopologicalSorter
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, Model, Q

from alliance_tracker.audit.models import Permit
from alliance_tracker.audit.permits import permitted
from clients.models import Client
from ratings.models import Tombstone

Rows = dict[type[Model], list[UUID]]
Key = ForeignKey[Any, Any]
log = logging.getLogger(__name__)


def constrained_keys(model: type[Model]) -> list[Key]:
    """Return a model's foreign keys that have a constraint. One without only says where a row came from."""
    fields = model._meta.concrete_fields  # noqa: SLF001
    return [field for field in fields if isinstance(field, ForeignKey) and field.db_constraint]  # type: ignore[attr-defined]


def models_of_a_client() -> dict[type[Model], list[Key]]:
    """Return the models whose rows belong to a client, each with the keys that lead there.

    A model comes after those that it refers to.
    """
    found: dict[type[Model], list[Key]] = {Client: []}
    grows = True
    while grows:
        before = found.copy()
        for model in apps.get_models(include_auto_created=True):
            keys = constrained_keys(model)
            if leading := [key for key in keys if key.related_model in found and key.related_model is not model]:
                found[model] = leading
        grows = before != found
    referred = {model: {key.related_model for key in keys} for model, keys in found.items()}
    return {model: found[model] for model in TopologicalSorter(referred).static_order()}


def rows_of(client_id: UUID) -> Rows:
    """Return the ids of every row that belongs to this client, model by model."""
    rows: Rows = {Client: [client_id]}
    for model, keys in models_of_a_client().items():
        hangs = Q()
        for key in keys:
            hangs |= Q(**{f"{key.attname}__in": rows[key.related_model]})
        if keys:
            rows[model] = list(model._base_manager.filter(hangs).values_list("pk", flat=True))  # noqa: SLF001
    return rows


def erase_rows(client_id: UUID) -> int:
    """Delete every row of a client for good; how many. The caller has locked the client's therapies.

    A row is deleted before those that it refers to.
    """
    rows = rows_of(client_id)
    with permitted(Permit.Verb.ERASE, {pk for pk in chain.from_iterable(rows.values()) if isinstance(pk, UUID)}):
        for model, ids in reversed(rows.items()):
            found = model._base_manager.filter(pk__in=ids)  # noqa: SLF001
            found._raw_delete(found.db)  # noqa: SLF001 - the order is ours, and append-only rows have their permit
    return sum(map(len, rows.values()))


def as_line(tombstone: Tombstone) -> dict[str, str]:
    return {
        "client": str(tombstone.client_id),
        "erased_at": tombstone.erased_at.isoformat(),
        "basis": tombstone.basis,
        "approved_by": str(tombstone.approved_by_id),
    }


def from_line(line: dict[str, Any]) -> Tombstone:
    """Return the tombstone of a line, not saved. Raises KeyError or ValueError where it is none."""
    return Tombstone(
        client_id=UUID(line["client"]),
        erased_at=datetime.fromisoformat(line["erased_at"]),
        basis=Tombstone.Basis(line["basis"]),
        approved_by_id=UUID(line["approved_by"]),
    )


def listed_in(path: Path) -> Iterator[Tombstone]:
    """Yield the tombstones of a file. Raises ValueError, naming the line, where one cannot be read."""
    for number, text in enumerate(path.read_text().splitlines(), start=1):
        try:
            yield from_line(json.loads(text))
        except (ValueError, KeyError, TypeError) as wrong:
            raise ValueError(f"Line {number} of {path} is not an erasure.") from wrong


def list_erasures() -> int:
    """Add the tombstones that the file beside the database lacks; how many. Nothing is ever taken out of the file."""
    path = settings.ERASURES_FILE
    known = {each.client_id for each in listed_in(path)} if path.exists() else set()
    missing = Tombstone.objects.exclude(client_id__in=known).order_by("erased_at", "pk")
    lines = [json.dumps(as_line(each)) + "\n" for each in missing]
    if lines:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("a") as file:
            file.writelines(lines)
    return len(lines)


def try_to_list_erasures() -> None:
    """Write the file right after an erasure. Where that fails the erasure stands, and the nightly run tries again."""
    try:
        list_erasures()
    except (OSError, ValueError):
        log.exception("The list of erasures could not be written. Nightly tries again.")
