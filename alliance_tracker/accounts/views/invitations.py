from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from alliance_tracker.accounts import actions, mail
from alliance_tracker.accounts.access import for_roles, recently_signed_in
from alliance_tracker.accounts.allauth_internals import perform_login
from alliance_tracker.accounts.forms import AcceptInvitationForm, InvitationForm
from alliance_tracker.accounts.models import Invitation
from alliance_tracker.accounts.people import usable_invitation
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.accounts.views.buttons import told_when_refused
from alliance_tracker.accounts.views.links import show_once
from alliance_tracker.forms import carried_out, form_page, posted, require_safe_or_post


def deliver(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    path = reverse("accept_invitation", args=[token])
    sent = bool(invitation.email) and mail.send_invitation(invitation, request.build_absolute_uri(path))
    email = invitation.email if sent else ""
    return show_once(request, kind="invitation", name=invitation.name, path=path, email=email)


@for_roles("admin")
@require_safe_or_post
@recently_signed_in
def invite_person(request: SignedInRequest) -> HttpResponse:
    form = InvitationForm(posted(request), initial={"roles": ["clinician"]})
    if done := carried_out(form, actions.invite_person, by=request.user):
        return deliver(request, *done.result)
    return form_page(request, "accounts/invite_person.html", form)


@for_roles("admin")
@require_POST
@recently_signed_in
def resend_invitation(request: SignedInRequest, pk: UUID) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.pending(), pk=pk)
    with told_when_refused(request):
        return deliver(request, invitation, actions.resend_invitation(invitation, by=request.user))
    return redirect("people")


@for_roles("admin")
@require_POST
@recently_signed_in
def withdraw_invitation(request: SignedInRequest, pk: UUID) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.pending(), pk=pk)
    with told_when_refused(request):
        actions.withdraw_invitation(invitation, by=request.user)
        messages.success(request, "The invitation is withdrawn. Its link no longer works.")
    return redirect("people")


@login_not_required
@sensitive_post_parameters("password", "password_again")
@require_safe_or_post
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    invitation = usable_invitation(token)
    if invitation is None:
        return no_invitation(request)
    form = AcceptInvitationForm(posted(request), invitation=invitation)
    try:
        if done := carried_out(form, actions.accept_invitation, invitation=invitation):
            response: HttpResponse = perform_login(request, done.result)
            return response
    except Invitation.DoesNotExist:
        return no_invitation(request)
    return form_page(request, "accounts/accept_invitation.html", form, invitation=invitation)


def no_invitation(request: HttpRequest) -> HttpResponse:
    """Answer alike for an address that is unknown, used, withdrawn or too old."""
    return TemplateResponse(request, "accounts/no_invitation.html", status=404)
