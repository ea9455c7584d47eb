"""How people, pairs and invitations are kept apart. What each named constraint refuses is in test_constraints."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from alliance_tracker.accounts.models import Invitation, Supervision
from tests.factories import SupervisionFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_e_mail_is_unique(ada):
    with pytest.raises(IntegrityError):
        UserFactory(email="ada@example.org")


def test_a_pair_that_has_ended_may_begin_again(ada, sue):
    Supervision.objects.update(ends_at=timezone.now())
    SupervisionFactory(supervisor=sue, clinician=ada)
    assert Supervision.objects.current().count() == 1


def test_who_withdrew_an_invitation_may_send_another():
    given = {"email": "dana@example.org", "expires_at": timezone.now()}
    first = Invitation.objects.create(token_hash="a" * 64, **given)
    first.withdrawn_at = timezone.now()
    first.save()
    assert Invitation.objects.create(token_hash="b" * 64, **given) in Invitation.objects.pending()


def test_invitations_without_an_e_mail_do_not_clash():
    for letter in "ab":
        Invitation.objects.create(email="", token_hash=letter * 64, expires_at=timezone.now())
    assert Invitation.objects.pending().count() == 2


def test_a_pair_begins_with_its_start_and_stops_before_its_end(ada, sue):
    pair = Supervision.objects.get()
    pair.ends_at = pair.starts_at + timedelta(days=10)
    pair.save()
    day = timedelta(days=1)
    assert Supervision.objects.current(pair.starts_at).exists()
    assert not Supervision.objects.current(pair.ends_at).exists()
    assert not Supervision.objects.overlapping(pair.ends_at, None).exists()
    assert not Supervision.objects.overlapping(pair.starts_at - day, pair.starts_at).exists()
    assert Supervision.objects.overlapping(pair.ends_at - day, pair.ends_at).exists()
