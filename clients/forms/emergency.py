from django import forms

from clients.models import Verdict

LEAST_WORDS, MOST_WORDS = 10, 500


def sentence(label: str, help_text: str, too_short: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
        min_length=LEAST_WORDS,
        max_length=MOST_WORDS,
        error_messages={"required": too_short, "min_length": too_short},
    )


class EmergencyAccessForm(forms.Form):
    sought = forms.CharField(
        label="Client code",
        help_text="The whole code, as the service writes it.",
        max_length=36,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Give the client's code."},
    )
    reason = sentence(
        "Why do you need to read this record now?",
        "The client's clinician and the supervisor read this. Kept encrypted.",
        "Say why, in at least 10 characters.",
    )


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(
        label="Was the access justified?",
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )
    remark = sentence(
        "What do you base this on?",
        "One sentence. The client's clinician reads it. Kept encrypted.",
        "Say it in at least 10 characters.",
    )
