from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alliance_tracker.accounts import actions, mail, second_factors, sign_ins
from alliance_tracker.accounts.access import for_roles, recently_signed_in
from alliance_tracker.accounts.forms import PersonForm, SupervisorForm
from alliance_tracker.accounts.models import Supervision, User
from alliance_tracker.accounts.people import pairs_of, with_open_clients
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.accounts.views.buttons import told_when_refused
from alliance_tracker.accounts.views.links import show_once
from alliance_tracker.forms import carried_out, posted, require_safe_or_post
from alliance_tracker.sentences import stopped


def person_or_404(pk: UUID) -> User:
    return get_object_or_404(User.objects.annotate(open_clients=with_open_clients()), pk=pk)


def form_of(person: User, request: HttpRequest | None = None) -> PersonForm:
    initial = {"name": person.name, "email": person.email, "roles": person.roles}
    return PersonForm(posted(request) if request else None, initial=initial)


def person_page(
    request: HttpRequest, person: User, form: PersonForm, pair_form: SupervisorForm | None = None
) -> HttpResponse:
    refused = bool(form.errors or (pair_form and pair_form.errors))
    context = {
        "person": person,
        "form": form,
        "pair_form": pair_form or SupervisorForm(clinician=person),
        "holds_clients": form.has_error(NON_FIELD_ERRORS, "holds_clients"),
        "today": timezone.localdate(),
        "has_second_factor": second_factors.has_second_factor(person),
        **pairs_of(person),
    }
    return TemplateResponse(request, "accounts/edit_person.html", context, status=422 if refused else 200)


@for_roles("admin")
@require_safe_or_post
@recently_signed_in
def edit_person(request: SignedInRequest, pk: UUID) -> HttpResponse:
    person = person_or_404(pk)
    form = form_of(person, request)
    if done := carried_out(form, actions.update_person, person=person, by=request.user):
        if done.result.email != person.email:
            mail.send_new_email_notice(person.email, done.result.name)
        if person == request.user and set(form.cleaned_data["roles"]) != set(person.roles):
            get_adapter().logout(request)
        messages.success(request, f"{done.result.name} is saved.")
        return redirect("people")
    return person_page(request, person, form)


@for_roles("admin")
@require_POST
@recently_signed_in
def add_supervisor(request: SignedInRequest, pk: UUID) -> HttpResponse:
    person = person_or_404(pk)
    pair_form = SupervisorForm(request.POST, clinician=person)
    if done := carried_out(pair_form, actions.add_supervisor, clinician=person, by=request.user):
        messages.success(request, stopped(f"{done.result.supervisor.name} is paired with {person.name}"))
        return redirect("edit_person", pk)
    return person_page(request, person, form_of(person), pair_form)


@for_roles("admin")
@require_POST
@recently_signed_in
def end_supervision(request: SignedInRequest, pk: UUID) -> HttpResponse:
    supervision = get_object_or_404(Supervision.objects.select_related("supervisor", "clinician"), pk=pk)
    with told_when_refused(request):
        actions.end_supervision(supervision, by=request.user)
        names = f"{supervision.supervisor.name} and {supervision.clinician.name}"
        messages.success(request, f"The supervision between {names} has ended.")
    back = supervision.supervisor_id if request.POST.get("back") == "supervisor" else supervision.clinician_id
    return redirect("edit_person", back)


@for_roles("admin")
@require_POST
@recently_signed_in
def make_reset_link(request: SignedInRequest, pk: UUID) -> HttpResponse:
    person = person_or_404(pk)
    with told_when_refused(request):
        return show_reset_link(request, person)
    return redirect("edit_person", pk)


def show_reset_link(request: SignedInRequest, person: User) -> HttpResponse:
    secret = actions.make_reset_link(person, by=request.user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": person.pk.hex, "key": secret})
    return show_once(request, kind="reset", name=person.name, path=path)


@for_roles("admin")
@require_POST
@recently_signed_in
def restore_person(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Let the person in again; the password from before no longer works, so a link for a new one follows."""
    person = person_or_404(pk)
    with told_when_refused(request):
        actions.restore_person(person, by=request.user)
        messages.success(request, f"{person.name} has access again.")
        return show_reset_link(request, person)
    return redirect("people")


@for_roles("admin")
@require_POST
@recently_signed_in
def let_in_again(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Unlock an account that was not used for long."""
    person = person_or_404(pk)
    with told_when_refused(request):
        sign_ins.let_in_again(person, by=request.user)
        messages.success(request, f"{person.name} can sign in again.")
    return redirect("edit_person", pk)


@for_roles("admin")
@require_POST
@recently_signed_in
def remove_second_factor(request: SignedInRequest, pk: UUID) -> HttpResponse:
    person = person_or_404(pk)
    with told_when_refused(request):
        second_factors.remove_second_factor(person, by=request.user)
        messages.success(request, f"The second factor of {person.name} is removed. They add a new one at sign-in.")
    return redirect("edit_person", pk)
