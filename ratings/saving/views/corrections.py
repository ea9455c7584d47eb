"""Correct a rating, move it to another session, and show every version of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.forms import carried_out, form_page, posted, require_safe_or_post
from clients.client_pages import record_look
from clients.models import TherapySession
from ratings.elements import NOT_VALIDATED
from ratings.models import Rater, Rating
from ratings.saving import corrections
from ratings.saving.actions import AlreadySavedError
from ratings.saving.forms import MoveForm, ObserverForm, RatingForm, ReasonForm, initial_of
from ratings.saving.versions import VersionTable
from ratings.saving.views.existing_rating import existing_page

FORMS: dict[str, type[RatingForm]] = {Rater.CLINICIAN: RatingForm, Rater.OBSERVER: ObserverForm}


def own_rating(request: SignedInRequest, pk: UUID) -> Rating:
    ratings = Rating.objects.correctable_by(request.user, timezone.now()).select_related("author")
    rating = get_object_or_404(ratings, pk=pk)
    rating.session = session_of(request, rating)
    return rating


def session_of(request: SignedInRequest, rating: Rating) -> TherapySession:
    sessions = TherapySession.objects.responsible_for(request.user).numbered()
    return get_object_or_404(sessions.select_related("episode__client"), pk=rating.session_id)


@require_safe_or_post
def correct_rating(request: SignedInRequest, pk: UUID) -> HttpResponse:
    rating = own_rating(request, pk)
    client = rating.session.episode.client
    form = FORMS[rating.rater](posted(request), initial=initial_of(rating, {}))
    why = ReasonForm(posted(request))
    if form.is_valid() and why.is_valid():
        sent = {"key": form.cleaned_data["idempotency_key"], "version": form.cleaned_data["version"] or 0}
        given = {"rating": rating, "answers": form.answers, "by": request.user}
        try:
            if carried_out(why, corrections.correct_rating, **given, **sent):
                messages.success(request, "The correction is saved. What stood before is kept.")
                return redirect("client", client.pk)
        except AlreadySavedError as conflict:
            return existing_page(request, rating.session, conflict.rating, form, reason=why.cleaned_data["reason"])
    record_look(request, rating.session)
    context = {"form": form, "why": why, "rating": rating, "client": client, "not_validated": NOT_VALIDATED}
    wrong = form.errors or why.errors
    return TemplateResponse(request, "ratings/saving/correct_rating.html", context, status=422 if wrong else 200)


@require_safe_or_post
def move_rating(request: SignedInRequest, pk: UUID) -> HttpResponse:
    rating = own_rating(request, pk)
    client = rating.session.episode.client
    sessions = corrections.sessions_to_move_to(rating, request.user, timezone.now())
    form = MoveForm(posted(request), sessions=sessions)
    if carried_out(form, corrections.move_rating, rating=rating, by=request.user):
        messages.success(request, "The rating is moved here. Both clients are worked out again.")
        return redirect("client", form.cleaned_data["to"].episode.client_id)
    record_look(request, rating.session)
    return form_page(request, "ratings/saving/move_rating.html", form, rating=rating, client=client)


@require_safe
def rating_versions(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show every version of a rating; with `at` in the address, the one that stood then."""
    now = timezone.now()
    ratings = Rating.objects.responsible_for(request.user, now).opened(now).select_related("author")
    rating = get_object_or_404(ratings, pk=pk)
    rating.session = session_of(request, rating)
    client = rating.session.episode.client
    record_look(request, rating.session)
    history = VersionTable(rating, request.GET.get("at", ""))
    return TemplateResponse(request, "ratings/saving/rating_versions.html", {"history": history, "client": client})
