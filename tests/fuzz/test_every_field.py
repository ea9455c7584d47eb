"""Every field of every form, and everything that an address may hold, with every hostile value."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from tests.access_table import KIND, PAGES, QUERIES, cell
from tests.factories import SessionFactory
from tests.fuzz.fields import Fields, forms_seen_by
from tests.fuzz.hostile import BODIES, PATHS, TAKEN_BY_ENGINES, VALUES, encoded
from tests.fuzz.sending import Sender
from tests.test_access import Visitor, patterns
from tests.test_audit_events import UNRATED, WRITES, as_sent
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SENDERS = ("anonymous", "ada", "sue", "adam")
PARTS = {"anonymous": 1, "ada": 6, "sue": 2, "adam": 2}  # a test of its own for each, to share them out
SENT_BY_BUTTONS: dict[str, list[str]] = {
    "mark_session": ["as", "back"],
    "mark_case": ["as"],
    "ask_client": ["by"],
    "answer_link": ["do", "form", "note", "strain", "idempotency_key"],
    "find_client": ["q"],
    "end_sign_in": ["mark"],
    "see_signal": ["back"],
    "review_client": ["signals", "back"],
    "assign_follow_up": ["what", "owner", "due_on", "signals", "back"],
    "choose_digest": ["weekday"],
    "keep_typed": ["goals", "note", "idempotency_key"],
    "rate": ["version", "note", "idempotency_key"],
    "observe": ["note"],
    "end_supervision": ["back"],
    "new_follow_up": ["what", "owner", "due_on", "done", "follow_up"],
    "record_decision": ["decision", "minutes", "what", "owner", "due_on", "review_on"],
    "add_case": ["client"],
    "prepare_meeting": ["held_on"],
    "review_emergency_access": ["verdict", "remark"],
    "account_login": ["login", "password", "next"],
    "confirm_sign_in": ["password", "code", "credential", "next"],
}
READS_NOTHING = {"account_reset_password", "stop_digest"}
# PostgreSQL has words of its own for some values. The others are plain text to both: SQLite answers for them.
VALUES_HERE = VALUES if connection.vendor == "sqlite" else {key: VALUES[key] for key in TAKEN_BY_ENGINES}
TAKES = re.compile(r"<[^>]+>|\(\?P.*\)/")
IN_ADDRESSES = [
    *("nul inside", "lone surrogate", "no utf-8", "huge number", "beyond 64 bits", "negative", "no number"),
    *("another digit", "twice", "script", "sql", "no id", "an id", "first day", "last day", "no day", "long"),
]


@pytest.fixture
def world(world) -> World:
    """The world of the table of access, with a session that waits for everything that may be done with one."""
    waits = SessionFactory(client=world.client)
    world.ids |= {page: {"pk": waits.pk} for page in UNRATED if page != "rate"}
    return world


def fields_of(world: World, name: str) -> tuple[dict[str, Fields], dict[str, Fields]]:
    """Return what this person may send, by page: read from the forms, and what only buttons and scripts send."""
    sent, asked = forms_seen_by(Visitor(world, name), list(PAGES))
    for page, names in SENT_BY_BUTTONS.items():
        sent.setdefault(page, {})
        sent[page] |= {field: [] for field in names if field not in sent[page]}
    for page, (who, given, _) in WRITES.items():
        if who == name and page in sent:
            sent[page] |= {
                field: [str(value)] for field, value in as_sent(given).items() if not sent[page].get(field, [""])[-1:]
            }
    return {page: fields for page, fields in sent.items() if may_send(page, name)}, asked


def may_send(page: str, name: str) -> bool:
    """Whether this person is the first of the senders who gets further than the door."""
    first = next((each for each in SENDERS if not cell(page, each).endswith(("in", "403", "404", "405"))), None)
    return first == name and page != "account_logout"


@pytest.mark.parametrize(("name", "part"), [(name, part) for name in SENDERS for part in range(PARTS[name])])
def test_no_field_breaks_a_page_and_what_is_refused_leaves_nothing(world, name, part):
    found, sender = fields_of(world, name)[0], Sender(world, name)
    fields = [(page, field) for page, given in found.items() for field in given]
    assert fields
    for page, field in fields[part :: PARTS[name]]:
        for value in VALUES_HERE.values():
            said = sender.post(page, encoded(found[page], field, value)).status_code
            assert said < 500, (page, field, value)


def test_fields_are_found_in_the_forms_and_among_what_scripts_send(world):
    sent, asked = fields_of(world, "ada")
    assert {"goals", "note", "strain", "version"} <= sent["rate"].keys()
    assert {"day", "at", "modality"} <= sent["edit_session"].keys()
    assert sent["edit_pattern"]["modality"][0]
    assert "sort" in asked["client_list"]
    assert set(SENDERS) <= set(KIND)


@pytest.mark.parametrize("name", ["ada", "sue", "adam"])
def test_nothing_in_an_address_breaks_a_page(world, name):
    asked, sender = fields_of(world, name)[1], Sender(world, name)
    for page in PAGES:
        if not cell(page, name).startswith("200") or page.endswith("_pdf"):
            continue
        named = {*asked.get(page, {}), *re.findall(r"(\w+)=", "".join(QUERIES.get(page, [])))}
        address = reverse(page, kwargs=world.about(page))
        for field in sorted(named):
            for key in IN_ADDRESSES:
                sender.send("get", f"{address}?{encoded({}, field, VALUES[key]).decode()}")


def test_no_path_breaks_the_site(world):
    for name in ("anonymous", "ada"):
        sender = Sender(world, name)
        for each in patterns():
            start, _, end = TAKES.sub("\0", str(each.pattern)).partition("\0")
            for path in PATHS if TAKES.search(str(each.pattern)) else ():
                method = "get" if name == "ada" else "post"
                sender.send(method, f"/{start.strip('^$')}{path}{end.strip('^$')}")


@pytest.mark.one_engine  # what cannot be read as a form ends before the database
@pytest.mark.parametrize("kind", BODIES)
def test_no_body_breaks_a_page(world, kind):
    for name in SENDERS:
        sender = Sender(world, name)
        for page in (page for page in PAGES if may_send(page, name)):
            content_type, body = BODIES[kind]
            response = sender.post(page, body, content_type)
            assert kind != "10 MB" or response.status_code in {302, 400, 413} or page in READS_NOTHING, page
