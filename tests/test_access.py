"""Who may open and send what: every page, every kind of person, GET and POST, in one table.

A page without a row fails. `in` leads to the sign-in. Nobody is told more than the table says: a record that one may
not see looks exactly like one that does not exist, and none of its texts is anywhere in an answer.
"""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.models import AuditEvent
from clients.actions import hand_on
from tests.test_architecture import patterns
from tests.test_assets import foreign
from tests.world import TEXTS, World, build_world

pytestmark = pytest.mark.django_db

PEOPLE = {
    "nobody": ["anonymous", "deactivated"],
    "own": ["ada"],
    "reviewer": ["sue"],
    "other": ["ben", "stella", "former", "future"],
    "ex-rev.": ["ex-supervisor"],
    "admin": ["adam"],
    "no-role": ["without role"],
}
TABLE = """
page                                  nobody   own      reviewer other    ex-rev.  admin    no-role

# The door
account_login                         200/422  302/302  302/302  302/302  302/302  302/302  302/302
account_logout                        in/in    200/in   200/in   200/in   200/in   200/in   200/in
account_signup                        200/405  200/405  200/405  200/405  200/405  200/405  200/405
account_reset_password                200/200  200/200  200/200  200/200  200/200  200/200  200/200
account_reset_password_done           200/405  200/405  200/405  200/405  200/405  200/405  200/405
account_reset_password_from_key       200/422  200/422  200/422  200/422  200/422  200/422  200/422
account_reset_password_from_key_done  200/405  200/405  200/405  200/405  200/405  200/405  200/405
accept_invitation                     200/422  200/422  200/422  200/422  200/422  200/422  200/422

# Of clients, who have no account
answer_link                           200/422  200/422  200/422  200/422  200/422  200/422  200/422
answer                                404/404  404/404  404/404  404/404  404/404  404/404  404/404
enter_code                            200/422  200/422  200/422  200/422  200/422  200/422  200/422
thank_you                             200/405  200/405  200/405  200/405  200/405  200/405  200/405

# Of everyone
account_change_password               in/in    200/422  200/422  200/422  200/422  200/422  200/422
my_account                            in/in    200/422  200/422  200/422  200/422  200/422  200/422
csrf_token                            in/in    200/405  200/405  200/405  200/405  200/405  200/405

# Of admins
people                                in/in    403/403  403/403  403/403  403/403  200/405  403/403
invite_person                         in/in    403/403  403/403  403/403  403/403  200/422  403/403
new_link                              in/in    403/403  403/403  403/403  403/403  302/405  403/403
resend_invitation                     in/in    403/403  403/403  403/403  403/403  405/302  403/403
withdraw_invitation                   in/in    403/403  403/403  403/403  403/403  405/302  403/403
edit_person                           in/in    403/403  403/403  403/403  403/403  200/422  403/403
add_supervisor                        in/in    403/403  403/403  403/403  403/403  405/422  403/403
end_supervision                       in/in    403/403  403/403  403/403  403/403  405/302  403/403
make_reset_link                       in/in    403/403  403/403  403/403  403/403  405/302  403/403
restore_person                        in/in    403/403  403/403  403/403  403/403  405/302  403/403
deactivate_person                     in/in    403/403  403/403  403/403  403/403  200/422  403/403
hand_on_caseload                      in/in    403/403  403/403  403/403  403/403  200/422  403/403
client_codes                          in/in    403/403  403/403  403/403  403/403  200/405  403/403
new_client_code                       in/in    403/403  403/403  403/403  403/403  200/422  403/403
hand_on_client                        in/in    403/403  403/403  403/403  403/403  200/422  403/403
service_settings                      in/in    403/403  403/403  403/403  403/403  200/422  403/403
retention                             in/in    403/403  403/403  403/403  403/403  200/405  403/403
what_is_stored                        in/in    403/403  403/403  403/403  403/403  200/405  403/403
hold_record                           in/in    403/403  403/403  403/403  403/403  200/422  403/403
lift_hold                             in/in    403/403  403/403  403/403  403/403  405/302  403/403
erase_client                          in/in    403/403  403/403  403/403  403/403  200/422  403/403

# Of clinicians and supervisors
today                                 in/in    200/405  302/405  200/405  302/405  302/405  302/405
client_list                           in/in    200/405  200/405  200/405  200/405  403/403  403/403
find_client                           in/in    405/200  405/200  405/200  405/200  403/403  403/403
supervision                           in/in    403/403  200/405  403/403  200/405  403/403  403/403
choose_client                         in/in    200/405  403/403  200/405  403/403  403/403  403/403
new_client                            in/in    200/422  403/403  200/422  403/403  403/403  403/403

# Of one client
client                                in/in    200/405  200/405  404/405  404/405  404/405  404/405
ratings_csv                           in/in    200/405  200/405  404/405  404/405  404/405  404/405
copy_for_client                       in/in    200/200  404/404  404/404  404/404  404/404  404/404
add_rectification                     in/in    200/422  404/404  404/404  404/404  404/404  404/404
edit_client                           in/in    200/422  404/404  404/404  404/404  404/404  404/404
edit_pattern                          in/in    200/422  404/404  404/404  404/404  404/404  404/404
new_episode                           in/in    200/422  404/404  404/404  404/404  404/404  404/404
new_session                           in/in    200/422  404/404  404/404  404/404  404/404  404/404
end_episode                           in/in    200/422  404/404  404/404  404/404  404/404  404/404
reopen_episode                        in/in    405/409  405/404  405/404  405/404  405/404  405/404
hand_over                             in/in    200/422  404/404  404/404  404/404  404/404  404/404
rate                                  in/in    200/422  404/404  404/404  404/404  404/404  404/404
observe                               in/in    404/404  200/422  404/404  404/404  404/404  404/404
keep_typed                            in/in    405/200  405/404  405/404  405/404  405/404  405/404
mark_session                          in/in    405/400  405/404  405/404  405/404  405/404  405/404
edit_session                          in/in    200/422  404/404  404/404  404/404  404/404  404/404
void_session                          in/in    200/422  404/404  404/404  404/404  404/404  404/404
mark_rupture                          in/in    200/422  404/404  404/404  404/404  404/404  404/404
change_rupture                        in/in    200/422  404/404  404/404  404/404  404/404  404/404
see_signal                            in/in    405/302  405/404  405/404  405/404  405/404  405/404
reject_signal                         in/in    405/302  405/404  405/404  405/404  405/404  405/404
pause_signals                         in/in    200/422  404/404  404/404  404/404  404/404  404/404
resume_signals                        in/in    405/409  405/404  405/404  405/404  405/404  405/404
"""
MAY_READ = {
    "ada": {"name", "email", "note", "draft", "observed", "disagrees", "reason"},
    "sue": {"name", "note", "observed", "disagrees"},
    "adam": {"hold"},
}
QUERIES = {
    "today": ["?sort=change", "?saved={session}"],
    "client_list": ["?show=closed", "?sort=usual", "?page=2"],
    "client": ["?saved={session}", "?by=date&split=1&sessions=all"],
    "supervision": ["?rater=client", "?unrated=1"],
    "client_codes": ["?status=all", "?q=Canary"],
    "people": ["?q=Canary", "?status=all"],
    "retention": ["?show=held", "?show=all", "?q=Canary"],
}


def read_table() -> dict[str, dict[str, str]]:
    head, *lines = [line for line in TABLE.splitlines() if line and not line.startswith("#")]
    kinds = head.split()[1:]
    return {name: dict(zip(kinds, cells, strict=True)) for name, *cells in map(str.split, lines)}


PAGES = read_table()
OF_ONE_CLIENT = [name for name, cells in PAGES.items() if "404" in cells["other"]]
KIND = {person: kind for kind, people in PEOPLE.items() for person in people}


class Visitor:
    """A person's browser. What a request writes is undone after it, and a sign-out with it."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name, self.browser, self.key = world, name, Browser(), None
        if name != "anonymous":
            self.browser.force_login(world.people[name])
            self.key = self.browser.cookies["sessionid"].value

    def ask(self, method: str, page: str, query: str = "", *, missing: bool = False, **sent: str) -> HttpResponse:
        self.browser.cookies.clear()
        if self.key:
            self.browser.cookies["sessionid"] = self.key
        address = reverse(page, kwargs=self.world.about(page, missing=missing)) + query
        with transaction.atomic():
            response = getattr(self.browser, method)(address, sent)
            transaction.set_rollback(True)
        return response


@pytest.fixture
def world() -> World:
    return build_world()


def code(response: HttpResponse) -> str:
    leads_in = response.status_code == 302 and response.url.startswith("/accounts/login/")
    return "in" if leads_in else str(response.status_code)


def read(response: HttpResponse) -> str:
    """Return an answer as text, what is in a zip file included."""
    if response.headers.get("Content-Type") == "application/zip":
        with ZipFile(BytesIO(response.content)) as file:
            return "".join(file.read(name).decode() for name in file.namelist())
    return response.content.decode()


def texts_in(response: HttpResponse) -> set[str]:
    page = read(response) + str(response.headers)
    return {what for what, text in TEXTS.items() if text in page}


def looks(response: HttpResponse) -> tuple:
    """Return what tells two refusals apart: status, length without the form's token, names of the headers."""
    page = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)
    return response.status_code, len(page), sorted(response.headers)


def test_every_page_has_a_row():
    assert {each.name for each in patterns()} == set(PAGES)


@pytest.mark.parametrize("name", KIND)
def test_each_person_gets_what_the_table_says_and_reads_no_text_that_is_not_for_them(world, name):
    visitor, found = Visitor(world, name), set()
    for page, cells in PAGES.items():
        looked, sent = visitor.ask("get", page), visitor.ask("post", page)
        assert f"{code(looked)}/{code(sent)}" == cells[KIND[name]], page
        for response in (looked, sent, *answers_to_queries(visitor, page)):
            assert texts_in(response) <= MAY_READ.get(name, set()), page
            assert foreign(read(response)) == [], page
            found |= texts_in(response)
    assert found == MAY_READ.get(name, set())


def answers_to_queries(visitor: Visitor, page: str) -> Iterator[HttpResponse]:
    for query in QUERIES.get(page, []):
        yield visitor.ask("get", page, query.format(session=visitor.world.session.pk))
    if page == "find_client":
        yield from (visitor.ask("post", page, q=sought) for sought in ("Canary", "R-1"))


@pytest.mark.parametrize("name", ["anonymous", "ada", "sue", "ben", "adam"])
def test_other_methods_are_refused_everywhere(world, name):
    visitor = Visitor(world, name)
    for page, cells in PAGES.items():
        refused = {"405", *cells[KIND[name]].split("/")} & {"405", "404", "403", "in"}
        for method in ("put", "options", "trace"):
            assert code(visitor.ask(method, page)) in refused, (page, method)


@pytest.mark.parametrize("name", [name for name, kind in KIND.items() if kind not in {"nobody", "own"}])
def test_a_record_one_may_not_see_looks_like_one_that_does_not_exist(world, name):
    visitor = Visitor(world, name)
    for page in OF_ONE_CLIENT:
        for method in ("get", "post"):
            there, missing = (visitor.ask(method, page, missing=missing) for missing in (False, True))
            assert there.status_code in {404, 405} or name == "sue", page
            if there.status_code == 404:
                assert looks(there) == looks(missing), page


@pytest.mark.parametrize("page", [page for page, cells in PAGES.items() if not cells["admin"].endswith("405")])
def test_nothing_is_sent_without_the_token_of_a_form(world, page):
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(world.people["adam" if page not in OF_ONE_CLIENT else "ada"])
    assert strict.post(reverse(page, kwargs=world.about(page))).status_code == 403


@pytest.mark.parametrize("page", [page for page in OF_ONE_CLIENT if PAGES[page]["own"].startswith("200")])
def test_each_look_at_a_record_is_one_event_that_names_the_client(world, page):
    browser = Browser()
    browser.force_login(world.people["ada"])
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    browser.get(reverse(page, kwargs=world.about(page)))
    event = AuditEvent.objects.exclude(pk__in=before).get()
    assert (event.client_id, event.actor_id) == (world.client.pk, world.people["ada"].pk)
    assert event.action in {"client.viewed", "ratings.exported"}
    assert not any(text in str(event.__dict__) for text in TEXTS.values())


def close_assignment(world: World) -> None:
    world.client.episodes.get().assignments.filter(ends_at=None).update(ends_at=timezone.now())


def end_pair(world: World) -> None:
    world.people["sue"].supervises.update(ends_at=timezone.now())


def hand_client_on(world: World) -> None:
    hand_on(world.client.episodes.get(), to=world.people["ben"], by=world.people["adam"])


def take_role(name: str, role: str) -> Callable[[World], None]:
    return lambda world: User.objects.filter(pk=world.people[name].pk).update(**{role: False})


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
    ],
)
def test_what_is_taken_away_is_gone_with_the_next_request(world, name, change, expected):
    visitor = Visitor(world, name)
    assert code(visitor.ask("get", "client")) == "200"
    change(world)
    assert code(visitor.ask("get", "client")) == expected
    assert code(visitor.ask("get", "ratings_csv")) == expected
    for page in ("today", "client_list", "supervision"):
        assert not texts_in(visitor.ask("get", page))
