"""Accounts that nobody uses lock by themselves."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts.models import User
from alliance_tracker.accounts.sign_ins import lock_idle_accounts
from tests.accounts.doors import check_doors, signed_in
from tests.accounts.factors import sign_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

SIXTY = timedelta(days=60)


def unused(person, *, since, **more) -> User:
    User.objects.filter(pk=person.pk).update(created_at=since, last_login=since, **more)
    return person


@pytest.fixture
def now():
    return timezone.now()


def is_locked(person) -> bool:
    person.refresh_from_db()
    return person.locked_at is not None


@pytest.mark.parametrize(("seconds", "locked"), [(-1, False), (0, True), (1, True)])
def test_after_sixty_days(now, ada, seconds, locked):
    unused(ada, since=now - SIXTY - timedelta(seconds=seconds))
    assert lock_idle_accounts(now) == locked
    assert is_locked(ada) == locked
    assert lock_idle_accounts(now) == 0


def test_who_never_signed_in_counts_from_the_day_of_the_account(now, ada):
    User.objects.filter(pk=ada.pk).update(created_at=now - SIXTY, last_login=None)
    assert lock_idle_accounts(now) == 1


def test_a_locked_person_looks_like_an_unknown_one(now, ada, trail):
    unused(ada, since=now - SIXTY)
    theirs = signed_in(ada)
    unused(ada, since=now - SIXTY)
    lock_idle_accounts(now)
    assert theirs.get("/accounts/me/").status_code == 302
    page, unknown = sign_in(Browser(), ada), sign_in(Browser(), UserFactory.build(email="nobody@example.org"))
    assert (page.status_code, unknown.status_code) == (422, 422)
    assert "The e-mail or the password is not right." in page.content.decode()
    assert trail() == ["user.locked", "user.sign_in_failed", "user.sign_in_failed"]


def test_the_last_admin_is_never_locked(now, adam):
    eve = UserFactory(name="Eve Hart", is_clinician=False, is_admin=True)
    unused(adam, since=now - 2 * SIXTY)
    unused(eve, since=now - SIXTY)
    assert lock_idle_accounts(now) == 1
    assert (is_locked(adam), is_locked(eve)) == (True, False)


def test_a_locked_admin_does_not_count_as_another_one(now, adam):
    eve = UserFactory(name="Eve Hart", is_clinician=False, is_admin=True)
    unused(eve, since=now - SIXTY)
    lock_idle_accounts(now)
    given = {"name": adam.name, "email": adam.email, "roles": ["clinician"]}
    page = signed_in(adam).post(reverse("edit_person", args=[adam.pk]), given)
    assert "This is the last administrator" in page.content.decode()


def test_an_admin_lets_them_in_again(now, ada, adam, trail):
    unused(ada, since=now - SIXTY)
    lock_idle_accounts(now)
    browser = signed_in(adam)
    assert "Locked" in browser.get("/people/").content.decode()
    page = browser.get(reverse("edit_person", args=[ada.pk])).content.decode()
    assert "nobody had signed in to this account for 60 days" in page
    done = browser.post(reverse("let_in_again", args=[ada.pk]), follow=True)
    assert "Ada Osei can sign in again." in done.content.decode()
    assert trail()[-1] == "user.unlocked"
    assert lock_idle_accounts(now) == 0
    assert sign_in(Browser(), ada).url == "/"
    again = browser.post(reverse("let_in_again", args=[ada.pk]), follow=True)
    assert "is not locked" in again.content.decode()


def test_doors_of_letting_in(adam, ada, sue):
    check_doors("let_in_again", ada.pk, admin=adam, others=[ada, sue], shows=False)
