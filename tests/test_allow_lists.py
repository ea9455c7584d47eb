"""What an address may choose is on a list: sort keys, pages, sizes. Anything else is the first choice, or a refusal."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ratings.caseload import lists
from tests.accounts.doors import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.one_engine]  # it looks at the SQL that is written
WRONG = ["code; DROP TABLE x", "-pk", "password", "clinician__password", "?", "\x00", "usual,code", "__class__"]
PAGES = {"client_list": "ada", "today": "ada", "openings": "ada", "supervision": "sue", "meetings": "sue"}
PAGES |= {"people": "adam", "client_codes": "adam", "audit_trail": "adam", "retention": "adam"}
NO_PAGE = ["0", "-1", "9" * 40, "NaN", "1.5", "all", "\x00", "last'--"]


@pytest.fixture
def people(ada, sue, adam, robin):
    return {"ada": signed_in(ada), "sue": signed_in(sue), "adam": signed_in(adam)}


@pytest.mark.parametrize("key", WRONG)
def test_an_unknown_sort_key_is_the_first_choice(key):
    assert lists.sort_key(key) == lists.sort_key("")
    assert all(lists.sort_key(known) == known for known in dict(lists.SORTS))


@pytest.mark.parametrize("where", PAGES)
def test_no_unknown_choice_reaches_the_database(people, where):
    browser = people[PAGES[where]]
    for name in ("sort", "order", "per_page", "size", "page", "show", "kind", "before"):
        for value in (*WRONG, *NO_PAGE):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                answer = browser.get(reverse(where), {name: value})
            assert answer.status_code in {200, 422}, (name, value)
            sent = " ".join(query["sql"] for query in asked.captured_queries)
            assert value in {"?", "0", "all", "-1", "-pk", "1.5", "password"} or value not in sent, (name, value)


@pytest.mark.parametrize("where", sorted(set(PAGES) - {"audit_trail"}))  # each look makes that one longer
def test_no_address_makes_a_list_longer(people, where):
    browser = people[PAGES[where]]
    plain = len(browser.get(reverse(where)).content)
    for name in ("per_page", "size", "limit", "page_size"):
        assert abs(len(browser.get(reverse(where), {name: "100000"}).content) - plain) < 200
