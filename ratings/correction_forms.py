from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from clients.models import TherapySession

REASON_LENGTH = 300


class SessionChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: TherapySession) -> str:
        client, start = obj.episode.client, timezone.localtime(obj.starts_at)
        named = f"{client.name} {client.code}" if client.name else client.code
        return f"{named}, session {obj.number}, {start:%a %-d %b %Y, %H:%M}"


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Why is it corrected?",
        help_text="Kept with the rating, beside what stood before. Leave out names.",
        max_length=REASON_LENGTH,
    )


class MoveForm(ReasonForm):
    to = SessionChoice(
        queryset=None,
        label="Which session was it for?",
        help_text="Sessions of your other clients that wait for a rating, at most 60 days before or after this one.",
        empty_label="Choose a session",
    )

    field_order = ["to", "reason"]

    def __init__(self, *args: Any, sessions: QuerySet[TherapySession], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = sessions
