"""The cast, and how tests reach the database.

Ada and Ben are clinicians; Sue supervises Ada; Adam administers; Stella is a stranger, a clinician whom nobody knows.
"""

import gc
import os
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import override_settings

from alliance_tracker.accounts.models import ServiceSettings, User
from alliance_tracker.audit.models import AuditEvent
from clients.models import Client, TherapySession
from tests.databases import (
    fresh_database,
    make_test_database,
    remove_test_database,
    rows_for_many_tests,
    save_copy,
)
from tests.factories import ClientFactory, SessionFactory, SupervisionFactory, UserFactory
from tests.world import World, build_world

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


def pytest_addoption(parser) -> None:
    parser.addoption("--pages", default="", help="only these pages of the table of access, with commas between them")
    parser.addoption("--database-only", action="store_true", help="only tests whose answer may depend on the engine")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Start what takes longest first, so that no process works alone at the end.

    On the second engine leave out what cannot depend on it: pytest-django keeps a test that does not ask for the
    database from reaching it, and a test marked `one_engine` says why it does not depend on it.
    """
    if config.getoption("--database-only"):
        config.hook.pytest_deselected(items=[item for item in items if not depends_on_engine(item)])
        items[:] = [item for item in items if depends_on_engine(item)]
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def depends_on_engine(item: pytest.Item) -> bool:
    asked_for = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("one_engine"):
        return False
    return bool(item.get_closest_marker("django_db") or asked_for & {"db", "transactional_db", "database", "migrated"})


def pytest_collection_finish() -> None:
    """What is loaded by now stays: do not look through it for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory) -> Path | None:
    """A folder that the processes of this run share, None if there is one process only."""
    return tmp_path_factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else None


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_blocker, django_db_modify_db_settings, run_folder
) -> Iterator[None]:
    """Make the test database for every run: the browser tests take no `db`, and must never meet a real one."""
    with django_db_blocker.unblock():
        made = make_test_database(run_folder)
    yield
    with django_db_blocker.unblock():
        send_others_away()
        remove_test_database(made, run_folder)


def send_others_away() -> None:
    """Close what a stopped server's threads still hold: PostgreSQL drops no database that is in use."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session", autouse=True)
def plain_settings(django_test_environment, tmp_path_factory) -> Iterator[None]:
    """Settings for every test: quick passwords, no limits, no second step. A test that needs others sets them."""
    with override_settings(
        ERASURES_FILE=tmp_path_factory.getbasetemp() / "erasures.jsonl",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ACCOUNT_RATE_LIMITS=False,
        MFA_RATE_LIMITS=False,
        REQUIRE_SECOND_FACTOR=False,
        WHITENOISE_AUTOREFRESH=True,
    ):
        yield


@pytest.fixture
def clock_is_set(request) -> None:
    """The clock of a test that sets it is set before anybody is there, so that no test grows too old to pass."""
    for name in {"monday", "friday"} & set(request.fixturenames):
        request.getfixturevalue(name)


@pytest.fixture
def ada(clock_is_set) -> User:
    """A clinician, supervised by Sue."""
    return UserFactory(name="Ada Osei", email="ada@example.org")


@pytest.fixture
def ben(clock_is_set) -> User:
    """A clinician whom nobody supervises."""
    return UserFactory(name="Ben Lind", email="ben@example.org")


@pytest.fixture
def sue(ada) -> User:
    """A supervisor, of Ada only, without clients of her own."""
    sue = UserFactory(name="Sue Brandt", email="sue@example.org", is_clinician=False, is_supervisor=True)
    SupervisionFactory(supervisor=sue, clinician=ada)
    return sue


@pytest.fixture
def adam(clock_is_set) -> User:
    """An admin, and nothing else."""
    return UserFactory(name="Adam Novak", email="adam@example.org", is_clinician=False, is_admin=True)


@pytest.fixture
def stella(clock_is_set) -> User:
    """A clinician with no tie to anyone."""
    return UserFactory(name="Stella Fox", email="stella@example.org")


@pytest.fixture
def robin(ada) -> Client:
    """Ada's client."""
    return ClientFactory(code="R-1", name="Robin A.", clinician=ada)


@pytest.fixture
def yesterday(robin) -> TherapySession:
    """Robin's session of yesterday, not rated."""
    return SessionFactory(client=robin)


@pytest.fixture
def mailing(settings, robin) -> None:
    """A service with a mail server, and Robin's e-mail address."""
    settings.EMAIL_HOST = "mail.example.org"
    robin.email = "robin@example.org"
    robin.save()


@pytest.fixture
def service(db, clock_is_set) -> ServiceSettings:
    """The settings of the service, which the first request makes."""
    return ServiceSettings.objects.get_or_create()[0]


@pytest.fixture
def monday() -> Iterator[datetime]:
    """Ten o'clock on Monday 23 November 2026, in London as in UTC. The clock stands still."""
    with time_machine.travel(MONDAY, tick=False):
        yield MONDAY


@pytest.fixture
def trail(db) -> Callable[[], list[str]]:
    """What the audit trail names, oldest first: `trail()[-1] == "rating.logged"`."""
    return lambda: list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


@pytest.fixture(scope="module")
def built_world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """The world of the table of access, built once for the tests of a module: each undoes what it writes."""
    with rows_for_many_tests(django_db_blocker):
        with django_db_blocker.unblock():
            built = build_world()
        yield built


@pytest.fixture
def world(db, built_world) -> World:
    """The world of the table of access, as it was built."""
    return deepcopy(built_world)


@pytest.fixture
def as_user(client):
    """Sign a person in: `as_user(ada).get("/")`."""

    def sign_in(user: User) -> Browser:
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture(scope="session")
def migrated(django_db_setup, django_db_blocker, tmp_path_factory) -> Path | None:
    """The file of a migrated SQLite database, None on PostgreSQL."""
    if connection.vendor != "sqlite":
        return None
    path = tmp_path_factory.mktemp("database") / "migrated.sqlite3"
    with django_db_blocker.unblock():
        save_copy(path)
    return path


@pytest.fixture
def database(migrated, django_db_blocker) -> Iterator[None]:
    """An empty database for a test with several threads, which see what the others have committed."""
    with django_db_blocker.unblock(), fresh_database(migrated):
        yield
