from datetime import date
from typing import Any

from django import forms
from django.db.models import Q

from alliance_tracker.accounts.models import User
from clients.forms.clients import EARLIEST_YEAR, LATEST_YEAR, DateInput
from clients.trail import KINDS

SMALL = {"class": "form-control form-control-sm"}
SUGGESTED = 100


class NamedPerson(forms.CharField):
    """Someone with an account, typed by name or e-mail: a service may have too many for a list."""

    def clean(self, value: Any) -> User | None:
        given = super().clean(value)
        named = list(User.objects.filter(Q(email=given.lower()) | Q(name__iexact=given))[:2]) if given else [None]
        if len(named) != 1:
            several = "Several people have this name. Give the e-mail."
            raise forms.ValidationError(several if named else "Nobody has this name or e-mail.")
        return named[0]


class TrailForm(forms.Form):
    before = forms.UUIDField(widget=forms.HiddenInput, required=False)
    person = NamedPerson(
        label="Person, by name or e-mail",
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs=SMALL | {"list": "people", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label="What", choices=[(key, words) for key, (words, _) in KINDS.items()], required=False)
    day = forms.DateField(label="Day", widget=DateInput(attrs=SMALL), required=False)

    @property
    def people(self) -> list[tuple[str, str]]:
        """The e-mail and name of some people, to be suggested while one types."""
        return list(User.objects.order_by("name").values_list("email", "name")[:SUGGESTED])

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day and not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            raise forms.ValidationError("Check the year.")
        return day
