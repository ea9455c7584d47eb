"""What is taken away from a person is gone with their next request."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.actions import hand_on
from tests.test_access import Visitor, code, text_of, texts_in
from tests.world import World

pytestmark = pytest.mark.django_db


def close_assignment(world: World) -> None:
    world.client.episodes.get().assignments.filter(ends_at=None).update(ends_at=timezone.now())


def end_pair(world: World) -> None:
    world.people["sue"].supervises.update(ends_at=timezone.now())


def hand_client_on(world: World) -> None:
    hand_on(world.client.episodes.get(), to=world.people["ben"], by=world.people["adam"])


def take_role(name: str, role: str) -> Callable[[World], None]:
    return lambda world: User.objects.filter(pk=world.people[name].pk).update(**{role: False})


def end_emergency_access(world: World) -> None:
    world.people["eve"].emergency_accesses.update(expires_at=timezone.now())


def deactivate(name: str) -> Callable[[World], None]:
    left = {"is_active": False, "deactivated_at": timezone.now()}
    return lambda world: User.objects.filter(pk=world.people[name].pk).update(**left)


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("ada", close_assignment, "404"),
        ("ada", hand_client_on, "404"),
        ("ada", take_role("ada", "is_clinician"), "404"),
        ("ada", deactivate("ada"), "in"),
        ("sue", end_pair, "404"),
        ("sue", close_assignment, "404"),
        ("sue", hand_client_on, "404"),
        ("sue", take_role("sue", "is_supervisor"), "404"),
        ("sue", deactivate("sue"), "in"),
        ("eve", end_emergency_access, "404"),
        ("eve", take_role("eve", "is_clinician"), "404"),
        ("eve", deactivate("eve"), "in"),
    ],
)
def test_what_is_taken_away_is_gone_with_the_next_request(world, name, change, expected):
    visitor = Visitor(world, name)
    assert code(visitor.ask("get", "client")) == "200"
    change(world)
    assert code(visitor.ask("get", "client")) == expected
    for page in ("ratings_csv", "client_report", "client_report_pdf"):
        assert code(visitor.ask("get", page)) == ("in" if expected == "in" else "404")
    for page in ("today", "client_list", "supervision"):
        assert not texts_in(text_of(visitor.ask("get", page)))
