"""Signing in and out, and what happens at the door."""

import pytest
from django.urls import reverse

from alliance_tracker.audit.models import AuditEvent
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


def sign_in(client, email="ada@example.org", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password, **more})


def actions():
    return list(AuditEvent.objects.order_by("at", "id").values_list("action", flat=True))


def test_the_page_names_its_fields_and_the_service(client):
    page = client.get(LOGIN)
    assert page.status_code == 200
    for text in ('name="login"', 'name="password"', "Psychotherapy service", reverse("account_reset_password")):
        assert text in page.content.decode()


def test_a_person_signs_in_and_out(client, ada):
    assert sign_in(client, "ADA@example.org").url == "/"
    assert client.get(reverse("my_account")).status_code == 200
    assert client.get("/accounts/logout/").status_code == 200
    assert client.post("/accounts/logout/").url == LOGIN
    assert client.get(reverse("my_account")).url == f"{LOGIN}?next=/accounts/me/"
    assert actions() == ["user.signed_in", "user.signed_out"]
    assert set(AuditEvent.objects.values_list("actor_id", "target_id")) == {(ada.pk, ada.pk)}


def test_signing_in_leads_back_to_the_page_asked_for(client, ada):
    assert sign_in(client, next="/accounts/me/").url == "/accounts/me/"


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_signing_in_never_leads_elsewhere(client, ada, address):
    assert sign_in(client, next=address).url == "/"


def test_a_new_sign_in_gets_a_new_session_key(client, ada):
    client.get(LOGIN)
    session = client.session
    session["seen"] = True
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_e_mail_look_the_same(client, ada, email):
    page = sign_in(client, email, "wrong-password")
    assert page.status_code == 422
    assert "The e-mail or the password is not right." in page.content.decode()
    assert f'value="{email}"' in page.content.decode()
    assert "wrong-password" not in page.content.decode()


def test_failed_tries_are_recorded_without_the_e_mail(client, ada):
    sign_in(client, password="wrong-password")
    sign_in(client, "nobody@example.org")
    assert actions() == ["user.sign_in_failed"] * 2
    known, unknown = AuditEvent.objects.order_by("at", "id")
    assert (known.target_id, known.actor_id, known.reason) == (ada.pk, None, "")
    assert (unknown.target_id, unknown.actor_id, unknown.reason) == (None, None, "")


def test_a_deactivated_person_looks_like_an_unknown_one(client, ada):
    ada.is_active, ada.deactivated_at = False, ada.created_at
    ada.save()
    page = sign_in(client)
    assert page.status_code == 422
    assert "The e-mail or the password is not right." in page.content.decode()
    assert actions() == ["user.sign_in_failed"]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"login": "ada@example.org\x00", "password": PASSWORD},
        {"login": "ada@example.org", "password": "\x00"},
        {"login": "a" * 5000, "password": "b" * 5000},
        {"login": ["ada@example.org", "ben@example.org"], "password": ["x", "y"]},
    ],
)
def test_bad_input_is_refused(client, ada, given):
    assert client.post(LOGIN, given).status_code == 422
    assert "user.signed_in" not in actions()


def test_too_many_failures_stop_even_the_right_password(client, ada, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "3/d/key"}
    for _ in range(3):
        sign_in(client, password="wrong-password")
    page = sign_in(client)
    assert page.status_code == 422
    assert "Too many failed attempts." in page.content.decode()


def test_too_many_tries_from_one_place_get_a_page_of_their_own(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip", "login_failed": None}
    sign_in(client)
    page = sign_in(client)
    assert page.status_code == 429
    assert "Too many tries" in page.content.decode()


def test_nobody_signs_up(client):
    page = client.get("/accounts/signup/")
    assert page.status_code == 200
    assert "by invitation" in page.content.decode()
    assert client.post("/accounts/signup/", {"email": "x@example.org", "password1": PASSWORD}).status_code == 405


@pytest.mark.parametrize(
    "path", ["email/", "social/", "inactive/", "reauthenticate/", "password/set/", "confirm-email/", ""]
)
def test_nothing_else_of_the_library_is_exposed(client, ada, as_user, path):
    assert as_user(ada).get(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize("name", ["account_login", "account_logout", "account_reset_password", "account_signup"])
@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused(client, name, method):
    assert getattr(client, method)(reverse(name)).status_code == 405


@pytest.mark.parametrize("header", [{"X-Requested-With": "XMLHttpRequest"}, {"Accept": "application/json"}])
def test_a_script_gets_the_same_page(client, header):
    assert client.get(LOGIN, headers=header)["Content-Type"].startswith("text/html")


def test_a_role_is_read_with_every_request(as_user, adam):
    browser = as_user(adam)
    assert browser.get("/people/").status_code == 200
    adam.is_admin, adam.is_clinician = False, True
    adam.save()
    assert browser.get("/people/").status_code == 403


def test_a_script_learns_its_token_or_that_it_must_sign_in(client, ada, as_user):
    ask = {"Accept": "application/json"}
    assert client.get("/accounts/token/", headers=ask).status_code == 401
    assert client.get("/accounts/token/").status_code == 302
    answer = as_user(ada).get("/accounts/token/", headers=ask)
    assert set(answer.json()) == {"csrf"}
    assert client.post("/accounts/token/").status_code == 405
