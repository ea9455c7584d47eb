from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.views.decorators.http import require_http_methods, require_POST

from alliance_tracker.accounts.middleware import wants_json
from alliance_tracker.forms import posted
from clients.access import editable_session, record_look
from clients.models import TherapySession
from ratings.asking.question import Asking
from ratings.caseload.today import clinicians_day, next_to_rate
from ratings.elements import NOT_VALIDATED
from ratings.models import Rater, Rating, RatingDraft, Standing
from ratings.saving.actions import AlreadySavedError, ClosedForChangesError, log_rating, may_be_changed
from ratings.saving.drafts import keep_draft
from ratings.saving.forms import RatingForm, initial_of, marks, marks_of, typed
from ratings.saving.saved import just_saved


@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, pk: UUID) -> HttpResponse:
    session = editable_session(request, pk)
    if request.method == "POST":
        return save(request, session)
    rating = session.ratings.given(session, Rater.CLINICIAN, request.user)
    if rating and not may_be_changed(rating, request.user, timezone.now()):
        return standing_page(request, session, rating)
    draft = RatingDraft.objects.kept_by(request.user, session)
    form = RatingForm(initial=initial_of(rating, draft.fields if draft else {}))
    return rating_page(request, session, form, rating=rating, draft=draft)


def save(request: HttpRequest, session: TherapySession) -> HttpResponse:
    if refused := save_or_refuse(request, session, RatingForm(posted(request)), rating_page):
        return refused
    address = next_address(request, session)
    return JsonResponse({"next": address}) if wants_json(request) else redirect(address)


def next_address(request: HttpRequest, session: TherapySession) -> str:
    """Return where saving leads: the client's page, or with "save and next" the next form that waits."""
    saved = f"?saved={session.pk}"
    if request.POST.get("then") != "next":
        return reverse("client", args=[session.episode.client_id]) + saved
    following = next_to_rate(request.user, timezone.now())
    return (reverse("rate", args=[following.pk]) if following else reverse("today")) + saved


def rating_page(request: HttpRequest, session: TherapySession, form: RatingForm, **more: Any) -> TemplateResponse:
    now = timezone.now()
    record_look(request, session)
    context = {
        "form": form,
        "nav": "today",
        "session": session,
        "client": session.episode.client,
        "day": clinicians_day(request.user, now),
        "asking": Asking(session, request.user, now),
        "saved": just_saved(request.user, request.GET.get("saved", ""), now),
        "something_open": Standing.objects.editable_by(request.user).something_open(session.episode),
        "too_early": not session.is_due(now),
        "today": timezone.localdate(now),
        "not_validated": NOT_VALIDATED,
        **more,
    }
    return TemplateResponse(request, "ratings/caseload/rate.html", context, status=422 if form.errors else 200)


def save_or_refuse(
    request: HttpRequest, session: TherapySession, form: RatingForm, page: Callable[..., TemplateResponse]
) -> TemplateResponse | None:
    """Save what was sent; None when it is saved, else the page that says why not and loses nothing."""
    if not form.is_valid():
        return page(request, session, form)
    sent = {"key": form.cleaned_data["idempotency_key"], "version": form.cleaned_data["version"] or 0}
    try:
        log_rating(session, form.answers, rater=form.rater, by=request.user, **sent)
    except (AlreadySavedError, ClosedForChangesError) as conflict:
        return standing_page(request, session, conflict.rating, form)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return page(request, session, form)
    return None


def standing_page(
    request: HttpRequest,
    session: TherapySession,
    rating: Rating | None,
    form: RatingForm | None = None,
    *,
    reason: str = "",
) -> TemplateResponse:
    """Show the rating that stands beside what was sent: nothing is lost, and the person decides.

    With a `reason`, what was sent is a correction, which may replace another one at any time.
    """
    record_look(request, session)
    context = {"session": session, "client": session.episode.client, "rating": rating, "saved_marks": marks(rating)}
    context |= {"reason": reason, "may_correct": bool(rating) and rating.author_id == request.user.pk}
    if form:
        context["typed_marks"] = marks_of(form)
        may_replace = rating and (reason or may_be_changed(rating, request.user, timezone.now()))
        context["may_replace"] = bool(may_replace)
        context["replacement"] = type(form)(initial=initial_of(rating, typed(form)))
    return TemplateResponse(request, "ratings/saving/standing_rating.html", context, status=409 if form else 200)


@require_POST
def keep_typed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep a draft of the form, for a script; what is missing may be missing, what is there must be right."""
    session = editable_session(request, pk)
    form = RatingForm(request.POST)
    wrong = [error for errors in form.errors.as_data().values() for error in errors if error.code != "required"]
    if wrong:
        return JsonResponse({"error": "This could not be kept as a draft."}, status=422)
    keep_draft(session, typed(form), by=request.user, key=form.cleaned_data.get("idempotency_key"))
    return JsonResponse({"kept_at": date_format(timezone.localtime(), "H:i")})
