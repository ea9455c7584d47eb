"""A supervisor's meetings: the list, and one meeting with its cases."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alliance_tracker.accounts.access import for_roles
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from alliance_tracker.forms import carried_out, form_page, posted, refused_page, require_safe_or_post
from alliance_tracker.sentences import stopped
from ratings.models import AgendaItem, Meeting
from ratings.supervision import meeting_actions
from ratings.supervision.forms import CaseForm, MeetingForm
from ratings.supervision.meeting_page import MeetingPage, add_form

PAGE_LENGTH = 30


def own_meeting(request: SignedInRequest, pk: UUID) -> Meeting:
    return get_object_or_404(Meeting.objects.visible_to(request.user).select_related("supervisor"), pk=pk)


def own_case(request: SignedInRequest, pk: UUID) -> AgendaItem:
    cases = AgendaItem.objects.supervised_by(request.user).with_clients(timezone.now())
    return get_object_or_404(cases, pk=pk, meeting__supervisor=request.user)


@for_roles("supervisor")
@require_safe
def meetings(request: SignedInRequest) -> HttpResponse:
    own = Meeting.objects.visible_to(request.user).with_counts()
    page = Paginator(own, PAGE_LENGTH).get_page(request.GET.get("page"))
    return TemplateResponse(request, "ratings/supervision/meetings.html", {"page": page, "nav": "supervision"})


@for_roles("supervisor")
@require_safe_or_post
def prepare_meeting(request: SignedInRequest) -> HttpResponse:
    form = MeetingForm(posted(request), initial={"held_on": timezone.localdate()})
    if done := carried_out(form, meeting_actions.prepare_meeting, by=request.user):
        return redirect("meeting", done.result.pk)
    return form_page(request, "ratings/supervision/prepare_meeting.html", form, nav="supervision")


@for_roles("supervisor")
@require_safe
def meeting(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return meeting_page(request, MeetingPage(own_meeting(request, pk), timezone.now()))


def meeting_page(request: SignedInRequest, page: MeetingPage, status: int = 200) -> TemplateResponse:
    record("caseload.viewed", by=request.user)
    context = {"page": page, "meeting": page.meeting, "form": page.sent, "nav": "supervision", "now": page.now}
    return TemplateResponse(request, "ratings/supervision/meeting.html", context, status=status)


def carry_out(request: SignedInRequest, pk: UUID, action: Callable[..., Any], *about: Any, **how: Any) -> HttpResponse:
    """Carry out an action that needs nothing typed, and go back to the meeting."""
    try:
        action(*about, by=request.user, **how)
    except ValidationError as refusal:
        return refused_page(request, refusal.messages)
    return redirect("meeting", pk)


@for_roles("supervisor")
@require_POST
def propose_again(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return carry_out(request, pk, meeting_actions.propose_again, own_meeting(request, pk))


@for_roles("supervisor")
@require_POST
def close_meeting(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return carry_out(request, pk, meeting_actions.close_meeting, own_meeting(request, pk))


@for_roles("supervisor")
@require_POST
def add_case(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = own_meeting(request, pk)
    page = MeetingPage(found, timezone.now())
    form = add_form(found, page.now, request.POST)
    if carried_out(form, meeting_actions.add_case, meeting=found, by=request.user):
        return redirect("meeting", pk)
    page.add_form = form
    return meeting_page(request, page, 422)


@for_roles("supervisor")
@require_POST
def mark_case(request: SignedInRequest, pk: UUID) -> HttpResponse:
    item = own_case(request, pk)
    if request.POST.get("as") not in meeting_actions.MARKS:
        return HttpResponseBadRequest("Unknown mark.")
    return carry_out(request, item.meeting_id, meeting_actions.mark_case, item, mark=request.POST["as"])


@for_roles("supervisor")
@require_POST
def record_decision(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Save one case; where only its part of the page is asked for, answer with that."""
    item = own_case(request, pk)
    form = CaseForm(request.POST, item=item, user=request.user)
    saved = carried_out(form, meeting_actions.record_decision, item=item, by=request.user)
    if saved and not request.htmx:
        messages.success(request, stopped(f"Saved for {item.episode.client.code}"))
        return redirect(f"{reverse('meeting', args=[item.meeting_id])}#case-{item.pk}")
    meeting, now = own_meeting(request, item.meeting_id), timezone.now()
    page = MeetingPage(meeting, now) if saved else MeetingPage(meeting, now, sent=form, sent_item=item)
    if not request.htmx:
        return meeting_page(request, page, 422)
    context = {"page": page, "meeting": page.meeting, "case": page.case_of(item), "now": page.now, "just_saved": saved}
    return TemplateResponse(
        request, "ratings/supervision/parts/agenda_case.html", context, status=200 if saved else 422
    )
