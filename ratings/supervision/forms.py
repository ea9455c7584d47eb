"""Forms of supervision: a follow-up, a meeting, and what is decided about a case."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.forms.clients import DateInput
from ratings.models.supervision import WHAT_LENGTH, AgendaItem, Decision, clinician_now

MINUTES_LENGTH = 4000
CLINICIAN = "clinician"


class OwnerField(forms.TypedChoiceField):
    """Who is to do it: the clinician who holds the client, or one of the supervisors offered."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="Who", empty_value=None, **kwargs)

    def offer(self, clinician: User, supervisors: Sequence[User], user: User) -> None:
        """Offer these people, with "you" for the one who looks."""
        people = {CLINICIAN: clinician} | {str(person.pk): person for person in supervisors if person != clinician}
        self.choices = [(key, f"{each.name} (you)" if each == user else each.name) for key, each in people.items()]
        self.coerce = lambda key: None if key == CLINICIAN else people[key]


def due_field(**kwargs: Any) -> forms.DateField:
    return forms.DateField(label="By", widget=DateInput, **kwargs)


class FollowUpForm(forms.Form):
    """What is to be done for a client, by whom and by when."""

    what = forms.CharField(
        label="What should happen",
        max_length=WHAT_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    owner = OwnerField()
    due_on = due_field()

    def __init__(self, *args: Any, clinician: User, supervisors: Sequence[User], user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("OwnerField", self.fields["owner"]).offer(clinician, supervisors, user)


class MeetingForm(forms.Form):
    held_on = forms.DateField(label="Day of the meeting", widget=DateInput)


class CaseForm(forms.Form):
    """What was decided about one case, the one action that follows, and the minutes."""

    decision = forms.ChoiceField(label="Decision", choices=[("", "None yet"), *Decision.choices], required=False)
    review_on = forms.DateField(label="Review on", widget=DateInput, required=False)
    what = forms.CharField(
        label="Action", max_length=WHAT_LENGTH, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    owner = OwnerField()
    due_on = due_field(required=False)
    minutes = forms.CharField(
        label="Minutes", max_length=MINUTES_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, item: AgendaItem, user: User) -> None:
        super().__init__(data, auto_id=f"id_{item.pk.hex[-8:]}_%s", initial=initial_of(item))
        cast("OwnerField", self.fields["owner"]).offer(clinician_now(item.episode), [user], user)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        reviewing = given.get("decision") == Decision.REVIEW
        if reviewing and not given.get("review_on") and "review_on" not in self.errors:
            self.add_error("review_on", "Give the day of the review.")
        elif not reviewing:
            given["review_on"] = None
        if given.get("review_on") and given["review_on"] < timezone.localdate() and "review_on" in self.changed_data:
            self.add_error("review_on", "Choose a day from today on.")
        if given.get("what") and not given.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", "Give a day for the action.")
        return given


def initial_of(item: AgendaItem) -> dict[str, Any]:
    action = item.action
    return {
        "decision": item.decision,
        "review_on": item.review_on,
        "minutes": item.minutes,
        "what": action.what if action else "",
        "owner": str(action.owner_id) if action and action.owner_id else CLINICIAN,
        "due_on": action.due_on if action else None,
    }


class AddCaseForm(forms.Form):
    """A client added to a meeting by hand: one of those who are not there yet."""

    client = forms.ChoiceField(label="Add a client")

    def __init__(self, *args: Any, offered: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_key = {str(row.client.pk): row for row in offered}
        cast("forms.ChoiceField", self.fields["client"]).choices = [
            (key, f"{row.client.label} ({row.client.code}), {row.clinician.name}") for key, row in self.by_key.items()
        ]

    def clean_client(self) -> Any:
        key = self.cleaned_data["client"]
        if key not in self.by_key:
            raise ValidationError("Choose a client of the list.")
        return self.by_key[key]
