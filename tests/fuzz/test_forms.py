"""Whatever a form is given, it says whether it is valid; it never breaks."""

import inspect
from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance_tracker.accounts.models import User
from clients.models import TherapySession
from ratings.models import Rupture
from tests.fuzz.hostile import VALUES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
SENT_WHOLE = {  # they know a request or a record, and are sent whole in the other tests of this folder
    *("SignInForm", "ResetForm", "NewPasswordForm", "ChangePasswordForm", "MyAccountForm", "ConfirmForm"),
    *("AcceptInvitationForm", "SecondStepForm", "PasskeyStepForm", "PasskeySignInForm", "AnswersForm", "CaseloadForm"),
    *("CodeAppForm", "CheckedCode", "CaseForm"),
}
NEEDS = {
    "SupervisorForm": lambda: {"clinician": User()},
    "HandOnForm": lambda: {"person": User()},
    "DeactivateForm": lambda: {"person": User()},
    "MoveForm": lambda: {"sessions": TherapySession.objects.none()},
    "ErasureForm": lambda: {"code": "R-1"},
    "RuptureStateForm": lambda: {"rupture": Rupture(state="open", source="rule")},
    "FollowUpForm": lambda: {"clinician": User(name="Ada"), "supervisors": [], "user": User(name="Ada")},
    "AddCaseForm": lambda: {"offered": []},
}
TEXTS = st.one_of(
    st.sampled_from([value for value in VALUES.values() if isinstance(value, str)]),
    st.text(max_size=40),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.times().map(str),
    st.uuids().map(str),
)


def form_classes() -> dict[str, type[forms.BaseForm]]:
    """Return every form of the three apps by its name."""
    files = [
        path for app in ("alliance_tracker", "clients", "ratings") for path in ROOT.joinpath(app).rglob("*form*.py")
    ]
    files += list(ROOT.joinpath("clients/forms").glob("*.py"))
    found = {}
    for path in files:
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        members = inspect.getmembers(module, inspect.isclass)
        own = {name: each for name, each in members if each.__module__ == module.__name__}
        found |= {name: each for name, each in own.items() if issubclass(each, forms.BaseForm)}
    return found


FORMS = {name: each for name, each in form_classes().items() if name not in SENT_WHOLE}


def test_forms_are_found_in_every_app():
    assert {"InvitationForm", "NewClientForm", "RuptureStateForm"} <= set(FORMS)


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_form_breaks(name, data):
    given = NEEDS.get(name, dict)()
    fields = FORMS[name](**given).fields
    sent = QueryDict(mutable=True)
    for field in data.draw(st.lists(st.sampled_from(sorted(fields) or ["none"]), unique=True)):
        sent.setlist(field, data.draw(st.lists(TEXTS, max_size=3)))
    form = FORMS[name](sent, **given)
    assert form.is_valid() in {True, False}
    str(form.errors)
