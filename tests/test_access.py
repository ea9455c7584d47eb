"""Who may open and send what: every page, every kind of person, GET and POST, as the table of access says.

A page without a row fails. Nobody is told more than the table says: a record that one may
not see looks exactly like one that does not exist, and none of its texts is anywhere in an answer.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse
from pypdf import PdfReader

from alliance_tracker.audit.models import AuditEvent
from tests.access_table import KIND, MAY_READ, OF_ONE_CLIENT, PAGES, QUERIES, cell
from tests.test_architecture import patterns
from tests.test_assets import foreign
from tests.world import TEXTS, World, build_world

pytestmark = pytest.mark.django_db


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


def text_of(response: HttpResponse) -> str:
    """Return what the answer says; of a PDF file its text and what is drawn, of a zip file what is in it."""
    kind = response.headers.get("Content-Type")
    if kind == "application/zip":
        with ZipFile(BytesIO(response.content)) as file:
            return "".join(file.read(name).decode() for name in file.namelist())
    if kind != "application/pdf":
        return response.content.decode()
    pages = PdfReader(BytesIO(response.content)).pages
    return "".join(page.extract_text() + page.get_contents().get_data().decode("latin-1") for page in pages)


def texts_in(response: HttpResponse) -> set[str]:
    page = text_of(response) + str(response.headers)
    return {what for what, text in TEXTS.items() if text in page}


def looks(response: HttpResponse) -> tuple:
    """Return what tells two refusals apart: status, length without the form's token, names of the headers."""
    page = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)
    return response.status_code, len(page), sorted(response.headers)


def test_every_page_has_a_row():
    assert {each.name for each in patterns()} == set(PAGES)


@pytest.mark.parametrize("name", KIND)
def test_each_person_gets_what_the_table_says_and_reads_no_text_that_is_not_for_them(world, name):
    visitor, read = Visitor(world, name), set()
    for page in PAGES:
        looked, sent = visitor.ask("get", page), visitor.ask("post", page)
        assert f"{code(looked)}/{code(sent)}" == cell(page, name), page
        for response in (looked, sent, *answers_to_queries(visitor, page)):
            assert texts_in(response) <= MAY_READ.get(name, set()), page
            assert foreign(text_of(response)) == [], page
            read |= texts_in(response)
    assert read == MAY_READ.get(name, set())


def answers_to_queries(visitor: Visitor, page: str) -> Iterator[HttpResponse]:
    for query in QUERIES.get(page, []):
        yield visitor.ask("get", page, query.format(session=visitor.world.session.pk, client=visitor.world.client.pk))
    if page == "find_client":
        yield from (visitor.ask("post", page, q=sought) for sought in ("Canary", "R-1"))


@pytest.mark.parametrize("name", ["anonymous", "ada", "sue", "ben", "eve", "adam"])
def test_other_methods_are_refused_everywhere(world, name):
    visitor = Visitor(world, name)
    for page in PAGES:
        refused = {"405", *cell(page, name).split("/")} & {"405", "404", "403", "in"}
        for method in ("put", "options", "trace"):
            assert code(visitor.ask(method, page)) in refused, (page, method)


@pytest.mark.parametrize("name", [name for name, kind in KIND.items() if kind not in {"nobody", "own"}])
def test_a_record_one_may_not_see_looks_like_one_that_does_not_exist(world, name):
    visitor = Visitor(world, name)
    for page in OF_ONE_CLIENT:
        for method in ("get", "post"):
            there, missing = (visitor.ask(method, page, missing=missing) for missing in (False, True))
            assert there.status_code in {404, 405} or name in MAY_READ, page
            if there.status_code == 404:
                assert looks(there) == looks(missing), page


SENT_BY_ANYONE = {"stop_digest"}  # mail programs post to a signed address


@pytest.mark.parametrize(
    "page", [page for page, cells in PAGES.items() if not cells["admin"].endswith("405") and page not in SENT_BY_ANYONE]
)
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
    assert event.action in {"client.viewed", "ratings.exported", "report.exported"}
    assert not any(text in str(event.__dict__) for text in TEXTS.values())
