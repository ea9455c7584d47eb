"""Emergency access: reading one client's record, for a reason that others see and review."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from alliance_tracker.accounts.access import for_roles, recently_signed_in
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from alliance_tracker.forms import carried_out, form_page, posted, require_safe_or_post
from clients import emergency, notices
from clients.client_pages import client_form_page
from clients.forms.emergency import EmergencyAccessForm, ReviewForm
from clients.models import EmergencyAccess


@for_roles("clinician", "supervisor")
@require_safe_or_post
@recently_signed_in
def emergency_access(request: SignedInRequest) -> HttpResponse:
    """Ask for four hours with one client's record. Whether there is such a client is said after a reason was given."""
    form = EmergencyAccessForm(posted(request))
    if done := carried_out(form, emergency.open_emergency_access, by=request.user):
        return redirect("client", done.result.pk)
    context = {
        "left": notices.attempts_left(request.user),
        "a_day": notices.A_DAY,
        "nav": "client_list",
    }
    if request.method != "POST":
        record("caseload.viewed", by=request.user)
        context["own"] = notices.open_to(request.user, timezone.now()).select_related("client")
    return form_page(request, "clients/emergency_access.html", form, **context)


@for_roles("supervisor")
@require_safe_or_post
def review_emergency_access(request: SignedInRequest, pk: UUID) -> HttpResponse:
    accesses = EmergencyAccess.objects.supervised_by(request.user).select_related("client", "user")
    access = get_object_or_404(accesses.by_others_than(request.user), pk=pk)
    if request.method != "POST":
        record("client.viewed", by=request.user, target=access, client_id=access.client_id)
    form = ReviewForm(posted(request))
    if carried_out(form, emergency.review_emergency_access, access=access, by=request.user):
        messages.success(request, "Your review is kept. The client's clinician sees it.")
        return redirect("supervision")
    return client_form_page(
        request, "clients/review_emergency_access.html", form, access.client, access=access, nav="supervision"
    )
