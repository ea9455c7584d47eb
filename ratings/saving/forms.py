"""The forms that a rating is given in, by a clinician, a client or an observer, and those that correct or move one."""

from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from uuid_utils.compat import uuid7

from clients.models import TherapySession
from ratings.elements import (
    COMPONENTS,
    DISCUSSED,
    DISCUSSED_QUESTION,
    ELEMENTS,
    ITEM_KEYS,
    ITEMS,
    SCALE,
    STRAIN,
    STRAIN_QUESTION,
    TALKED,
    TALKED_QUESTION,
    Item,
)
from ratings.models import Rater, Rating

NOT_OBSERVED = "na"
NOT_OBSERVED_LABEL, SKIP_LABEL = "Not observed", "Skip this one"
NOTE_LENGTH = 500
HIDDEN = {"idempotency_key", "version"}


class ScoreField(forms.TypedChoiceField):
    """One row of the form: an item, answered from 1 to 7 or left out (None). Nothing is chosen beforehand."""

    def __init__(self, item: Item, rater: str) -> None:
        self.item, self.statement = item, getattr(item, rater)
        self.explained = item.help if rater == Rater.CLINICIAN else ()
        label, left_out = (self.statement, SKIP_LABEL) if rater == Rater.CLIENT else (item.name, NOT_OBSERVED_LABEL)
        super().__init__(
            choices=[*((str(score), word) for score, word in SCALE.items()), (NOT_OBSERVED, left_out)],
            coerce=lambda value: None if value == NOT_OBSERVED else int(value),
            empty_value=None,
            widget=forms.RadioSelect,
            label=label,
            required=rater != Rater.CLIENT,
            error_messages={"required": f"Choose 1 to 7, or {left_out}"},
        )


def optional_choice(label: str, words: dict[str, str]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(words.items()), widget=forms.RadioSelect, required=False)


class RowGroup(Div):  # type: ignore[misc]  # crispy-forms has no types
    """A titled group of rows."""

    template = "ratings/saving/parts/rating_group.html"

    def __init__(self, title: str, *keys: str, shown: bool = True) -> None:
        rows = [Field(key, template="ratings/saving/parts/rating_row.html") for key in keys]
        super().__init__(
            *rows, css_id=f"group_{keys[0]}", css_class="rate-group__title" if shown else "visually-hidden"
        )
        self.title = title


ROWS = Div(
    RowGroup(ELEMENTS["working_alliance"], *COMPONENTS),
    RowGroup("The other four elements", *(key for key in ITEM_KEYS if key not in COMPONENTS), shown=False),
    css_class="rates",
)
QUESTIONS = (
    Field("strain", template="ratings/saving/parts/ask.html"),
    Field("strain_discussed", template="ratings/saving/parts/ask.html"),
    Field("discussed", template="ratings/saving/parts/ask_discussed.html"),
)
NOTE = Div("note", css_class="note")


class AnswersForm(forms.Form):
    """What every rater is asked. The hidden key tells one filled form from another, and when it was opened."""

    rater: str

    strain = optional_choice(STRAIN_QUESTION, dict(STRAIN))
    strain_discussed = optional_choice(TALKED_QUESTION, dict(TALKED))
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {item.key: ScoreField(item, self.rater) for item in ITEMS}
        self.order_fields(ITEM_KEYS)

    def clean_strain_discussed(self) -> str:
        strained = self.cleaned_data.get("strain") in {"slight", "clear"}
        return self.cleaned_data["strain_discussed"] if strained else ""

    @property
    def answers(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if key not in HIDDEN}


class RatingForm(AnswersForm):
    """The clinician's form. `version` is that of the rating it changes, 0 for a new one."""

    rater = Rater.CLINICIAN
    layout = Layout(ROWS, *QUESTIONS, NOTE)
    scale = list(SCALE.items())
    note_help = "A few words for you and your supervisor. Not a clinical record; leave out names."

    discussed = optional_choice(DISCUSSED_QUESTION, dict(DISCUSSED))
    note = forms.CharField(
        label="Note",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=NOTE_LENGTH,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=10_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = self.note_help
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf = False, True
        self.helper.render_hidden_fields = False
        self.helper.layout = self.layout

    @property
    def is_blank(self) -> bool:
        """Whether nothing is filled in, so that its rows are the same for everyone and can be cached."""
        return not self.is_bound and self.initial.keys() <= HIDDEN


class ObserverForm(RatingForm):
    """The form of someone who watched or listened: the seven rows and a note of their own."""

    rater = Rater.OBSERVER
    layout = Layout(ROWS, NOTE)
    note_help = "A few words for the clinician, who reads them. Leave out names."

    strain = strain_discussed = discussed = None  # type: ignore[assignment]  # in Django this takes a field out


def typed_fields(form: RatingForm) -> dict[str, str]:
    """Return what was sent in the visible fields, as sent."""
    return {name: form.data.get(name, "") for name in form.fields if name not in HIDDEN}


def saved_answers(rating: Rating | None) -> list[tuple[str, str]]:
    """Return the name of each row and the rating's answer; empty without a rating."""
    return [(item.name, str(rating.items[item.key] or "not observed")) for item in ITEMS] if rating else []


def sent_answers(form: RatingForm) -> list[tuple[str, str]]:
    """Return the name of each row and the answer that was sent."""
    sent = {item.name: form.data.get(item.key, "") for item in ITEMS}
    return [(name, "not observed" if answer == NOT_OBSERVED else answer) for name, answer in sent.items()]


def initial_of(rating: Rating | None, draft: dict[str, Any]) -> dict[str, Any]:
    """Return what a fresh form starts with: the draft, else the rating it would change, and a key of its own."""
    saved = {}
    if rating:
        saved = {key: NOT_OBSERVED if score is None else score for key, score in rating.items.items()}
        saved |= {name: getattr(rating, name) for name in ("strain", "strain_discussed", "discussed", "note")}
    return saved | draft | {"idempotency_key": uuid7(), "version": rating.version if rating else 0}


REASON_LENGTH = 300


class SessionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
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
        cast("SessionChoice", self.fields["to"]).queryset = sessions
