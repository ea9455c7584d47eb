from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.forms import carried_out, posted, refused_page, require_safe_or_post
from clients.client_pages import client_form_page, editable_client, open_episode
from clients.forms.clients import EndingForm
from clients.models import Episode
from ratings.caseload import episodes


@require_safe_or_post
def end_episode(request: SignedInRequest, pk: UUID) -> HttpResponse:
    client = editable_client(request, pk)
    episode = open_episode(request, client)
    form = EndingForm(posted(request), initial={"ended_on": timezone.localdate()})
    if carried_out(form, episodes.end_episode, episode=episode, by=request.user):
        messages.success(request, "The therapy has ended. Its record stays readable here.")
        return redirect("client", pk)
    return client_form_page(request, "ratings/caseload/end_episode.html", form, client)


@require_POST
def reopen_episode(request: SignedInRequest, pk: UUID) -> HttpResponse:
    episode = get_object_or_404(Episode.objects.editable_by(request.user).latest_of_each_client(), client=pk)
    try:
        episodes.reopen_episode(episode, by=request.user)
    except ValidationError as refusal:
        return refused_page(request, refusal.messages)
    messages.success(request, "The therapy is open again.")
    return redirect("client", pk)
