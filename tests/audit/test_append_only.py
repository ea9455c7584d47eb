"""What is append-only refuses to be changed or deleted, on both engines, but for the rows that a permit names."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from alliance_tracker.audit.models import AuditEvent, AuditSeal, Permit
from alliance_tracker.audit.permits import permitted
from alliance_tracker.encryption import encrypted_fields
from ratings.models import RatingVersion, Rectification, Tombstone
from tests.factories import SessionFactory, rate

pytestmark = pytest.mark.django_db
TABLES = {
    AuditEvent: "reason",
    AuditSeal: "digest",
    RatingVersion: "reason",
    Rectification: "text",
    Tombstone: "basis",
}
WITH_DOORS = [RatingVersion, Rectification]


@pytest.fixture(autouse=True)
def a_row_of_each(yesterday, ada):
    rate(yesterday, note="A long pause.")
    AuditSeal.objects.create(number=1, until=timezone.now(), events=1, digest="0")
    Rectification.objects.create(client=yesterday.episode.client, text="It was a Tuesday.", added_by=ada)
    Tombstone.objects.create(client_id=uuid7(), basis=Tombstone.Basis.REQUEST, approved_by_id=ada.pk)


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
    if model is Tombstone:
        row.client_id = uuid7()
    row.save()
    assert model.objects.count() == 2


@pytest.mark.parametrize("model", WITH_DOORS)
def test_a_permit_lets_its_row_be_erased_and_no_other(model, robin, ada):
    named = model.objects.get()
    rate(SessionFactory(client=robin))
    other = model.objects.exclude(pk=named.pk).first() or Rectification.objects.create(
        client=robin, text="Another.", added_by=ada
    )
    with permitted(Permit.Verb.ERASE, [named.pk]):
        with refused(model), transaction.atomic():
            model.objects.filter(pk=other.pk).delete()
        with refused(model), transaction.atomic():
            named.save()
        model.objects.filter(pk=named.pk).delete()
    assert list(model.objects.all()) == [other]


@pytest.mark.parametrize("model", [AuditEvent, Tombstone])
@pytest.mark.parametrize("verb", Permit.Verb)
def test_no_permit_opens_the_audit_trail_or_the_tombstones(model, verb):
    row = model.objects.get()
    with permitted(verb, [row.pk]):
        with refused(model), transaction.atomic():
            row.delete()
        with refused(model), transaction.atomic():
            row.save()


@pytest.mark.parametrize("model", WITH_DOORS)
def test_with_a_permit_to_encrypt_anew_nothing_else_of_the_row_can_change(model):
    row = model.objects.get()
    encrypted = {field.name for field in encrypted_fields(model)}
    others = [field for field in model._meta.concrete_fields if field.name not in encrypted]
    with permitted(Permit.Verb.REWRITE, [row.pk]):
        row.save(update_fields=[name for name in encrypted if getattr(row, name)])
        for field in others:
            other = uuid7() if field.get_internal_type() in {"UUIDField", "ForeignKey"} else another(row, field)
            with refused(model), transaction.atomic():
                model.objects.filter(pk=row.pk).update(**{field.attname: other})
        with refused(model), transaction.atomic():
            model.objects.filter(pk=row.pk).delete()


def another(row, field):
    value = getattr(row, field.name)
    if isinstance(value, int):
        return value - 1
    return "none" if isinstance(value, str) else value.replace(year=2001)


@pytest.mark.parametrize("model", WITH_DOORS)
def test_with_a_permit_to_encrypt_anew_no_text_is_emptied_or_filled(model):
    row = model.objects.get()
    with permitted(Permit.Verb.REWRITE, [row.pk]):
        for field in encrypted_fields(model):
            with refused(model), transaction.atomic():
                model.objects.filter(pk=row.pk).update(**{field.name: "" if getattr(row, field.name) else "Filled"})


def test_a_permit_is_gone_when_its_block_ends():
    row = RatingVersion.objects.get()
    with permitted(Permit.Verb.ERASE, [row.pk]):
        pass
    assert not Permit.objects.exists()
    with refused(RatingVersion), transaction.atomic():
        row.delete()
