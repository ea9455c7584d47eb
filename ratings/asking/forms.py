"""The client's form, the form that takes a spoken code, and the plan of when a client is asked."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from clients.models import ASK_AT_MOST_EVERY, Episode
from ratings.elements import ITEM_KEYS
from ratings.models import Rater
from ratings.saving.forms import AnswersForm


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


BY_HAND = "0"
ORDINALS = {2: "2nd", 3: "3rd"}
PLANS = [
    (BY_HAND, "By hand: only when you ask"),
    ("1", "After every session"),
    *((str(n), f"After every {ORDINALS.get(n, f'{n}th')} session") for n in range(2, ASK_AT_MOST_EVERY + 1)),
]


class AskingPlanForm(forms.Form):
    """When a client is asked for a rating: after every session, after every so many, or (None) by hand only."""

    every = forms.TypedChoiceField(
        label="Ask for a rating",
        help_text="Sessions count from the first: after every 3rd means 3, 6, 9. The client may always say no.",
        choices=PLANS,
        coerce=lambda value: int(value) or None,
    )


def initial_of(episode: Episode) -> dict[str, Any]:
    return {"every": str(episode.ask_every or BY_HAND)}
