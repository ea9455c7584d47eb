from typing import Any

from django import forms

from clients.actions import local
from clients.models import Client, Ending, Episode, Modality, Weekday

CODE_HELP = "What your service calls this client. No names, no birth dates."
EARLIEST_YEAR, LATEST_YEAR = 1990, 2200
NAME_HELP = "First name and initial are enough. Kept encrypted."
MAIL_HELP = "Where the client may be reached. Kept encrypted; nothing is sent to it without you."


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


class CodeField(forms.RegexField):
    """A practice code: letters, digits, dash, dot, slash, underscore; up to 20."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            r"^[\w./-]+$",
            label="Client code",
            help_text=CODE_HELP,
            max_length=20,
            error_messages={"invalid": "Use letters, digits, dash, dot or slash, without spaces."},
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            **kwargs,
        )


def modality_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="How you meet", choices=Modality.choices, widget=forms.RadioSelect, initial=Modality.IN_PERSON
    )


class ClientForm(forms.Form):
    code = CodeField()
    name = forms.CharField(
        label="Name",
        help_text=NAME_HELP,
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="E-mail",
        help_text=MAIL_HELP,
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class SessionForm(forms.Form):
    """A day and a time that become one moment in the service's time zone, named by `start_name`."""

    start_name = "starts_at"
    day = forms.DateField(label="Date", widget=DateInput)
    at = forms.TimeField(label="Time", widget=TimeInput)
    modality = modality_field()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "day" in given and not EARLIEST_YEAR <= given["day"].year <= LATEST_YEAR:
            self.add_error("day", "Check the year.")
        elif "day" in given and "at" in given:
            given[self.start_name] = local(given.pop("day"), given.pop("at"))
        return given


class FirstSessionForm(SessionForm):
    """The first session of a therapy; it may set the weekly pattern."""

    start_name = "first_session"
    weekly = forms.BooleanField(
        label="Every week on this day and time",
        help_text="Sessions are planned eight weeks ahead and wait for you on Today.",
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = "First session"


class NewClientForm(ClientForm, FirstSessionForm):
    field_order = ["code", "name", "email", "day", "at", "modality", "weekly"]


class PatternForm(forms.Form):
    """The weekly pattern of a therapy: a day and a time, or none."""

    weekday = forms.TypedChoiceField(
        label="Every week on",
        choices=[("", "No weekly pattern"), *Weekday.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    weekly_at = forms.TimeField(label="Time", widget=TimeInput, required=False)
    modality = modality_field()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("weekday") is None:
            given["weekly_at"] = None
        elif not given.get("weekly_at"):
            self.add_error("weekly_at", "Give the time of the weekly session.")
        return given


class EndingForm(forms.Form):
    ended_on = forms.DateField(label="Last day of this therapy", widget=DateInput)
    ending = forms.ChoiceField(label="How it ended", choices=Ending.choices, widget=forms.RadioSelect)


class VoidForm(forms.Form):
    reason = forms.CharField(
        label="Why was it added by mistake?",
        help_text="The session leaves every list and count. It stays in the record with this reason.",
        max_length=300,
    )


def initial_of_client(client: Client) -> dict[str, Any]:
    return {"code": client.code, "name": client.name, "email": client.email}


def initial_of_pattern(episode: Episode) -> dict[str, Any]:
    return {"weekday": episode.weekday, "weekly_at": episode.weekly_at, "modality": episode.modality}
