"""Keep what is typed in a rating form as a draft."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.views.decorators.http import require_POST

from alliance_tracker.accounts.requests import SignedInRequest
from clients.client_pages import editable_session
from ratings.saving.drafts import keep_draft
from ratings.saving.forms import RatingForm, typed_fields


@require_POST
def keep_typed(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep a draft, for a script. Answers may be missing; one that is there must be possible."""
    session = editable_session(request, pk)
    form = RatingForm(request.POST)
    wrong = [error for errors in form.errors.as_data().values() for error in errors if error.code != "required"]
    if wrong:
        return JsonResponse({"error": "This could not be kept as a draft."}, status=422)
    keep_draft(session, typed_fields(form), by=request.user, key=form.cleaned_data.get("idempotency_key"))
    return JsonResponse({"kept_at": date_format(timezone.localtime(), "H:i")})
