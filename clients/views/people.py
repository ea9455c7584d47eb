"""Pages for admins that know both people and clients: of a client they show the code, never more."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from alliance_tracker.accounts.access import for_roles, recently_signed_in
from alliance_tracker.accounts.models import User
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from alliance_tracker.forms import carried_out, form_page, posted, require_safe_or_post
from alliance_tracker.sentences import stopped
from clients import actions, codes
from clients.forms.people import (
    CaseloadForm,
    CodeFilterForm,
    DeactivateForm,
    HandOnClientForm,
    HandOnForm,
    NewClientCodeForm,
)


def caseload_form(request: SignedInRequest, kind: type[CaseloadForm], person: User) -> CaseloadForm:
    """Return the form as sent; with the button beside "Give all to", as typed and with that choice in every row."""
    if request.method != "POST":
        record("caseload.viewed", by=request.user, target=person)
    if "apply" in request.POST:
        return kind.with_everyone_applied(request.POST, person)
    return kind(posted(request), person=person)


@for_roles("admin")
@require_safe_or_post
@recently_signed_in
def deactivate_person(request: SignedInRequest, pk: UUID) -> HttpResponse:
    person = get_object_or_404(User.objects.active(), pk=pk)
    form = caseload_form(request, DeactivateForm, person)
    if carried_out(form, actions.deactivate_person, person=person, by=request.user):
        messages.success(request, f"{person.name} is deactivated.")
        return redirect("people")
    return form_page(request, "clients/deactivate_person.html", form, person=person, nav="people")


@for_roles("admin")
@require_safe_or_post
@recently_signed_in
def hand_on_caseload(request: SignedInRequest, pk: UUID) -> HttpResponse:
    person = get_object_or_404(User.objects.active(), pk=pk)
    form = caseload_form(request, HandOnForm, person)
    if done := carried_out(form, actions.hand_on_caseload, by=request.user):
        messages.success(request, f"Clients of {person.name} handed on: {done.result}.")
        return redirect("edit_person", pk)
    return form_page(request, "clients/hand_on_caseload.html", form, person=person, nav="people")


@for_roles("admin")
@require_safe
def client_codes(request: SignedInRequest) -> HttpResponse:
    record("caseload.viewed", by=request.user)
    form = CodeFilterForm(request.GET)
    found: Any = codes.found(**form.cleaned_data) if form.is_valid() else []
    page = Paginator(found, codes.PAGE_SIZE).get_page(request.GET.get("page"))
    return form_page(request, "clients/client_codes.html", form, page=page, nav="client_codes")


@for_roles("admin")
@require_safe_or_post
def new_client_code(request: SignedInRequest) -> HttpResponse:
    form = NewClientCodeForm(posted(request))
    if carried_out(form, actions.create_client, by=request.user):
        given = form.cleaned_data
        messages.success(request, f"{given['code']} is added. {given['clinician'].name} finds it under Clients.")
        return redirect("client_codes")
    return form_page(request, "clients/new_client_code.html", form, nav="client_codes")


@for_roles("admin")
@require_safe_or_post
@recently_signed_in
def hand_on_client(request: SignedInRequest, pk: UUID) -> HttpResponse:
    episode = get_object_or_404(codes.latest_episodes(), client=pk)
    form = HandOnClientForm(posted(request))
    if carried_out(form, actions.hand_on, episode=episode, by=request.user):
        messages.success(request, stopped(f"{episode.code} is handed on to {form.cleaned_data['to'].name}"))
        return redirect("client_codes")
    return form_page(request, "clients/hand_on_client.html", form, episode=episode, nav="client_codes")
