from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alliance_tracker.accounts.access import for_roles
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from alliance_tracker.forms import back, carried_out, form_page, posted, refused_page, require_safe_or_post
from clients.client_pages import editable_session, record_look
from clients.forms.clients import SessionForm, VoidForm
from clients.models import Attendance, TherapySession
from ratings.caseload import lists, sessions

MARKS: dict[str, tuple[Any, dict[str, Any], str]] = {
    "missed": (sessions.set_attendance, {"attendance": Attendance.MISSED}, "Marked as missed."),
    "cancelled": (sessions.set_attendance, {"attendance": Attendance.CANCELLED}, "Marked as cancelled."),
    "planned": (sessions.set_attendance, {"attendance": Attendance.PLANNED}, "Undone. The session counts again."),
    "not_suitable": (sessions.set_not_suitable, {"suitable": False}, "Marked as not suitable for a rating."),
    "suitable": (sessions.set_not_suitable, {"suitable": True}, "Undone. The session waits for a rating."),
}


@require_POST
def mark_session(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Mark a session as missed, cancelled or not suitable, or undo that: one click each."""
    session = editable_session(request, pk)
    if request.POST.get("as") not in MARKS:
        return HttpResponseBadRequest("Unknown mark.")
    action, values, done = MARKS[request.POST["as"]]
    try:
        action(session, by=request.user, **values)
    except ValidationError as refusal:
        return refused_page(request, refusal.messages)
    messages.success(request, done)
    return redirect(back(request))


@require_safe_or_post
def edit_session(request: SignedInRequest, pk: UUID) -> HttpResponse:
    session = editable_session(request, pk)
    start = timezone.localtime(session.starts_at)
    form = SessionForm(posted(request), initial={"day": start.date(), "at": start.time(), "modality": session.modality})
    if carried_out(form, sessions.move_session, session=session, by=request.user):
        return redirect("rate", pk) if session.is_due(timezone.now()) else redirect("client", session.episode.client_id)
    return session_page(request, "ratings/caseload/edit_session.html", form, session)


@require_safe_or_post
def void_session(request: SignedInRequest, pk: UUID) -> HttpResponse:
    session = editable_session(request, pk)
    form = VoidForm(posted(request))
    if carried_out(form, sessions.void_session, session=session, by=request.user):
        messages.success(request, "Taken out. It stays in the record with your reason.")
        return redirect("client", session.episode.client_id)
    return session_page(request, "ratings/caseload/void_session.html", form, session)


def session_page(request: SignedInRequest, template: str, form: Any, session: TherapySession) -> TemplateResponse:
    client = session.episode.client
    record_look(request, session)
    return form_page(request, template, form, session=session, client=client)


@for_roles("clinician")
@require_safe
def choose_client(request: SignedInRequest) -> HttpResponse:
    """Choose the client of a session that is not listed."""
    record("caseload.viewed", by=request.user)
    now = timezone.now()
    rows = lists.rows(lists.own(request.user, now, sort="code"), now, holder=request.user)
    return TemplateResponse(request, "ratings/caseload/choose_client.html", {"rows": rows, "now": now})
