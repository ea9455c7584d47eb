"""What pages answer, and what the log says, when something breaks."""

import logging

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError
from django.test import Client as Browser

from alliance_tracker.logs import PlainFormatter
from ratings.caseload.views import today

SECRET = "Failing row contains (6, 6, 2)"


@pytest.fixture
def broken(monkeypatch, client, ada):
    """Today breaks with the error given; the browser shows the page instead of raising."""

    def breaks_with(error: Exception) -> Browser:
        def fail(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(today, "clinicians_day", fail)
        client.raise_request_exception = False
        client.force_login(ada)
        return client

    return breaks_with


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_a_database_away_is_a_503_that_asks_to_send_again(broken, error):
    answer = broken(error).get("/")
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert "was not saved" in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_anything_else_is_a_500_without_internals(broken):
    answer = broken(ValueError(SECRET)).get("/")
    assert answer.status_code == 500
    assert SECRET not in answer.content.decode()


def fail(error: Exception) -> None:
    raise error


def logged(error: Exception | None = None, message: str = "Broken") -> str:
    exc_info = None
    if error:
        with pytest.raises(type(error)) as caught:
            fail(error)
        exc_info = (caught.type, caught.value, caught.tb)
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, message, None, exc_info)
    return PlainFormatter("{message}", style="{").format(record)


def test_the_log_names_the_error_and_the_place_but_not_what_it_says():
    text = logged(IntegrityError(SECRET))
    assert "IntegrityError" in text
    assert "in fail" in text
    assert SECRET not in text


@pytest.mark.parametrize("path", ["/invite/{}/", "/q/{}/", "/accounts/password/reset/key/{}/"])
def test_the_log_blots_out_tokens(path):
    token = "c3VwZXItc2VjcmV0"
    text = logged(message=f"Not Found: {path.format(token)}")
    assert token not in text
    assert path.split("{")[0] in text
