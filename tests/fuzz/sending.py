"""Send anything to any page as any person, and look at what came of it. Everything is undone after each request."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from alliance_tracker.accounts.models import BrowserSession
from alliance_tracker.audit.models import AuditEvent
from tests.fuzz.hostile import SCRIPT
from tests.test_access import Visitor, plain_templates
from tests.world import World

FORM = "application/x-www-form-urlencoded"
WRITES = ("INSERT", "UPDATE", "DELETE")
INTO = re.compile(r'^(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM) "(\w+)"')
TABLES = [model for model in apps.get_models() if model not in {AuditEvent, BrowserSession}]


def contents(models: Iterable[type[Model]]) -> dict[str, list[str]]:
    """Return every row of these tables."""
    return {model.__name__: sorted(map(str, model.objects.values_list())) for model in models}


def tables_written(written: list[str]) -> list[type[Model]]:
    """Return the tables that these statements write to, but for the trail and the sign-ins."""
    names = {name for sql in written for name in INTO.findall(sql)[:1]}
    return [model for model in TABLES if model._meta.db_table in names]


class Sender:
    """A person who sends what is hostile. An answer must be whole, and a refusal must leave everything as it was."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.visitor = world, Visitor(world, name)
        self.visitor.browser.raise_request_exception = False
        self.before = contents(TABLES)

    def post(self, page: str, body: bytes, kind: str = FORM) -> HttpResponse:
        address = reverse(page, kwargs=self.world.about(page))
        return self.send("post", address, data=body, content_type=kind)

    def send(self, method: str, address: str, **given: Any) -> HttpResponse:
        browser, key = self.visitor.browser, self.visitor.key
        browser.cookies.clear()
        if key:
            browser.cookies["sessionid"] = key
        written: list[str] = []
        with transaction.atomic():
            with connection.execute_wrapper(noting(written)), plain_templates():
                response = browser.generic(method.upper(), address, **given)
            self.check(response, written)
            transaction.set_rollback(True)
        return response

    def check(self, response: HttpResponse, written: list[str]) -> None:
        assert response.status_code < 500, response.wsgi_request.get_full_path()
        assert not is_raw(response)
        assert "canary" not in response.cookies
        if response.status_code == 302:
            follow(self.visitor, response)
        elif response.status_code >= 400 and written:
            assert all(INTO.match(sql) for sql in written), written
            after = contents(tables_written(written))
            assert [name for name, rows in after.items() if rows != self.before[name]] == [], written


def read_first(get_response: Callable) -> Callable:
    """Read the form before any view, as the check of its token does outside of tests: what cannot be read ends here."""

    def read(request: HttpRequest) -> HttpResponse:
        bool(request.POST)
        return get_response(request)

    return read


def noting(written: list[str]) -> Callable:
    def note(execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(WRITES):
            written.append(sql)
        return execute(sql, params, many, context)

    return note


def is_raw(response: HttpResponse) -> bool:
    """Whether a script that was sent stands in a page as it was sent."""
    return response.headers.get("Content-Type", "").startswith("text/html") and SCRIPT.encode() in response.content


def follow(visitor: Visitor, response: HttpResponse) -> None:
    """Open the page where an answer leads: what was just saved is shown there."""
    if response.url.startswith("/"):
        shown = visitor.browser.get(response.url)
        assert shown.status_code < 500
        assert not is_raw(shown)
