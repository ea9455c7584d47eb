"""What this service uses of django-allauth's internals is still there, and can still be called as it is called here.

A release of django-allauth that changes one of these fails here first, with the name of the page that breaks.
"""

import ast
import inspect
import re
from functools import reduce
from pathlib import Path

import pytest
from allauth.mfa.adapter import DefaultMFAAdapter

from alliance_tracker.accounts import allauth_internals

ROOT = Path(__file__).resolve().parents[2]
REQUEST, PERSON = object(), object()
LIMIT = {"app": "allauth.account", "action": "login_failed", "key": "one person"}
INTERNAL = re.compile(r"allauth\.(.*\.)?(internal(\.|$)|utils\.|core\.context)")
RELIED_ON = [
    # name, what it is called with, what breaks without it
    ("clear_authentication_records", (REQUEST,), {}, "the lock: a session that nobody acts in"),
    ("clear_login", (REQUEST,), {}, "the sign-in page after a second step that was not taken"),
    ("Login", (), {"user": PERSON, "redirect_url": "/"}, "sign-in by passkey alone"),
    ("perform_passwordless_login", (REQUEST, object(), object()), {}, "sign-in by passkey alone"),
    ("perform_login", (REQUEST, PERSON), {}, "accepting an invitation"),
    ("get_next_redirect_url", (REQUEST,), {}, "the way back after a sign-in or its confirmation"),
    ("default_token_generator.make_token", (PERSON,), {}, "the reset link that an administrator makes"),
    ("default_token_generator.check_token", (PERSON, "token"), {}, "setting a new password by a reset link"),
    ("ratelimit.consume", (REQUEST,), LIMIT, "the limit of wrong codes at the second step"),
    ("ratelimit.consume", (REQUEST,), LIMIT | {"config": {}, "limit_get": True, "dry_run": True}, "the clients' codes"),
    ("ratelimit.RateLimitUsage.rollback", (object(),), {}, "a right code is not counted as a wrong one"),
    ("ratelimit.consume_or_429", (REQUEST,), LIMIT | {"limit_get": True}, "the limit of sign-ins by passkey"),
    ("BaseAuthenticateForm", (), {"data": {}, "user": PERSON}, "a code at the second step"),
    ("RecoveryCodes", (object(),), {}, "the recovery codes"),
    ("RecoveryCodes.activate", (PERSON,), {}, "new recovery codes"),
    ("RecoveryCodes.get_unused_codes", (object(),), {}, "the recovery codes that are left"),
    ("RecoveryCodes.mark_as_viewed", (object(),), {}, "the recovery codes, shown once"),
    ("RecoveryCodes.validate_code", (object(), "code"), {}, "a recovery code at the second step"),
    ("TOTP", (object(),), {}, "the code app"),
    ("TOTP.activate", (PERSON, "secret"), {}, "adding a code app"),
    ("TOTP.validate_code", (object(), "code"), {}, "a code of the app at the second step"),
    ("generate_totp_secret", (), {}, "adding a code app"),
    ("encrypt", ("secret",), {}, "adding a code app"),
    ("WebAuthn.add", (PERSON, "name", {}), {}, "adding a passkey"),
    ("begin_registration", (PERSON,), {"passwordless": True}, "adding a passkey"),
    ("parse_registration_response", ({},), {}, "adding a passkey"),
    ("complete_registration", ({},), {}, "adding a passkey"),
    ("begin_authentication", (), {}, "sign-in by passkey alone"),
    ("begin_authentication", (PERSON,), {}, "confirming a sign-in by passkey"),
    ("parse_authentication_response", ({},), {}, "a passkey at the second step"),
    ("complete_authentication", (PERSON, {}), {}, "a passkey at the second step"),
    ("extract_user_from_response", ({},), {}, "sign-in by passkey alone"),
]


def found(name):
    return reduce(lambda there, part: getattr(there, part, None), name.split("."), allauth_internals)


@pytest.mark.parametrize(("name", "positional", "named", "breaks"), RELIED_ON)
def test_it_can_be_called_as_it_is_called_here(name, positional, named, breaks):
    there = found(name)
    assert callable(there), f"django-allauth has no {name} any more. Without it breaks: {breaks}."
    try:
        inspect.signature(there).bind(*positional, **named)
    except TypeError as changed:
        pytest.fail(f"django-allauth's {name} is called otherwise now ({changed}). It breaks: {breaks}.")


def test_the_request_at_hand_is_known_to_forms():
    assert hasattr(allauth_internals.context, "request"), "Without it breaks: the limit of wrong codes."


def test_recovery_codes_know_whether_they_were_shown():
    assert hasattr(allauth_internals.RecoveryCodes, "did_view"), "Without it breaks: recovery codes are shown once."


def test_every_name_is_checked_here():
    checked = {name.partition(".")[0] for name, *_ in RELIED_ON} | {"context"}
    assert set(allauth_internals.__all__) == checked


def test_the_adapter_overrides_something():
    name = inspect.signature(DefaultMFAAdapter._get_site_name)
    assert list(name.parameters) == ["self"], "Without it breaks: the service's name in a code app and on a passkey."


def test_no_other_module_imports_them():
    ours = {path for app in ("alliance_tracker", "clients", "ratings") for path in ROOT.joinpath(app).rglob("*.py")}
    for path in ours - {Path(allauth_internals.__file__)}:
        nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
        names = {f"{node.module}.{alias.name}" for node in nodes for alias in node.names}
        assert not [name for name in names if INTERNAL.match(name)], path
