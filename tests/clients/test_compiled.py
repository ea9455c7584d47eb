"""The rule of access as text that is compiled once: it says what Django would say, wherever it stands."""

from datetime import timedelta

import pytest
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils import timezone

from clients.compiled import ROLES, compiled
from clients.models import Assignment, Client, EmergencyAccess, Episode, TherapySession
from clients.models.access import held, opened, responsible, reviewed
from tests.factories import EmergencyAccessFactory

pytestmark = pytest.mark.django_db


def sql_of(rule, user, client="episode__client", *, by_row=False):
    return compiled(rule, client, tuple(getattr(user, role) for role in ROLES), connection.alias, by_row=by_row)


def test_two_people_of_the_same_roles_share_one_text(ada, ben):
    assert sql_of(held, ada) is sql_of(held, ben)
    assert str(ada.pk) not in str(sql_of(held, ada))


def test_a_role_that_can_find_nothing_has_no_text(adam, ada, sue):
    assert sql_of(held, sue) is None
    assert sql_of(reviewed, ada) is None
    assert sql_of(opened, adam, "client") is None
    with pytest.raises(EmptyResultSet):
        str(Client.objects.editable_by(sue).query)


def test_it_finds_what_the_rows_themselves_say(yesterday, ada, sue, ben):
    now = timezone.now()
    for user in (ada, sue, ben):
        expected = {assignment.episode.client_id for assignment in responsible(user, now)}
        assert {client.pk for client in Client.objects.responsible_for(user, now)} == expected
        assert {client.pk for client in Client.objects.visible_to(user, now)} == expected


def test_the_person_and_the_moment_are_those_of_each_question(yesterday, ada, ben):
    before = yesterday.episode.assignments.get().starts_at - timedelta(seconds=1)
    assert Client.objects.visible_to(ada).exists()
    assert not Client.objects.visible_to(ada, before).exists()
    assert not Client.objects.visible_to(ben).exists()


def test_rows_of_the_tables_that_the_rule_reads_are_told_apart_from_its_own(yesterday, ada, ben, stella):
    """A subquery that took the outer row's column for its own would let everyone in."""
    EmergencyAccessFactory(client=yesterday.episode.client, user=stella)
    for rows in (Episode.objects, EmergencyAccess.objects, TherapySession.objects):
        assert rows.visible_to(ada).exists()
        assert rows.visible_to(stella).exists()
        assert not rows.visible_to(ben).exists()
    inside = Assignment.objects.filter(episode__in=Episode.objects.visible_to(ada).values("pk"))
    assert inside.get().clinician == ada
    assert not Assignment.objects.filter(episode__in=Episode.objects.visible_to(ben).values("pk")).exists()
