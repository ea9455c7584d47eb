"""Encrypted columns are written anew with the newest key. The fields of every model are searched for them.

The secrets of second factors, which django-allauth keeps within JSON, are named here. A form that is parked in a
session is not rewritten: it is gone after 15 minutes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast

from alliance_tracker.audit.models import Permit
from alliance_tracker.audit.permits import permitted
from alliance_tracker.encryption import EncryptedTextField, encrypted_fields, fernet

BATCH = 500
FACTOR_SECRETS = ("secret", "seed")  # of a code app, of recovery codes; a passkey has none


@dataclass
class Count:
    """How many texts of one table are written with the newest key, with an older one, and with none that we have."""

    table: str
    newest: int = 0
    older: int = 0
    unreadable: int = 0
    rewritten: int = 0


def opens(token: str, keys: list[str]) -> bool:
    try:
        fernet(tuple(keys)).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def rotate(*, write: bool) -> Iterator[Count]:
    """Yield the count of each table that has encrypted columns. With `write`, older texts are encrypted anew."""
    for model in apps.get_models():
        if fields := encrypted_fields(model):
            count = Count(model._meta.db_table)  # noqa: SLF001
            for batch in batches(model, fields):
                rotate_batch(model, fields, batch, count, write=write)
            yield count
    yield rotate_factors(write=write)


def rotate_factors(*, write: bool) -> Count:
    count = Count(Authenticator._meta.db_table)  # noqa: SLF001
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        rotate_factor(pk, count, write=write)
    return count


@transaction.atomic
def rotate_factor(pk: int, count: Count, *, write: bool) -> None:
    """Go through one second factor, held meanwhile: a recovery code that is used now must stay used."""
    factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
    secrets = {name: factor.data[name] for name in FACTOR_SECRETS if name in factor.data} if factor else {}
    old = [name for name, token in secrets.items() if is_older(token, count)]
    if factor and write and old:
        for name in old:
            factor.data[name] = anew(secrets[name])
        factor.save(update_fields=["data"])
        count.rewritten, count.older = count.rewritten + len(old), count.older - len(old)


def is_older(token: str, count: Count) -> bool:
    """Count a text; whether it is to be written anew."""
    if opens(token, settings.FIELD_KEYS[:1]):
        count.newest += 1
    elif opens(token, settings.FIELD_KEYS):
        count.older += 1
        return True
    else:
        count.unreadable += 1
    return False


def anew(token: str) -> str:
    return fernet(tuple(settings.FIELD_KEYS)).rotate(token.encode()).decode()


def batches(model: type[models.Model], fields: list[EncryptedTextField]) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows with a text, some at a time, by id: a run that was stopped goes on where it is needed."""
    raw = {f"raw_{field.name}": Cast(F(field.name), TextField()) for field in fields}
    filled = Q()
    for name in raw:
        filled |= ~Q(**{name: ""})
    rows = model._base_manager.annotate(**raw).filter(filled).order_by("pk").values("pk", *raw)  # noqa: SLF001
    batch = list(rows[:BATCH])
    while batch:
        yield batch
        batch = list(rows.filter(pk__gt=batch[-1]["pk"])[:BATCH])


@transaction.atomic
def rotate_batch(
    model: type[models.Model],
    fields: list[EncryptedTextField],
    batch: list[dict[str, Any]],
    count: Count,
    *,
    write: bool,
) -> None:
    old = []
    for row in batch:
        for field in fields:
            token = row[f"raw_{field.name}"]
            if token and is_older(token, count):
                old.append((row["pk"], field.name, token))
    if not (write and old):
        return
    with permitted(Permit.Verb.REWRITE, {pk for pk, _, _ in old}):
        for pk, name, token in old:
            done = rewrite(model, pk, name, token)
            count.rewritten, count.older = count.rewritten + done, count.older - done


def rewrite(model: type[models.Model], pk: Any, name: str, token: str) -> int:
    """Encrypt one text anew, unless someone has changed it meanwhile; how many that were."""
    same = model._base_manager.annotate(raw=Cast(F(name), TextField())).filter(pk=pk, raw=token)  # noqa: SLF001
    return same.update(**{name: Value(anew(token), output_field=TextField())})
