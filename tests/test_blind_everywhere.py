"""Blind first: no page, file, command or stored list differs by what a client has answered, until it opens.

Two worlds are alike but for one answer, so low that it would move every level, signal, small picture and order there
is. Whatever a person on the staff may open is the same byte for byte in both, the words "has answered" left out.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.forms.models import model_to_dict

from clients.models import TherapySession
from ratings.models import OPENS_AFTER, Rater, Rating, Rupture, Signal, Standing
from ratings.standing.refresh import refresh_standing
from tests.access_table import PAGES, PEOPLE, QUERIES
from tests.conftest import MONDAY
from tests.databases import rows_for_many_tests
from tests.factories import ClientFactory, SessionFactory, history, rate
from tests.test_access import Visitor, text_of
from tests.world import World, build_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = timedelta(days=1)
NOTE = "Canary of the twin"
STAFF = [people[0] for kind, people in PEOPLE.items() if kind != "nobody"]
SEES = {"ada", "sue"}
OTHER_ON_EVERY_PAGE = (
    r'name="(?:csrfmiddlewaretoken|idempotency_key)" value="[^"]+"|"csrf": "\w+"|<span class="code">[0-9a-f]{16}</span>'
)
TAG = r'<span class="tag"><svg[^>]*><use[^>]*></use></svg>'
HAS_ANSWERED = [
    TAG + r"[Cc]lient has answered</span>",
    rf'<p class="mb-1">{TAG}[^<]* has answered for \d+ sessions?\.[^<]*</span></p>',
    r'<div class="card-at card-sm">\s*<header><h2 class="h3">Client\'s own rating</h2></header>.*?</div>\s*</div>',
    r'<p class="lede sm wide">\s*Asked \d+ times?, answered \d+, declined \d+\.',
    r'<td data-l="(?:Client asked|Answered when asked)">.*?</td>',
    r'<a class="btn btn-quiet" href="/sessions/[^/]+/(?:hand-over|ask)/">.*?</a>',
    r'<div><dt>Ratings</dt><dd class="tnum">\d+</dd></div>',
    r'<tr>(?:(?!</tr>).)*<td data-l="Who">No account</td>\s*<td data-l="What">Rating logged</td>.*?</tr>',
]
NEVER_THE_SAME_TWICE = {"add_code_app", "add_passkey"}  # each time they show another secret
Answers = dict[tuple[str, str], tuple]


@pytest.fixture(scope="module")
def built_world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """The world of the table of access, with a client who always rates 6, and another one who needs attention."""
    with time_machine.travel(MONDAY, tick=False), rows_for_many_tests(django_db_blocker):
        with django_db_blocker.unblock():
            built = with_twin(build_world())
        yield built


@pytest.fixture
def world(monday, world) -> World:
    return world


def with_twin(world: World) -> World:
    ada = world.people["ada"]
    for session in history(world.client, [6] * 6)[:-1]:
        rate(session, 6, rater=Rater.CLIENT)
    history(ClientFactory(code="M-5", clinician=ada), [6, 6, 6, 6, 4])
    twin = SessionFactory(client=world.client, starts_at=MONDAY - timedelta(hours=20))
    world.ids |= {page: {"pk": twin.pk} for page in ("rate", "observe", "edit_session", "void_session", "mark_rupture")}
    world.session = twin
    refresh_standing(twin.episode, MONDAY)  # the session waits for a rating in both worlds: one signal says so
    return world


def answer(score: int, **given: str) -> Callable[[TherapySession], Rating | None]:
    return lambda session: rate(session, score, rater=Rater.CLIENT, note=NOTE, **given)


def no_answer(session: TherapySession) -> None:
    refresh_standing(session.episode, session.episode.sessions.latest("starts_at").starts_at + DAY)


LOW, HIGH = answer(1, strain="clear", strain_discussed="no"), answer(7, strain="none")


@contextmanager
def one_of_twins(world: World, answered: Callable[[TherapySession], Rating | None]) -> Iterator[None]:
    """The world with this answer of its client, for as long as the block lasts."""
    with transaction.atomic():
        answered(world.session)
        yield
        transaction.set_rollback(True)


def told(page: str) -> str:
    text = re.sub(OTHER_ON_EVERY_PAGE, "", page)
    for words in HAS_ANSWERED:
        text = re.sub(words, "", text, flags=re.DOTALL)
    return re.sub(r"\s+(?=<)|(?<=>)\s+", "", text)


def walk(world: World, name: str) -> Answers:
    """Open every address of the site as this person, by every way of showing it."""
    visitor, seen = Visitor(world, name), {}
    for page in PAGES.keys() - NEVER_THE_SAME_TWICE:
        for query in ("", *QUERIES.get(page, [])):
            seen[page, query] = visitor.ask("get", page, query.format(session=world.session.pk, client=world.client.pk))
    for sought in ("Canary", "R-1", "-"):
        seen["find_client", sought] = visitor.ask("post", "find_client", q=sought)
    return {
        where: (response.status_code, sorted(response.headers), told(text_of(response)))
        for where, response in seen.items()
    }


def seen_by(world: World, name: str, answered: Callable[[TherapySession], Rating | None]) -> Answers:
    with one_of_twins(world, answered):
        return walk(world, name)


def differences(first: Answers, second: Answers) -> set[str]:
    assert first.keys() == second.keys()
    return {page for page, query in first if first[page, query] != second[page, query]}


@pytest.mark.parametrize("name", STAFF)
def test_nothing_that_anyone_may_open_differs(world, name):
    low = seen_by(world, name, LOW)
    assert NOTE not in str(low)
    for other in (no_answer, HIGH) if name in SEES else (no_answer,):
        assert differences(low, seen_by(world, name, other)) == set()


def after_opening(world: World, name: str, answered: Callable, opening: str) -> Answers:
    at = world.session.starts_at + OPENS_AFTER
    with one_of_twins(world, answered):
        if opening == "clinician rates":
            rate(world.session, 6)
            return walk(world, name)
        with time_machine.travel(at, tick=False):
            call_command("nightly")
            return walk(world, name)


@pytest.mark.parametrize("opening", ["clinician rates", "seven days"])
@pytest.mark.parametrize("name", sorted(SEES))
def test_once_it_opens_it_is_seen_everywhere(world, name, opening):
    low, high = (after_opening(world, name, answered, opening) for answered in (LOW, HIGH))
    lists = {"client_list", "find_client", "today"} if name == "ada" else {"client_list", "find_client", "supervision"}
    assert lists | {"client", "ratings_csv"} <= differences(low, high)
    assert NOTE in str(low)


@pytest.mark.parametrize("name", [name for name in STAFF if name not in SEES])
def test_after_opening_others_still_see_nothing_of_it(world, name):
    low, high = (after_opening(world, name, answered, "seven days") for answered in (LOW, HIGH))
    assert differences(low, high) == set()


def derived() -> list[str]:
    """Every derived row, without its ids and the moment at which the standing is to be looked at again."""
    models = (Standing, Signal, Rupture)
    rows = [str(model_to_dict(row, exclude=["absorbs_at"])) for model in models for row in model.objects.all()]
    return sorted(re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", row) for row in rows)


def run(world: World, answered: Callable, command: str, capsys, at: datetime) -> tuple:
    with one_of_twins(world, answered), time_machine.travel(at, tick=False):
        capsys.readouterr()
        call_command(command)
        return re.sub(r"Seal .+\n", "", capsys.readouterr().out), derived()


@pytest.mark.parametrize("command", ["nightly", "rebuild_standing", "replay_rules"])
def test_no_command_says_or_stores_anything_of_it_before_it_opens(world, capsys, command):
    opens = world.session.starts_at + OPENS_AFTER
    for at in (world.session.starts_at + DAY, opens - timedelta(seconds=1)):
        assert run(world, LOW, command, capsys, at) == run(world, no_answer, command, capsys, at)
    said, stored = run(world, LOW, command, capsys, opens)
    said_without, stored_without = run(world, no_answer, command, capsys, opens)
    if command == "replay_rules":
        assert said != said_without
    else:
        assert stored != stored_without


def test_the_words_that_were_left_out_are_there(world):
    with one_of_twins(world, LOW):
        visitor = Visitor(world, "ada")
        pages = {page: visitor.ask("get", page).content.decode() for page in ("today", "client", "rate")}
    assert all("has answered" in page for page in pages.values())
    assert not any("has answered" in told(page) for page in pages.values())
