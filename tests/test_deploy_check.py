"""The settings of a service that people use pass Django's own check, without a warning."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "PRODUCTION": "1",
    "BASE_URL": "https://alliance.example.org",
    "ALLOWED_HOSTS": "alliance.example.org",
    "SECRET_KEY": "for this check only, never for a service that people use",
    "FIELD_KEYS": "for-this-check-only",
    "DATABASE_URL": "sqlite:///:memory:",
}
NOT_ASKED = {"DEMO", "DEBUG", "DJANGO_ALLOW_ASYNC_UNSAFE"}  # the last one is set by tests in the browser
READ = """
import django; django.setup()
from django.conf import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)
print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY)
print(s.SESSION_COOKIE_SAMESITE, s.CSRF_COOKIE_SAMESITE)
print(s.REQUIRE_SECOND_FACTOR, s.PASSWORD_HASHERS[0].split(".")[-1])
"""
LOAD_EVERY_PAGE = """
import sys, django; django.setup()
from django.urls import get_resolver; get_resolver().url_patterns
print(*{name.partition(".")[0] for name in sys.modules})
"""


def run(*command: str, **more: str) -> subprocess.CompletedProcess:
    kept = {name: value for name, value in os.environ.items() if name not in NOT_ASKED}
    environment = kept | {"DJANGO_SETTINGS_MODULE": "alliance_tracker.settings"} | more
    return subprocess.run(  # noqa: S603 - the commands below
        [sys.executable, *command], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )


def test_check_deploy_is_clean(tmp_path):
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION, VAR_DIR=str(tmp_path))
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stderr


def test_cookies_belong_to_this_host_and_a_second_factor_is_required(tmp_path):
    done = run("-c", READ, **PRODUCTION, VAR_DIR=str(tmp_path))
    assert done.stdout.splitlines() == [
        "__Host-sessionid __Host-csrftoken",
        "True True True True",
        "Lax Strict",
        "True Argon2PasswordHasher",
    ]


@pytest.mark.parametrize("kind", ["DEMO", "DEBUG"])
def test_a_demo_does_not_ask_for_it(tmp_path, kind):
    done = run("-c", READ, **{kind: "1"}, VAR_DIR=str(tmp_path))
    assert "False Argon2PasswordHasher" in done.stdout


def test_a_web_worker_loads_no_library_that_draws_or_tests():
    """Plotly's Python classes alone would take as much memory as all else; requests build plain dicts."""
    done = run("-c", LOAD_EVERY_PAGE)
    assert done.returncode == 0, done.stderr
    assert {"django", "ratings"} <= set(done.stdout.split())
    assert not {"plotly", "numpy", "pandas", "pytest", "factory"} & set(done.stdout.split())
