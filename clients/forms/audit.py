from datetime import date

from django import forms

from alliance_tracker.accounts.forms import PersonChoice
from alliance_tracker.accounts.models import User
from clients.forms.clients import EARLIEST_YEAR, LATEST_YEAR, DateInput
from clients.trail import KINDS

SMALL = {"class": "form-control form-control-sm"}


class TrailForm(forms.Form):
    before = forms.UUIDField(widget=forms.HiddenInput, required=False)
    person = PersonChoice(User.objects.order_by("name", "pk"), label="Person", empty_label="Everyone", required=False)
    kind = forms.ChoiceField(label="What", choices=[(key, words) for key, (words, _) in KINDS.items()], required=False)
    day = forms.DateField(label="Day", widget=DateInput(attrs=SMALL), required=False)

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day and not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            raise forms.ValidationError("Check the year.")
        return day
