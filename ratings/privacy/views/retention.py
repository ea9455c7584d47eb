"""How long records are kept, and what is stored: pages of administrators, who see codes and counts, never a name."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from alliance_tracker.accounts.access import for_roles, recently_signed_in
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from alliance_tracker.forms import carried_out, form_page, posted, refused_page, require_safe_or_post
from clients import codes
from clients.models import Episode
from ratings.privacy import actions, inventory
from ratings.privacy.forms import ErasureForm, HoldForm, RetentionFilterForm
from ratings.privacy.retention import WITH_THEM, counts_to_erase, filtered_records, hold_on, kept_records


def listed_client(pk: UUID) -> Episode:
    """Return the latest episode of a client, with the client's code and who holds it."""
    episodes = codes.latest_episodes().select_related("client").defer("client__name", "client__email")
    episode: Episode = get_object_or_404(episodes, client=pk)
    return episode


@for_roles("admin")
@require_safe
def retention(request: SignedInRequest) -> HttpResponse:
    record("caseload.viewed", by=request.user)
    form = RetentionFilterForm(request.GET)
    episodes: Any = filtered_records(**form.cleaned_data, service=request.service) if form.is_valid() else []
    page = Paginator(episodes, codes.PAGE_SIZE).get_page(request.GET.get("page"))
    rows = kept_records(list(page.object_list), request.service)
    return form_page(request, "ratings/privacy/retention.html", form, page=page, rows=rows, nav="retention")


@for_roles("admin")
@require_safe_or_post
def hold_record(request: SignedInRequest, pk: UUID) -> HttpResponse:
    episode = listed_client(pk)
    form = HoldForm(posted(request))
    if carried_out(form, actions.hold_record, client=episode.client, by=request.user):
        messages.success(request, f"{episode.client.code} is on hold.")
        return redirect("retention")
    return form_page(request, "ratings/privacy/hold_record.html", form, episode=episode, nav="retention")


@for_roles("admin")
@require_POST
@recently_signed_in
def lift_hold(request: SignedInRequest, pk: UUID) -> HttpResponse:
    hold = hold_on(pk)
    try:
        actions.lift_hold(hold, by=request.user)
    except ValidationError as refusal:
        return refused_page(request, refusal.messages)
    messages.success(request, "The hold is lifted.")
    return redirect("retention")


@for_roles("admin")
@require_safe_or_post
@recently_signed_in
def erase_client(request: SignedInRequest, pk: UUID) -> HttpResponse:
    episode = listed_client(pk)
    form = ErasureForm(posted(request), code=episode.client.code)
    if carried_out(form, actions.erase_client, client=episode.client, by=request.user):
        messages.success(request, "The record is erased. Copies in backups go as the backups expire.")
        return redirect("retention")
    record("erasure.previewed", by=request.user, client_id=pk)
    context = {
        "row": kept_records([episode], request.service)[0],
        "counts": counts_to_erase(episode.client),
        "with_them": WITH_THEM,
    }
    return form_page(request, "ratings/privacy/erase_client.html", form, episode=episode, nav="retention", **context)


@for_roles("admin")
@require_safe
def what_is_stored(request: SignedInRequest) -> HttpResponse:
    context = {"lines": inventory.lines(), "elsewhere": inventory.ELSEWHERE, "nav": "retention"}
    return TemplateResponse(request, "ratings/privacy/what_is_stored.html", context)
