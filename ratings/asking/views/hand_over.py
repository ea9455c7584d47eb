"""The page on which a clinician hands this device over to the client."""

from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.forms import carried_out, form_page, posted, require_safe_or_post
from clients.client_pages import editable_session, record_look
from clients.models import TherapySession
from ratings.asking import answering
from ratings.asking.device import give_to_client


@require_safe_or_post
def hand_over(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask whether to, then end the clinician's browser session and begin one that knows the client's form only."""
    session = editable_session(request, pk)
    client, back = session.episode.client, way_back(request, session)
    form = forms.Form(posted(request))
    if done := carried_out(form, answering.hand_over, session=session, by=request.user):
        give_to_client(request, done.result, by=str(request.user.pk), back=back)
        response = redirect("answer")
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
    record_look(request, session)
    return form_page(request, "ratings/asking/hand_over.html", form, session=session, client=client, back=back)


def way_back(request: SignedInRequest, session: TherapySession) -> str:
    """Return the page of this site that the person came from, else the client's."""
    came_from = request.POST.get("back") or request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        address = urlsplit(came_from)
        back = address.path + (f"?{address.query}" if address.query else "")
        if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
            return back
    return reverse("client", args=[session.episode.client_id])
