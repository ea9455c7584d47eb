from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts.middleware import wants_json
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.forms import posted, require_safe_or_post
from clients.client_pages import editable_session, record_look
from clients.models import TherapySession
from ratings.asking.ask_status import AskStatus
from ratings.caseload.today import clinicians_day, next_to_rate
from ratings.elements import NOT_VALIDATED
from ratings.models import Rater, RatingDraft, Standing
from ratings.saving.actions import may_be_changed
from ratings.saving.forms import RatingForm, initial_of
from ratings.saving.saved_message import saved_message
from ratings.saving.views.existing_rating import existing_page, save_or_refuse


@require_safe_or_post
def rate(request: SignedInRequest, pk: UUID) -> HttpResponse:
    session = editable_session(request, pk)
    if request.method == "POST":
        return save(request, session)
    rating = session.ratings.given(session, Rater.CLINICIAN, request.user)
    if rating and not may_be_changed(rating, request.user, timezone.now()):
        return existing_page(request, session, rating)
    draft = RatingDraft.objects.kept_by(request.user, session)
    form = RatingForm(initial=initial_of(rating, draft.fields if draft else {}))
    return rating_page(request, session, form, rating=rating, draft=draft)


def save(request: SignedInRequest, session: TherapySession) -> HttpResponse:
    if refused := save_or_refuse(request, session, RatingForm(posted(request)), rating_page):
        return refused
    address = next_address(request, session)
    return JsonResponse({"next": address}) if wants_json(request) else redirect(address)


def next_address(request: SignedInRequest, session: TherapySession) -> str:
    """Return where saving leads: the client's page, or with "save and next" the next form that waits."""
    saved = f"?saved={session.pk}"
    if request.POST.get("then") != "next":
        return reverse("client", args=[session.episode.client_id]) + saved
    following = next_to_rate(request.user, timezone.now())
    return (reverse("rate", args=[following.pk]) if following else reverse("today")) + saved


def rating_page(request: SignedInRequest, session: TherapySession, form: RatingForm, **more: Any) -> TemplateResponse:
    now = timezone.now()
    record_look(request, session)
    context = {
        "form": form,
        "nav": "today",
        "session": session,
        "client": session.episode.client,
        "day": clinicians_day(request.user, now),
        "asking": AskStatus(session, request.user, now),
        "saved": saved_message(request.user, request.GET.get("saved", ""), now),
        "something_open": Standing.objects.editable_by(request.user).something_open(session.episode),
        "too_early": not session.is_due(now),
        "today": timezone.localdate(now),
        "not_validated": NOT_VALIDATED,
        **more,
    }
    return TemplateResponse(request, "ratings/caseload/rate.html", context, status=422 if form.errors else 200)
