"""Forms of admins: they know clients by their code."""

from collections.abc import Iterator
from typing import Any, Self, cast

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from alliance_tracker.accounts.forms import PersonChoice
from alliance_tracker.accounts.models import User
from clients.codes import STATUSES, held_by
from clients.forms.clients import CodeField
from clients.models import Episode

WHY_DEACTIVATED = ("Left the service", "Long leave", "Security concern", "Other")
CHOOSE = "Choose a clinician"


class CodeFilterForm(forms.Form):
    q = forms.CharField(label="Search code", max_length=20, required=False)
    status = forms.ChoiceField(label="Status", choices=list(STATUSES.items()), required=False)


class NewClientCodeForm(forms.Form):
    code = CodeField()
    clinician = PersonChoice(User.objects.clinicians(), label="Clinician", empty_label=CHOOSE)


class HandOnClientForm(forms.Form):
    to = PersonChoice(User.objects.clinicians(), label="New clinician", empty_label=CHOOSE)


class CaseloadForm(forms.Form):
    """Who takes over each open client of a person; gives `to`, a clinician for each chosen episode."""

    complete = False
    everyone = forms.ChoiceField(label="Give all to", required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.episodes = {f"to_{episode.pk.hex}": episode for episode in held_by(person)}
        self.clinicians = {str(each.pk): each for each in User.objects.clinicians() if each != person}
        choices = [("", CHOOSE), *((pk, each.name) for pk, each in self.clinicians.items())]
        cast("forms.ChoiceField", self.fields["everyone"]).choices = choices
        for name, episode in self.episodes.items():
            missing = {"required": "Choose who takes over."}
            self.fields[name] = forms.ChoiceField(
                label=episode.code, choices=choices, required=self.complete, error_messages=missing
            )
        self.order_fields(["everyone", *self.episodes])

    @classmethod
    def with_everyone_applied(cls, data: QueryDict, person: User) -> Self:
        """Return the form as it was typed, with the choice for all in every row."""
        form = cls(initial=data.dict(), person=person)
        if everyone := data.get("everyone"):
            form.initial = {**form.initial, **dict.fromkeys(form.episodes, everyone)}
        return form

    def rows(self) -> Iterator[tuple[Episode, BoundField]]:
        return ((episode, self[name]) for name, episode in self.episodes.items())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        chosen = {name: given.pop(name, "") for name in self.episodes}
        given.pop("everyone", None)
        given["to"] = {self.episodes[name]: self.clinicians[pk] for name, pk in chosen.items() if pk}
        return given


class HandOnForm(CaseloadForm):
    reason = forms.CharField(
        label="Reason", max_length=200, required=False, help_text="Goes in the audit trail. No client's name, please."
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not given["to"] and not self.errors:
            raise forms.ValidationError("Choose a new clinician for at least one client.")
        return given


class DeactivateForm(CaseloadForm):
    complete = True
    why = forms.ChoiceField(
        label="Reason",
        choices=[(why, why) for why in WHY_DEACTIVATED],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason."},
    )
    detail = forms.CharField(
        label="Detail", max_length=200, required=False, help_text="Goes in the audit trail. No client's name, please."
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        given["reason"] = ": ".join(filter(None, [given.pop("why", ""), given.pop("detail", "")]))
        return given
