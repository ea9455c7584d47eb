"""The forms about whole records: a hold, an erasure, a client's disagreement, and the filter of the list."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from clients.forms.clients import DateInput
from ratings.models import Tombstone
from ratings.privacy.retention import SHOWN

TEXT_LENGTH, REASON_LENGTH = 4000, 300


class RetentionFilterForm(forms.Form):
    q = forms.CharField(label="Search code", max_length=20, required=False)
    show = forms.ChoiceField(label="Show", choices=list(SHOWN.items()), required=False)


class HoldForm(forms.Form):
    reason = forms.CharField(
        label="Why must the record be kept?",
        help_text="Kept encrypted, and gone with the record. No client's name, please.",
        max_length=REASON_LENGTH,
    )
    until = forms.DateField(
        label="Until", required=False, widget=DateInput, help_text="The last day. Empty: until someone lifts it."
    )


class ErasureForm(forms.Form):
    """Why a record is erased, and its code typed out: nobody erases the wrong one by a slip."""

    basis = forms.ChoiceField(
        label="Why",
        choices=Tombstone.Basis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason."},
    )
    code = forms.CharField(
        label="Type the client's code to confirm", max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = code

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "code" in given and given.pop("code") != self.expected:
            self.add_error("code", ValidationError(f"Type {self.expected}, the code of the record to erase."))
        return given


class RectificationForm(forms.Form):
    text = forms.CharField(
        label="What does the client disagree with?",
        help_text="In the client's words, with the day of the session it is about. It cannot be changed later.",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=TEXT_LENGTH,
    )
