"""The audit trail and the versions of a rating refuse to be changed or deleted, on both engines."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from alliance_tracker.audit.models import AuditEvent, AuditSeal
from ratings.models import RatingVersion
from tests.factories import rate

pytestmark = pytest.mark.django_db
TABLES = {AuditEvent: "reason", AuditSeal: "digest", RatingVersion: "reason"}


@pytest.fixture(autouse=True)
def a_row_of_each(yesterday):
    rate(yesterday)
    AuditSeal.objects.create(number=1, until=timezone.now(), events=1, digest="0")


def refused(model):
    return pytest.raises(DatabaseError, match=f"{model._meta.db_table} is append-only")


@pytest.mark.parametrize("model", TABLES)
def test_no_row_is_changed(model):
    with refused(model), transaction.atomic():
        model.objects.update(**{TABLES[model]: "Another"})


@pytest.mark.parametrize("model", TABLES)
def test_no_row_is_saved_again(model):
    row = model.objects.get()
    with refused(model), transaction.atomic():
        row.save()


@pytest.mark.parametrize("model", TABLES)
def test_no_row_is_deleted(model):
    with refused(model), transaction.atomic():
        model.objects.all().delete()


@pytest.mark.parametrize("model", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = 'x'", "DELETE FROM {}"])
def test_not_even_by_plain_sql(model, statement):
    with refused(model), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(model._meta.db_table, TABLES[model]))


@pytest.mark.parametrize("model", TABLES)
def test_rows_are_added(model):
    row = model.objects.get()
    row.pk, row._state.adding = 2 if model is AuditSeal else None, True
    if model is RatingVersion:
        row.version = 2
    row.save()
    assert model.objects.count() == 2
