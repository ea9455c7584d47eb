"""Forms that take a passkey, a code or a password as proof of who somebody is."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError

from alliance_tracker.accounts.allauth_internals import (
    TOTP,
    BaseAuthenticateForm,
    RecoveryCodes,
    complete_authentication,
    complete_registration,
    context,
    encrypt,
    extract_user_from_response,
    parse_authentication_response,
    parse_registration_response,
    ratelimit,
)
from alliance_tracker.accounts.forms import PasswordField
from alliance_tracker.accounts.models import User
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record

NOT_A_PASSKEY = "The passkey was not taken. Try again, or use another way."


def record_failure(person: User) -> None:
    record("user.sign_in_failed", by=None, target=person)


@contextmanager
def counted(person: User) -> Iterator[None]:
    """Count a try as a failure unless it succeeds, and refuse it after too many.

    allauth's own forms forget all failures at one success, those of other people at the same address too.
    """
    tries = ratelimit.consume(
        context.request, app="allauth.account", action="login_failed", key=f"mfa-auth-user-{person.pk}"
    )
    if not tries:
        raise get_adapter().validation_error("too_many_login_attempts")
    yield
    tries.rollback()


class CodeField(forms.CharField):
    def __init__(self, label: str, **kwargs: Any) -> None:
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        super().__init__(label=label, max_length=20, widget=forms.TextInput(attrs=attrs), **kwargs)


class CredentialField(forms.JSONField):
    """What a browser answers when it was asked for a passkey."""

    default_error_messages = {"invalid": NOT_A_PASSKEY, "required": NOT_A_PASSKEY}
    widget = forms.HiddenInput

    def clean(self, value: Any) -> Any:
        credential = super().clean(value)
        if credential is not None and not (
            isinstance(credential, dict) and isinstance(credential.get("response"), dict)
        ):
            raise ValidationError(NOT_A_PASSKEY)
        return credential


class CheckedCode(BaseAuthenticateForm):
    """The code of the app, or one of the recovery codes."""

    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        with counted(self.user):
            self.authenticator = self.used_up(code)
        return code

    def used_up(self, code: str) -> Authenticator:
        found: Authenticator
        for found in Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN):
            kind = TOTP if found.type == Authenticator.Type.TOTP else RecoveryCodes
            if kind(found).validate_code(code):
                found.user = self.user
                return found
        record_failure(self.user)
        raise get_mfa_adapter().validation_error("incorrect_code")


class SecondStepForm(CheckedCode, AuthenticateForm):
    """The code at sign-in: of the app, or one of the recovery codes."""

    code = CodeField("Code", help_text="The six digits in your code app. A recovery code works too, once.")
    code.widget.attrs["autofocus"] = True


class PasskeyStepForm(AuthenticateWebAuthnForm):
    """A passkey at sign-in. Without a person it is the whole sign-in, and says who it is."""

    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        try:
            authenticator = self.used()
        except (AttributeError, KeyError, TypeError, ValueError) as malformed:
            raise ValidationError(NOT_A_PASSKEY) from malformed
        except ValidationError:
            if self.user:
                record_failure(self.user)
            raise
        if not authenticator.user.may_sign_in:
            raise ValidationError(NOT_A_PASSKEY)
        return authenticator

    def used(self) -> Authenticator:
        """Check what the browser answered. A stranger's tries are not counted: they would lock somebody else out."""
        credential = self.cleaned_data["credential"]
        parse_authentication_response(credential)
        with counted(self.user) if self.user else nullcontext():
            return complete_authentication(self.user or extract_user_from_response(credential), credential)


class PasskeySignInForm(PasskeyStepForm):
    passwordless = True


class ConfirmForm(forms.Form):
    """One of password, code and passkey, of the person who is signed in."""

    password = PasswordField("Password", "current-password")
    code = CodeField("Code")
    credential = CredentialField()

    def __init__(self, *args: Any, request: SignedInRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)
        sent = {name for name in self.fields if name in self.data}
        self.ask_for(sent or {"password"} if self.is_bound else set(self.fields))

    def ask_for(self, names: set[str]) -> None:
        for name, field in self.fields.items():
            field.required = name in names

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.ask_for(set(self.fields))  # on the page each way is whole by itself
        if self.errors:
            return given
        if given.get("credential"):
            self.check("credential", PasskeyStepForm({"credential": self.data["credential"]}, user=self.request.user))
        elif given.get("code"):
            self.check("code", CheckedCode({"code": given["code"]}, user=self.request.user))
        else:
            self.check_password(given["password"])
        return given

    def check(self, name: str, form: PasskeyStepForm | CheckedCode) -> None:
        if not form.is_valid():
            self.add_error(name, form.errors[name])
            return
        used = form.authenticator if isinstance(form, CheckedCode) else form.cleaned_data["credential"]
        used.record_usage()

    def check_password(self, password: str) -> None:
        """Check it as at sign-in, so that wrong guesses are counted."""
        try:
            known = get_adapter().authenticate(self.request, email=self.request.user.email, password=password)
        except ValidationError as refusal:
            self.add_error("password", refusal)
        else:
            if not known:
                self.add_error("password", "This is not your password.")


class CodeAppForm(forms.Form):
    """The first code that a new app shows."""

    code = CodeField("Code from the app")

    def __init__(self, *args: Any, person: User, secret: str, **kwargs: Any) -> None:
        self.person, self.secret = person, secret
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        app = TOTP(Authenticator(user=self.person, data={"secret": encrypt(self.secret)}))
        with counted(self.person):
            if not app.validate_code(code):
                raise ValidationError("This is not the code that the app shows now. Type the newest one.")
        return code

    def clean(self) -> dict[str, Any]:
        super().clean()
        return {"secret": self.secret}


class PasskeyForm(forms.Form):
    """A passkey that the browser has just made. It must have checked its person: by finger, face or PIN."""

    name = forms.CharField(
        label="Name", max_length=60, initial="This device", help_text="So that you tell your passkeys apart."
    )
    credential = CredentialField()

    def clean_credential(self) -> dict[str, Any]:
        credential: dict[str, Any] = self.cleaned_data["credential"]
        try:
            parse_registration_response(credential)
            made = complete_registration(credential)
        except (AttributeError, KeyError, TypeError, ValueError) as malformed:
            raise ValidationError(NOT_A_PASSKEY) from malformed
        if not made.is_user_verified():
            raise ValidationError("This key does not check who uses it. Set a PIN for it, or use another one.")
        return credential
