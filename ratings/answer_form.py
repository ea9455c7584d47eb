import re

from django import forms
from django.core.exceptions import ValidationError

from ratings.elements import ITEM_KEYS
from ratings.forms import AnswersForm
from ratings.models import Rater


class AnswerForm(AnswersForm):
    """The client's form: every question may be skipped, but not all of them."""

    rater = Rater.CLIENT

    def clean(self) -> None:
        if not self.errors and not any(self.cleaned_data.get(key) for key in ITEM_KEYS):
            raise ValidationError("Please answer at least one of the questions, or press Stop.")

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[key] for key in ITEM_KEYS]


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Your code",
        help_text="Eight letters and numbers.",
        max_length=40,
        error_messages={"required": "Type the code that you were told."},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code-in"}
        ),
    )

    def clean_code(self) -> str:
        return re.sub(r"[\s-]", "", self.cleaned_data["code"]).upper()
