from calendar import day_name
from datetime import date
from functools import cache
from typing import Any, cast
from zoneinfo import available_timezones

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from alliance_tracker.accounts.models import (
    EMERGENCY_TEXT_LENGTH,
    FRANK_TEXT_LENGTH,
    MOST_KEEP_YEARS,
    MOST_LINK_DAYS,
    ROLES,
    Invitation,
    User,
)
from alliance_tracker.accounts.people import STATUSES
from alliance_tracker.accounts.requests import SignedInRequest

LONGEST = 256
PASSWORD_HELP = "At least 12 characters. A few words in a row are easy to remember."  # noqa: S105 - words
EARLIEST_YEAR, LATEST_YEAR = 1990, 2200


def plain(field: forms.Field, label: str, help_text: str = "") -> None:
    """Give a field of allauth's this service's words."""
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)


class NameField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="Name", max_length=120, **kwargs)


class WorkEmailField(forms.EmailField):
    """An e-mail, in lower case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="Work e-mail", max_length=254, **kwargs)

    def clean(self, value: Any) -> str:
        email: str = super().clean(value)
        return email.lower()


class PasswordField(forms.CharField):
    def __init__(self, label: str, autocomplete: str = "new-password", **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(label=label, strip=False, max_length=LONGEST, widget=widget, **kwargs)


class DateInput(forms.DateInput):
    input_type = "date"


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    def label_from_instance(self, obj: User) -> str:
        return obj.name


class SignInForm(allauth.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self.fields["login"], "Work e-mail")
        plain(self.fields["password"], "Password")
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "inputmode": "email", "autofocus": True}


class ResetForm(allauth.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self.fields["email"], "Work e-mail")


def name_new_passwords(form: forms.Form) -> None:
    plain(form.fields["password1"], "New password", PASSWORD_HELP)
    plain(form.fields["password2"], "New password again")
    for name in ("password1", "password2"):
        form.fields[name].validators.append(MaxLengthValidator(LONGEST))


class NewPasswordForm(allauth.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_new_passwords(self)


class ChangePasswordForm(allauth.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self.fields["oldpassword"], "Current password")
        name_new_passwords(self)


class PersonForm(forms.Form):
    name = NameField(widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = WorkEmailField(widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    roles = forms.MultipleChoiceField(
        label="Roles",
        choices=list(ROLES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role."},
    )


class InvitationForm(PersonForm):
    supervisor = PersonChoice(User.objects.supervisors(), label="Supervisor", required=False, empty_label="None yet")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("supervisor") and "clinician" not in given.get("roles", []):
            self.add_error("supervisor", "Only a clinician has a supervisor.")
        return given


class AcceptInvitationForm(forms.Form):
    """The account's first details. An invitation's own e-mail cannot be changed; the first admin gives theirs."""

    email = WorkEmailField(widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    name = NameField(widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = PasswordField("Password", help_text=PASSWORD_HELP)
    password_again = PasswordField("Password again")
    also_clinician = forms.BooleanField(label="I also see clients", required=False)

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        kwargs["initial"] = {"email": invitation.email, "name": invitation.name}
        super().__init__(*args, **kwargs)
        if invitation.email:
            self.fields["email"].disabled = True
            del self.fields["also_clinician"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        password, again = given.get("password"), given.pop("password_again", None)
        if password and again and password != again:
            self.add_error("password_again", "The two passwords differ.")
        elif password:
            try:
                validate_password(password, User(name=given.get("name", ""), email=given.get("email", "")))
            except ValidationError as weak:
                self.add_error("password", weak)
        return given


class MyAccountForm(forms.Form):
    name = NameField(widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = WorkEmailField(widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    current_password = PasswordField(
        "Current password", "current-password", required=False, help_text="Needed to change the e-mail only."
    )

    def __init__(self, *args: Any, request: SignedInRequest, **kwargs: Any) -> None:
        self.request = request
        kwargs["initial"] = {"name": request.user.name, "email": request.user.email}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        password = given.pop("current_password", "")
        if given.get("email", self.request.user.email) != self.request.user.email:
            self.check_password(password)
        return given

    def check_password(self, password: str) -> None:
        """Check it as at sign-in, so that wrong guesses are counted."""
        email = self.request.user.email
        try:
            known = password and get_adapter().authenticate(self.request, email=email, password=password)
        except ValidationError as refusal:
            self.add_error("current_password", refusal)
        else:
            if not known:
                self.add_error("current_password", "Give your current password to change the e-mail.")


class DigestForm(forms.Form):
    """On which day of the week a supervisor gets the digest."""

    weekday = forms.TypedChoiceField(
        choices=[("", "Never"), *((number, f"Each {day}") for number, day in enumerate(day_name))],
        coerce=int,
        empty_value=None,
        required=False,
    )


class SupervisorForm(forms.Form):
    supervisor = PersonChoice(User.objects.supervisors(), label="Supervisor", empty_label="Choose a supervisor")
    starts_on = forms.DateField(label="First day", required=False, widget=DateInput, help_text="Empty: from now on.")
    ends_on = forms.DateField(label="Last day", required=False, widget=DateInput, help_text="Empty: until you end it.")

    def __init__(self, *args: Any, clinician: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("PersonChoice", self.fields["supervisor"])
        field.queryset = User.objects.supervisors().exclude(pk=clinician.pk)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("starts_on", "ends_on"):
            if given.get(name) and not EARLIEST_YEAR <= given[name].year <= LATEST_YEAR:
                self.add_error(name, "Check the year.")
        return given


class PeopleFilterForm(forms.Form):
    q = forms.CharField(label="Search name or e-mail", max_length=100, required=False)
    role = forms.ChoiceField(label="Role", choices=[("", "Any role"), *ROLES.items()], required=False)
    status = forms.ChoiceField(label="Status", choices=list(STATUSES.items()), required=False)


class YearsField(forms.IntegerField):
    def __init__(self, label: str) -> None:
        super().__init__(label=label, min_value=1, max_value=MOST_KEEP_YEARS)


@cache
def time_zones() -> tuple[tuple[str, str], ...]:
    """Return the zones that are named for a place, and UTC. To find them reads hundreds of files: once a process."""
    places = {
        zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/"))
    }
    return tuple((zone, zone.replace("_", " ")) for zone in sorted(places | {"UTC"}))


class SettingsForm(forms.Form):
    name = forms.CharField(label="Name of the service", max_length=120, help_text="Shown at sign-in.")
    time_zone = forms.ChoiceField(
        label="Time zone",
        choices=time_zones,
        help_text="A day is a day in this zone: sessions, reminders, late ratings.",
    )
    require_second_factor = forms.BooleanField(label="Ask everyone for a second step at sign-in", required=False)
    blind = forms.BooleanField(label="Keep a client's rating closed until the clinician has rated", required=False)
    holidays = forms.CharField(
        label="Holidays",
        help_text="One day a line, as 2026-12-25. Weekends and these days do not count as working days.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        required=False,
    )
    link_days = forms.IntegerField(
        label="How many days a client's link works",
        help_text=f"From 1 to {MOST_LINK_DAYS}. It applies to links that are made from then on.",
        min_value=1,
        max_value=MOST_LINK_DAYS,
    )
    frank_text = forms.CharField(
        label="Invitation to be frank",
        help_text="Clients read it before their first form and before every fifth. Empty: nothing is shown.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=FRANK_TEXT_LENGTH,
        required=False,
    )
    emergency_text = forms.CharField(
        label="What to do in an emergency",
        help_text="Clients read it on every form. Name the number to call.",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=EMERGENCY_TEXT_LENGTH,
        required=False,
    )
    keep_years = YearsField("Years to keep a record after the therapy has ended")
    keep_years_after_death = YearsField("Years to keep it where the client has died")

    def clean_holidays(self) -> list[str]:
        """Return the days in order, each once."""
        days = set()
        for line in self.cleaned_data["holidays"].split():
            try:
                days.add(date.fromisoformat(line).isoformat())
            except ValueError:
                raise ValidationError(f"{line[:20]} is not a day. Write it as 2026-12-25.") from None
        return sorted(days)
