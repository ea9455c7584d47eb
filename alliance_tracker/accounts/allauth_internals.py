"""What this service uses of django-allauth beyond its documented interface.

Any release of django-allauth may change these. tests/accounts/test_allauth_internals.py names what breaks then.
"""

from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.login import clear_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import encrypt
from allauth.mfa.webauthn.internal.auth import (
    WebAuthn,
    begin_authentication,
    begin_registration,
    complete_authentication,
    complete_registration,
    extract_user_from_response,
    parse_authentication_response,
    parse_registration_response,
)
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login

__all__ = [
    "TOTP",
    "BaseAuthenticateForm",
    "Login",
    "RecoveryCodes",
    "WebAuthn",
    "begin_authentication",
    "begin_registration",
    "clear_authentication_records",
    "clear_login",
    "complete_authentication",
    "complete_registration",
    "context",
    "default_token_generator",
    "encrypt",
    "extract_user_from_response",
    "generate_totp_secret",
    "get_next_redirect_url",
    "parse_authentication_response",
    "parse_registration_response",
    "perform_login",
    "perform_passwordless_login",
    "ratelimit",
]
