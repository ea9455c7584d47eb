"""What people hold in their hands at sign-in: the app that shows codes, and the pages that ask for them."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client as Browser

from alliance_tracker.accounts.second_factors import add_code_app
from tests.factories import PASSWORD

LOGIN = "/accounts/login/"
STEP = "/accounts/login/second-step/"
APP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_now(secret: str = APP_SECRET) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def code_that_lasts(seconds: int = 10) -> str:
    """Return a code that works for at least so long, waiting for the next one if need be: a browser takes its time."""
    left = 30 - time.time() % 30
    if left < seconds:
        time.sleep(left)
    return code_now()


def give_app(person) -> None:
    add_code_app(person, secret=APP_SECRET)


def codes_of(person) -> list[str]:
    return Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()


def sign_in(browser: Browser, person, password: str = PASSWORD, **more):
    return browser.post(LOGIN, {"login": person.email, "password": password, **more})
