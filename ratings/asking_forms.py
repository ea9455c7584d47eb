from typing import Any

from django import forms

from clients.models import ASK_AT_MOST_EVERY, Episode

BY_HAND = "0"
ORDINALS = {2: "2nd", 3: "3rd"}
PLANS = [
    (BY_HAND, "By hand: only when you ask"),
    ("1", "After every session"),
    *((str(n), f"After every {ORDINALS.get(n, f'{n}th')} session") for n in range(2, ASK_AT_MOST_EVERY + 1)),
]


class AskingForm(forms.Form):
    """When a client is asked for a rating of their own: None by hand, else after every so many sessions."""

    every = forms.TypedChoiceField(
        label="Ask for a rating",
        help_text="Sessions count from the first: after every 3rd means 3, 6, 9. The client may always say no.",
        choices=PLANS,
        coerce=lambda value: int(value) or None,
    )


def initial_of_asking(episode: Episode) -> dict[str, Any]:
    return {"every": str(episode.ask_every or BY_HAND)}
