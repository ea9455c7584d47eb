"""What a client may ask for of their record: a copy, a note of disagreement."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from alliance_tracker.accounts.access import recently_signed_in
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from alliance_tracker.forms import carried_out, posted, require_safe_or_post
from clients.client_pages import client_form_page, editable_client
from ratings.privacy import actions
from ratings.privacy.client_copy.zip_file import write_copy
from ratings.privacy.forms import RectificationForm


@require_safe_or_post
@recently_signed_in
def copy_for_client(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Say what the copy holds, and send it as one zip file."""
    client = editable_client(request, pk)
    if request.method != "POST":
        return TemplateResponse(request, "ratings/privacy/copy_for_client.html", {"client": client})
    record("record.copied", by=request.user, target=client, client_id=pk)
    content = write_copy(client, request.user, timezone.now())
    headers = {"Content-Disposition": 'attachment; filename="record.zip"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)


@require_safe_or_post
def add_rectification(request: SignedInRequest, pk: UUID) -> HttpResponse:
    client = editable_client(request, pk)
    form = RectificationForm(posted(request))
    if carried_out(form, actions.add_rectification, client=client, by=request.user):
        messages.success(request, "Noted. It stands on the client's page, and in every copy of the record.")
        return redirect("client", pk)
    return client_form_page(request, "ratings/privacy/add_rectification.html", form, client)
