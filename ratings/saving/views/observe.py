"""The form of an observer: a supervisor who watched or listened to a session."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.forms import form_page, posted, require_safe_or_post
from clients.client_pages import record_look
from clients.models import TherapySession
from ratings.elements import NOT_VALIDATED
from ratings.models import Rater
from ratings.saving.actions import may_be_changed
from ratings.saving.forms import ObserverForm, initial_of
from ratings.saving.views.existing_rating import existing_page, save_or_refuse


@require_safe_or_post
def observe(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Rate a session that one watched or listened to, as a supervisor of the clinician."""
    sessions = TherapySession.objects.supervised_by(request.user).numbered()
    session = get_object_or_404(sessions.select_related("episode__client", "clinician"), pk=pk, voided_at=None)
    if request.method == "POST":
        return save(request, session)
    rating = session.ratings.given(session, Rater.OBSERVER, request.user)
    if rating and not may_be_changed(rating, request.user, timezone.now()):
        return existing_page(request, session, rating)
    return observer_page(request, session, ObserverForm(initial=initial_of(rating, {})), rating=rating)


def save(request: SignedInRequest, session: TherapySession) -> HttpResponse:
    if refused := save_or_refuse(request, session, ObserverForm(posted(request)), observer_page):
        return refused
    messages.success(request, "Your observer's rating is saved. You can change it for 15 minutes.")
    return redirect("client", session.episode.client_id)


def observer_page(
    request: SignedInRequest, session: TherapySession, form: ObserverForm, **more: Any
) -> TemplateResponse:
    record_look(request, session)
    context = {"session": session, "client": session.episode.client, "not_validated": NOT_VALIDATED, **more}
    return form_page(request, "ratings/saving/observe.html", form, **context)
