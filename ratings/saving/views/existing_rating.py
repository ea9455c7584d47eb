"""Save what a rating form sent; where a rating is there already, show both, so that nothing typed is lost."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse
from django.utils import timezone

from alliance_tracker.accounts.requests import SignedInRequest
from clients.client_pages import record_look
from clients.models import TherapySession
from ratings.models import Rating
from ratings.saving.actions import AlreadySavedError, ClosedForChangesError, log_rating, may_be_changed
from ratings.saving.forms import RatingForm, initial_of, saved_answers, sent_answers, typed_fields


def save_or_refuse(
    request: SignedInRequest, session: TherapySession, form: RatingForm, page: Callable[..., TemplateResponse]
) -> TemplateResponse | None:
    """Save what was sent. Return None when it is saved, else the page that says why not, with all that was typed."""
    if not form.is_valid():
        return page(request, session, form)
    sent = {"key": form.cleaned_data["idempotency_key"], "version": form.cleaned_data["version"] or 0}
    try:
        log_rating(session, form.answers, rater=form.rater, by=request.user, **sent)
    except (AlreadySavedError, ClosedForChangesError) as conflict:
        return existing_page(request, session, conflict.rating, form)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return page(request, session, form)
    return None


def existing_page(
    request: SignedInRequest,
    session: TherapySession,
    rating: Rating | None,
    form: RatingForm | None = None,
    *,
    reason: str = "",
) -> TemplateResponse:
    """Show the rating that is there beside what was sent, and let the person decide.

    With a `reason`, what was sent is a correction, which may replace the other at any time.
    """
    record_look(request, session)
    context: dict[str, Any] = {"session": session, "client": session.episode.client, "rating": rating}
    context |= {"saved_marks": saved_answers(rating), "reason": reason}
    context["may_correct"] = rating is not None and rating.author_id == request.user.pk
    if form:
        context["typed_marks"] = sent_answers(form)
        may_replace = rating and (reason or may_be_changed(rating, request.user, timezone.now()))
        context["may_replace"] = bool(may_replace)
        context["replacement"] = type(form)(initial=initial_of(rating, typed_fields(form)))
    return TemplateResponse(request, "ratings/saving/existing_rating.html", context, status=409 if form else 200)
