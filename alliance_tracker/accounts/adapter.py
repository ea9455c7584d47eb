from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts import mail
from alliance_tracker.accounts.browser_sessions import DEVICE
from alliance_tracker.accounts.models import User
from alliance_tracker.accounts.parked import parked
from alliance_tracker.accounts.requests import ServiceRequest, SignedInRequest
from alliance_tracker.accounts.sign_ins import device_words, drop_sign_ins
from alliance_tracker.audit.actions import record
from alliance_tracker.encryption import decrypt, encrypt

NO_MATCH = "The e-mail or the password is not right. Check both and try again."


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation only. Sign-ins, failed ones and sign-outs are recorded in the audit trail."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": NO_MATCH,
        "enter_current_password": "This is not your current password.",
        "too_many_login_attempts": "Too many failed attempts. Wait, or ask an administrator for a reset link.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        return False

    def is_ajax(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Answer everyone with pages: there is no second way in."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user = cast("User | None", super().authenticate(request, **credentials))
        if user is not None and not user.may_sign_in:
            self.authentication_failed(request, **credentials)
            return None
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ARG002
        record("user.sign_in_failed", by=None, target=User.objects.filter(email=credentials.get("email", "")).first())

    def login(self, request: HttpRequest, user: User) -> None:  # type: ignore[override]  # of this service's users
        """Begin a session under a new key, also when the person comes back to one that was locked.

        Between the password and the second step the account may have been deactivated or locked.
        """
        if not user.may_sign_in:
            messages.error(request, NO_MATCH)
            raise ImmediateHttpResponse(redirect("account_login"))
        comes_back = SESSION_KEY in request.session
        super().login(request, user)
        if comes_back:
            request.session.cycle_key()
        request.session[DEVICE] = device_words(request.headers.get("User-Agent", ""))

    def post_login(  # type: ignore[override]  # of this service's users, and with whatever details
        self, request: ServiceRequest, user: User, **details: Any
    ) -> HttpResponse:
        """Lead on; first of all to what the person had sent when the session was locked."""
        record("user.signed_in", by=user, target=user)
        response = super().post_login(request, user, **details)
        return redirect("resume") if parked(request, timezone.now()) else response

    def logout(self, request: SignedInRequest) -> None:  # type: ignore[override]  # nobody else can sign out
        record("user.signed_out", by=request.user, target=request.user)
        super().logout(request)

    @transaction.atomic
    def set_password(self, user: User, password: str) -> None:  # type: ignore[override]  # as above
        user.set_password(password)
        user.save(update_fields=["password"])
        record("user.password_changed", by=user, target=user)
        is_own = self.request.user.is_authenticated
        drop_sign_ins(user, but=self.request.session.session_key if is_own else None)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - allauth's signature
        return reverse("my_account")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return an address of the configured service, whatever host the request named."""
        uid, secret = key.split("-", 1)
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": secret})
        return f"{settings.BASE_URL}{path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if not mail.send(email, template_prefix, **context):
            messages.error(self.request, "The e-mail could not be sent. Ask an administrator for a reset link.")
            raise ImmediateHttpResponse(redirect("account_reset_password"))


class MFAAdapter(DefaultMFAAdapter):
    """Passkeys, code apps and recovery codes: their secrets are kept encrypted."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This did not work. Type the newest code, or try the passkey again.",
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def _get_site_name(self) -> str:
        return settings.MFA_TOTP_ISSUER
