"""Who gets through the door of a page about one client: the same questions for each of them."""

from collections.abc import Iterable
from uuid import UUID

from django.test import Client as Browser
from django.urls import reverse
from uuid_utils.compat import uuid7

from alliance_tracker.accounts.models import User
from tests.accounts.doors import signed_in

METHODS = {"get", "head", "post", "put", "patch", "delete", "options", "trace"}


def check_doors(
    name: str, pk: UUID, *, opens_to: Iterable[User], not_to: Iterable[User], methods: str = "get head post"
) -> None:
    """Anonymous people sign in; others get the 404 of a page that does not exist; other methods 405."""
    url, first, *_ = reverse(name, args=[pk]), *methods.split()
    assert getattr(Browser(), first)(url).url.startswith("/accounts/login/")
    for person in not_to:
        assert getattr(signed_in(person), first)(url).status_code == 404, person.name
    for person in opens_to:
        browser = signed_in(person)
        assert getattr(browser, first)(url).status_code != 404, person.name
        assert getattr(browser, first)(reverse(name, args=[uuid7()])).status_code == 404
        for method in METHODS - set(methods.split()):
            assert getattr(browser, method)(url).status_code == 405, method


def check_doors_of_role(
    name: str, *, opens_to: Iterable[User], not_to: Iterable[User], methods: str = "get head"
) -> None:
    """Anonymous people sign in; other roles get a 403; other methods 405."""
    url, first, *_ = reverse(name), *methods.split()
    assert getattr(Browser(), first)(url).url.startswith("/accounts/login/")
    for person in not_to:
        assert getattr(signed_in(person), first)(url).status_code == 403, person.name
    for person in opens_to:
        for method in METHODS - set(methods.split()):
            assert getattr(signed_in(person), method)(url).status_code == 405, method
