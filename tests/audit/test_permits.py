"""A permit to touch an append-only row never outlives its transaction: tests that commit for real, on both engines."""

import pytest
from django.db import IntegrityError, transaction
from uuid_utils.compat import uuid7

from alliance_tracker.audit.models import Permit
from alliance_tracker.audit.permits import permitted


def test_no_commit_takes_a_permit(database):
    with pytest.raises(IntegrityError), transaction.atomic():
        Permit.objects.create(row_id=uuid7(), verb=Permit.Verb.ERASE)
    assert not Permit.objects.exists()


def test_outside_a_transaction_there_is_no_permit(database):
    with pytest.raises(IntegrityError), permitted(Permit.Verb.ERASE, [uuid7()]):
        pytest.fail("a permit was given")
