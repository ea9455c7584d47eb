"""Who sees a client and all that belongs to it, at the moment of the query."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alliance_tracker.accounts.models import Supervision
from clients.models import Assignment, Client, Episode, TherapySession
from ratings.models import Rating, Standing
from tests.factories import ClientFactory, EmergencyAccessFactory, SupervisionFactory, UserFactory, rate

pytestmark = pytest.mark.django_db
MODELS = [Client, Episode, TherapySession, Rating, Standing]
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def record(yesterday, sue):
    """Robin's record: one row of each model."""
    rate(yesterday)
    ClientFactory(code="OTHER")
    return yesterday.episode


def seen(user, **at):
    """Say what a person may do with each model's row of Robin: see it, edit it, supervise it; only see it in lists."""
    kinds = ("visible_to", "editable_by", "supervised_by")
    for model in MODELS:
        rest = model.objects.editable_by(user, **at) | model.objects.supervised_by(user, **at)
        assert set(model.objects.responsible_for(user, **at)) == set(rest)
    answers = {tuple(getattr(model.objects, kind)(user, **at).exists() for kind in kinds) for model in MODELS}
    assert len(answers) == 1, "every model must answer alike"
    return "".join(letter for letter, yes in zip("ves", answers.pop(), strict=True) if yes)


def assignment():
    return Assignment.objects.filter(episode__client__code="R-1")


def test_the_clinician_whose_assignment_is_open_sees_and_edits(record, ada):
    assert seen(ada) == "ve"


def test_their_supervisor_sees_and_edits_nothing(record, sue):
    assert seen(sue) == "vs"


@pytest.mark.parametrize("who", ["ben", "stella", "adam"])
def test_nobody_else_sees_anything(record, who, request):
    assert seen(request.getfixturevalue(who)) == ""


def test_seeing_is_for_one_client_at_a_time(record, ada, sue):
    assert [client.code for client in Client.objects.visible_to(ada)] == ["R-1"]
    assert [client.code for client in Client.objects.visible_to(sue)] == ["R-1"]


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [(-HOUR, 0 * HOUR, ""), (HOUR, None, ""), (0 * HOUR, None, "ve"), (-HOUR, HOUR, "ve")],
)
def test_an_assignment_counts_from_its_start_until_just_before_its_end(record, ada, starts, ends, expected):
    now = timezone.now()
    assignment().update(starts_at=now + starts, ends_at=None if ends is None else now + ends)
    assert seen(ada, at=now) == expected


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [(-HOUR, 0 * HOUR, ""), (HOUR, None, ""), (0 * HOUR, None, "vs"), (-HOUR, HOUR, "vs")],
)
def test_a_supervision_counts_from_its_start_until_just_before_its_end(record, sue, starts, ends, expected):
    now = timezone.now()
    Supervision.objects.update(starts_at=now + starts, ends_at=None if ends is None else now + ends)
    assert seen(sue, at=now) == expected


@pytest.mark.parametrize(("who", "then"), [("ada", "ve"), ("sue", "vs")])
def test_the_moment_asked_about_counts_and_not_the_present(record, who, then, request):
    person, now = request.getfixturevalue(who), timezone.now()
    for rows in (assignment(), Supervision.objects):
        rows.update(starts_at=now - 2 * HOUR, ends_at=now - HOUR)
    assert (seen(person), seen(person, at=now - HOUR - SECOND), seen(person, at=now - 3 * HOUR)) == ("", then, "")


def test_an_assignment_is_open_at_the_moment_asked_about_or_else_now(record):
    now = timezone.now()
    assert assignment().open().exists()
    assignment().update(starts_at=now - 2 * HOUR, ends_at=now - HOUR)
    assert not assignment().open().exists()
    assert assignment().open(now - HOUR - SECOND).exists()


@pytest.mark.parametrize(("who", "role"), [("ada", "is_clinician"), ("sue", "is_supervisor")])
def test_the_role_is_needed_as_well_as_the_row(record, who, role, request):
    person = request.getfixturevalue(who)
    setattr(person, role, False)
    person.is_admin = True
    assert seen(person) == ""


@pytest.mark.parametrize(
    ("later", "expected"),
    [(-SECOND, ""), (0 * HOUR, "v"), (4 * HOUR - SECOND, "v"), (4 * HOUR, ""), (4 * HOUR + SECOND, "")],
)
@pytest.mark.parametrize("role", ["is_clinician", "is_supervisor"])
def test_emergency_access_shows_one_client_for_four_hours_and_edits_nothing(record, role, later, expected):
    person = UserFactory(**{"is_clinician": False, role: True})
    access = EmergencyAccessFactory(client=record.client, user=person)
    assert seen(person, at=access.opened_at + later) == expected
    assert Client.objects.exclude(pk=record.client_id).visible_to(person).count() == 0


@pytest.mark.parametrize("change", [{"is_clinician": False, "is_admin": True}, {"is_active": False}])
def test_emergency_access_ends_with_the_role_and_with_the_account(record, ben, change):
    EmergencyAccessFactory(client=record.client, user=ben)
    assert seen(ben) == "v"
    for name, value in change.items():
        setattr(ben, name, value)
    assert seen(ben) == ""


@pytest.mark.parametrize("who", ["ada", "sue"])
def test_a_deactivated_person_sees_nothing(record, who, request):
    person = request.getfixturevalue(who)
    person.is_active = False
    assert seen(person) == ""


def test_a_client_handed_on_moves_with_the_open_assignment(record, ada, ben, sue):
    assignment().update(ends_at=timezone.now())
    Assignment.objects.create(episode=record, clinician=ben)
    assert (seen(ada), seen(ben), seen(sue)) == ("", "ve", "")
    SupervisionFactory(supervisor=sue, clinician=ben)
    assert seen(sue) == "vs"


def test_a_closed_record_stays_readable_by_its_last_clinician_and_their_supervisor(record, ada, sue, stella):
    Episode.objects.filter(pk=record.pk).update(ended_on=timezone.localdate(), ending="planned")
    assert (seen(ada), seen(sue), seen(stella)) == ("ve", "vs", "")


def test_a_clinician_with_two_supervisors_shows_each_row_once(record, ada):
    both = UserFactory(is_supervisor=True)
    SupervisionFactory(supervisor=both, clinician=ada)
    SupervisionFactory(supervisor=both, clinician=ada, ends_at=timezone.now() + HOUR)
    assert TherapySession.objects.visible_to(both).count() == 1


def test_a_supervisor_who_sees_clients_too_edits_their_own_only(record, ada, ben):
    ben.is_supervisor = True
    ben.save()
    SupervisionFactory(supervisor=ben, clinician=ada)
    own = ClientFactory(clinician=ben)
    assert set(Client.objects.visible_to(ben)) == {own, record.client}
    assert set(Client.objects.editable_by(ben)) == {own}
    assert set(Client.objects.supervised_by(ben)) == {record.client}
