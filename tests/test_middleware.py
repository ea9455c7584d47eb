"""What every response carries, whatever its status, and the health check."""

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.test import Client as Browser
from django.urls import path
from django.views.decorators.http import require_POST

from alliance_tracker import middleware
from alliance_tracker.urls import urlpatterns as site

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "img-src 'self' data: blob:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
}
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": middleware.PERMISSIONS,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


@require_POST
def broken(request):
    raise RuntimeError("a secret of the inside")


urlpatterns = [*site, path("broken/", broken, name="broken")]


@pytest.fixture
def signed_in(as_user, ada):
    signed_in = as_user(ada)
    signed_in.raise_request_exception = False
    return signed_in


def answers_of(signed_in, robin, session, adam):
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(adam)
    anonymous = Browser()
    rate = f"/sessions/{session.pk}/rate/"
    return {
        "sign-in": (anonymous.get("/accounts/login/"), 200),
        "redirect": (anonymous.get("/clients/"), 302),
        "locked": (anonymous.get("/clients/", headers={"accept": "application/json"}), 401),
        "page": (signed_in.get(f"/clients/{robin.pk}/"), 200),
        "file": (signed_in.get(f"/clients/{robin.pk}/ratings.csv"), 200),
        "other role": (signed_in.get("/people/"), 403),
        "unknown page": (signed_in.get("/nowhere/"), 404),
        "wrong method": (signed_in.put(rate), 405),
        "bad form": (signed_in.post(rate), 422),
        "too large": (signed_in.post(rate, {"note": "x" * 300_000}), 400),
        "unknown host": (signed_in.get("/", headers={"host": "evil.example"}), 400),
        "no token": (strict.post("/settings/"), 403),
        "broken": (signed_in.post("/broken/"), 500),
        "health": (anonymous.get("/healthz"), 200),
        "static": (anonymous.head("/static/css/base.css"), 200),
        "no static file": (anonymous.get("/static/none.css"), 404),
    }


@pytest.mark.urls(__name__)
def test_every_response_carries_every_header(signed_in, robin, yesterday, adam):
    for name, (response, status) in answers_of(signed_in, robin, yesterday, adam).items():
        assert response.status_code == status, name
        assert set(response.headers["Content-Security-Policy"].split("; ")) == POLICY, name
        assert {header: response.headers.get(header) for header in HEADERS} == HEADERS, name
        assert ("no-store" in response.headers["Cache-Control"]) == (name != "static"), name


@pytest.mark.urls(__name__)
def test_no_answer_shows_the_inside(signed_in, robin, yesterday, adam):
    for name, (response, status) in answers_of(signed_in, robin, yesterday, adam).items():
        if status >= 400:
            page = b"".join(response) if response.streaming else response.content
            assert b"Traceback" not in page, name
            assert b"secret of the inside" not in page, name
            assert b"urlpatterns" not in page, name


def test_the_way_to_https_carries_them_too(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/")
    assert (response.status_code, response.url) == (301, "https://testserver/")
    assert set(response.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert response.headers["Permissions-Policy"] == middleware.PERMISSIONS


def test_scripts_and_styles_may_be_cached(client):
    response = client.get("/static/css/base.css")
    assert "no-store" not in response.headers.get("Cache-Control", "")
    assert b"".join(response.streaming_content)  # read to its end, which closes the file


@pytest.mark.parametrize("method", ["get", "head"])
def test_the_health_check_needs_no_sign_in_and_says_nothing_else(client, method):
    response = getattr(client, method)("/healthz")
    assert response.status_code == 200
    assert response.content in {b"ok", b""}
    assert not response.cookies


@pytest.mark.parametrize("method", ["post", "put", "delete", "options", "trace"])
def test_the_health_check_is_read_only(client, method):
    assert getattr(client, method)("/healthz").status_code == 405


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_the_health_check_says_when_the_database_is_away(client, monkeypatch, error):
    def away(*_: object) -> None:
        raise error("could not connect to 10.0.0.7")

    monkeypatch.setattr(connection, "cursor", away)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert b"10.0.0.7" not in response.content


def test_the_health_check_asks_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/healthz")


def test_an_error_of_another_kind_is_not_called_an_outage(client, monkeypatch):
    def broken(*_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", broken)
    with pytest.raises(DatabaseError):
        client.get("/healthz")
