"""Who may open and send what: every page, every kind of person, every method, as the table of access says.

A page without a row fails. Nobody is told more than the table says: a record that one may
not see looks exactly like one that does not exist, and none of its texts is anywhere in an answer.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import CharField, EmailField, Field, JSONField, TextField
from django.http import HttpResponse
from django.template.base import Template
from django.test import Client as Browser
from django.test.utils import _TestState
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from alliance_tracker.accounts.models import BrowserSession
from alliance_tracker.audit.models import AuditEvent
from tests.access_table import FRESH, KIND, MAY_READ, OF_ONE_CLIENT, PAGES, QUERIES, cell
from tests.test_architecture import patterns
from tests.test_assets import foreign
from tests.world import TEXTS, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
# Every cell on SQLite. No view asks the database anything else for the methods that it refuses: once is enough.
METHODS_HERE = METHODS if connection.vendor == "sqlite" else METHODS[:3]
WITHOUT_HEAD = {"new_link", "csrf_token"}  # to look at them is to use them up
OF_EACH_ANSWER = {"Content-Length", "X-Request-Id"}
HOUR = timedelta(hours=1)


@contextmanager
def plain_templates() -> Iterator[None]:
    """Draw templates as the service does, without the copy of every context that Django keeps for tests."""
    noting, Template._render = Template._render, _TestState.saved_data.template_render
    try:
        yield
    finally:
        Template._render = noting


class Visitor:
    """A person's browser. What a request writes is undone after it, and a sign-out with it."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name, self.browser, self.key = world, name, Browser(), None
        if name != "anonymous":
            self.browser.force_login(world.people[name])
            self.key = self.browser.cookies["sessionid"].value
        if name == "away":
            BrowserSession.objects.filter(pk=self.key).update(acted_at=timezone.now() - HOUR)

    def ask(self, method: str, page: str, query: str = "", *, missing: bool = False, **sent: str) -> HttpResponse:
        self.browser.cookies.clear()
        if self.key:
            self.browser.cookies["sessionid"] = self.key
        address = reverse(page, kwargs=self.world.about(page, missing=missing)) + query
        with transaction.atomic(), plain_templates():
            response = getattr(self.browser, method)(address, sent) if sent else getattr(self.browser, method)(address)
            transaction.set_rollback(True)
        return response


@pytest.fixture
def pages(request) -> list[str]:
    """Every page, unless the command line names some."""
    named = request.config.getoption("--pages")
    return named.split(",") if named else list(PAGES)


def code(response: HttpResponse) -> str:
    leads_in = response.status_code == 302 and response.url.startswith("/accounts/login/")
    return "in" if leads_in else str(response.status_code)


def text_of(response: HttpResponse) -> str:
    """Return what the answer says; of a PDF file its text and what is drawn, of a zip file what is in it."""
    kind = response.headers.get("Content-Type")
    if kind == "application/zip" and response.content:
        with ZipFile(BytesIO(response.content)) as file:
            return "".join(file.read(name).decode() for name in file.namelist())
    if kind != "application/pdf" or not response.content:
        return response.content.decode()
    pages = PdfReader(BytesIO(response.content)).pages
    return "".join(page.extract_text() + page.get_contents().get_data().decode("latin-1") for page in pages)


def texts_in(page: str) -> set[str]:
    return {what for what, text in TEXTS.items() if text in page}


def looks(response: HttpResponse) -> tuple:
    """Return what tells two refusals apart: status, length without the form's token, headers but the request's id."""
    page = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)
    headers = {
        name: value for name, value in response.headers.items() if name not in {"Content-Length", "X-Request-Id"}
    }
    return response.status_code, len(page), headers, sorted(response.cookies)


def may_answer(page: str, name: str, method: str) -> set[str]:
    """Return the statuses that the table allows for this method. Refused is refused by any other method too."""
    looked, sent = cell(page, name).split("/")
    if method == "head" and page in WITHOUT_HEAD and looked in {"200", "302"}:
        return {"405"}
    if method in {"get", "head"}:
        return {looked}
    return {sent} if method == "post" else {"405", looked, sent} & {"405", "404", "403", "in"}


def answers_to(visitor: Visitor, page: str) -> Iterator[tuple[str, HttpResponse]]:
    """Yield the method and the answer of every cell, and hold it to the table."""
    for method in METHODS_HERE:
        response = visitor.ask(method, page)
        assert code(response) in may_answer(page, visitor.name, method), (page, method)
        if response.status_code == 404 and visitor.world.about(page):
            assert looks(response) == looks(visitor.ask(method, page, missing=True)), (page, method)
        if method == "head":
            assert response.content == b"", page
        yield method, response


def answers_to_queries(visitor: Visitor, page: str) -> Iterator[HttpResponse]:
    for query in QUERIES.get(page, []):
        yield visitor.ask("get", page, query.format(session=visitor.world.session.pk, client=visitor.world.client.pk))
    if page == "find_client":
        yield from (visitor.ask("post", page, q=sought) for sought in ("Canary", "R-1"))


def test_every_page_has_a_row():
    assert {each.name for each in patterns()} == set(PAGES)


@pytest.mark.parametrize("name", KIND)
def test_each_person_gets_what_the_table_says_and_reads_no_text_that_is_not_for_them(world, pages, name):
    visitor, read = Visitor(world, name), set()
    for page in pages:
        answers = [response for _, response in answers_to(visitor, page)]
        for response in (*answers, *answers_to_queries(visitor, page)):
            said = text_of(response)
            seen = texts_in(said + str(response.headers))
            assert response.status_code < 500, page
            assert seen <= MAY_READ.get(name, set()), page
            assert foreign(said) == [], page
            read |= seen
    assert read == MAY_READ.get(name, set()) or len(pages) < len(PAGES)


@pytest.mark.parametrize("name", [name for name, kind in KIND.items() if kind not in {"nobody", "own"}])
def test_a_record_one_may_not_see_is_not_there(world, pages, name):
    visitor = Visitor(world, name)
    for page in set(OF_ONE_CLIENT) & set(pages):
        for method in ("get", "post"):
            assert visitor.ask(method, page).status_code in {404, 405} or name in MAY_READ, page


@pytest.mark.parametrize("name", ["ada", "sue", "adam"])
def test_some_pages_ask_for_a_fresh_sign_in(world, pages, name):
    visitor = Visitor(world, name)
    BrowserSession.objects.filter(pk=visitor.key).update(started_at=timezone.now() - timedelta(minutes=11))
    for page in pages:
        for method in ("get", "post"):
            response, (usual,) = visitor.ask(method, page), may_answer(page, name, method)
            leads = response.status_code == 302 and response.url.startswith(reverse("confirm_sign_in"))
            assert leads == (page in FRESH and usual not in {"403", "405"}), (page, method)


NOT_OF_CLIENTS = {  # of people, the service and the machine
    *("AuditEvent", "AuditSeal", "Permit", "User", "BrowserSession", "Invitation", "ServiceSettings", "ServiceMonth"),
    "RuleCount",
    "RuleCheck",
    "SaidSwitch",
}
NO_TEXT_OF_PEOPLE = {  # figures and names that the rules write, and hashes
    *("code", "content_hash", "token_hash", "finding", "signals", "clinician", "client", "form", "source", "rule"),
    *("withdrawn_because", "figures"),
}
WORKED_OUT = {"AgendaItem.reason", "Standing.strain"}


def holds_text(field: Field) -> bool:
    return isinstance(field, CharField | TextField | EmailField | JSONField) and not field.choices


def test_every_field_of_a_record_that_holds_text_has_a_text_of_its_own(world):
    models = [model for app in ("clients", "ratings") for model in apps.get_app_config(app).get_models()]
    for model in models:
        for field in model._meta.fields:
            name = f"{model.__name__}.{field.name}"
            if not holds_text(field) or model.__name__ in NOT_OF_CLIENTS or field.name in NO_TEXT_OF_PEOPLE:
                continue
            kept = str(list(model.objects.values_list(field.name, flat=True)))
            assert name in WORKED_OUT or any(text in kept for text in TEXTS.values()), name


SENT_BY_ANYONE = {"stop_digest"}  # mail programs post to a signed address


def test_nothing_is_sent_without_the_token_of_a_form(world, pages):
    strict = {name: Browser(enforce_csrf_checks=True) for name in ("adam", "ada", "sue")}
    for name, browser in strict.items():
        browser.force_login(world.people[name])
        for page, cells in PAGES.items():
            if cells[KIND[name]].endswith(("405", "404", "403")) or page in SENT_BY_ANYONE or page not in pages:
                continue
            assert browser.post(reverse(page, kwargs=world.about(page))).status_code == 403, page


@pytest.mark.parametrize("page", [page for page in OF_ONE_CLIENT if PAGES[page]["own"].startswith("200")])
def test_each_look_at_a_record_is_one_event_that_names_the_client(world, pages, page):
    if page not in pages:
        pytest.skip("another page")
    browser = Browser()
    browser.force_login(world.people["ada"])
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    browser.get(reverse(page, kwargs=world.about(page)))
    event = AuditEvent.objects.exclude(pk__in=before).get()
    assert (event.client_id, event.actor_id) == (world.client.pk, world.people["ada"].pk)
    assert event.action in {"client.viewed", "ratings.exported", "report.exported"}
    assert not any(text in str(event.__dict__) for text in TEXTS.values())
