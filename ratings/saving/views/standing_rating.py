"""Save what a rating form sent, or show the rating that stands beside it: nothing typed is lost."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

from clients.client_pages import record_look
from clients.models import TherapySession
from ratings.models import Rating
from ratings.saving.actions import AlreadySavedError, ClosedForChangesError, log_rating, may_be_changed
from ratings.saving.forms import RatingForm, initial_of, marks, marks_of, typed


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
