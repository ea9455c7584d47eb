"""The forms about signals and strains: how a strain stands, a strain marked by hand, signals paused."""

from typing import Any, cast

from django import forms

from ratings.models import Rupture
from ratings.models.signal import Kind

NOTE_LENGTH = 500
STATEMENTS_WHILE_OPEN = [
    ("acknowledge", "I know about it"),
    ("delay", "I know about it, and I am on leave"),
    ("work", "We are working on it"),
    ("repaired", "It is repaired"),
    ("not_repaired", "It is not repaired, and closed"),
    ("not_a_strain", "It was not a strain"),
]
STATEMENTS_WHILE_CLOSED = [("reopen", "Open it again")]


def note_field() -> forms.CharField:
    return forms.CharField(
        label="Note",
        help_text="A few words for you and your supervisor. Leave out names.",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=NOTE_LENGTH,
        required=False,
    )


class RuptureStateForm(forms.Form):
    """How a rupture stands, as a person says it."""

    says = forms.ChoiceField(label="How does it stand?", widget=forms.RadioSelect)
    note = note_field()

    def __init__(self, *args: Any, rupture: Rupture, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = STATEMENTS_WHILE_OPEN if rupture.is_open else STATEMENTS_WHILE_CLOSED
        cast("forms.ChoiceField", self.fields["says"]).choices = choices


class MarkRuptureForm(forms.Form):
    """A rupture marked by hand."""

    kind = forms.ChoiceField(
        label="What did it look like?",
        help_text="Withdrawal: going quiet, going along, moving away. Confrontation: complaint, anger, pressure.",
        choices=Kind.choices,
        widget=forms.RadioSelect,
    )
    note = note_field()


class PauseSignalsForm(forms.Form):
    reason = forms.CharField(
        label="Why are signals paused for this client?",
        help_text="They still show on the client's page, but leave Today and the supervisor's list.",
        max_length=300,
    )


class LowAndSaidForm(forms.Form):
    """Whether what is said of a strain counts as part of a drop, from tomorrow on."""

    on = forms.TypedChoiceField(choices=[("yes", "On"), ("no", "Off")], coerce=lambda said: said == "yes")
