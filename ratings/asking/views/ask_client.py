"""A clinician's pages for asking a client: the ways to ask about one session, and the plan of when to ask."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.encryption import decrypt, encrypt
from alliance_tracker.forms import carried_out, posted, require_safe_or_post
from alliance_tracker.qr import qr_code
from clients.client_pages import client_form_page, editable_client, editable_session, open_episode, record_look
from clients.models import TherapySession
from ratings.asking import invitations
from ratings.asking.ask_status import AskStatus
from ratings.asking.forms import AskingPlanForm, initial_of

SHOWN_ONCE = "shown_once"


@require_safe_or_post
def ask_client(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Offer the ways to ask the client about this session. A secret that was just made is shown once."""
    session = editable_session(request, pk)
    if request.method == "POST":
        return ask(request, session)
    return asking_page(request, session, **secret_of(request, session))


def asking_page(
    request: SignedInRequest, session: TherapySession, *, status: int = 200, **more: Any
) -> TemplateResponse:
    record_look(request, session)
    now = timezone.now()
    context = {"session": session, "client": session.episode.client, "nav": "today", "today": timezone.localdate(now)}
    context |= {"asking": AskStatus(session, request.user, now), **more}
    return TemplateResponse(request, "ratings/asking/ask_client.html", context, status=status)


def ask(request: SignedInRequest, session: TherapySession) -> HttpResponse:
    way = WAYS.get(request.POST.get("by", ""))
    if way is None:
        return HttpResponseBadRequest("Unknown way to ask.")
    try:
        way(request, session)
    except ValidationError as refusal:
        return asking_page(request, session, status=409, refused=refusal.messages)
    return redirect("ask_client", session.pk)


def by_link(request: SignedInRequest, session: TherapySession) -> None:
    link, token = invitations.make_link(session, by=request.user)
    address = request.build_absolute_uri(reverse("answer_link", args=[token]))
    keep_secret(request, session, link=address, until=link.expires_at.isoformat())


def by_code(request: SignedInRequest, session: TherapySession) -> None:
    link, code = invitations.make_code(session, by=request.user)
    keep_secret(request, session, code=code, until=link.expires_at.isoformat())


def by_email(request: SignedInRequest, session: TherapySession) -> None:
    invitations.mail_link(session, by=request.user, site=request.build_absolute_uri("/"))
    messages.success(request, "The e-mail is on its way.")


def withdraw(request: SignedInRequest, session: TherapySession) -> None:
    invitations.withdraw_links(session, by=request.user)
    messages.success(request, "Withdrawn. What was open no longer works.")


WAYS: dict[str, Callable[[SignedInRequest, TherapySession], None]] = {
    "link": by_link,
    "code": by_code,
    "email": by_email,
    "withdraw": withdraw,
}


def keep_secret(request: SignedInRequest, session: TherapySession, **secret: str) -> None:
    """Keep what was just made for the next page, which shows it once. In the browser session it is encrypted."""
    request.session[SHOWN_ONCE] = encrypt(json.dumps({"session": str(session.pk), **secret}))


def secret_of(request: SignedInRequest, session: TherapySession) -> dict[str, Any]:
    """Return what was just made about this session, and forget it."""
    stored = request.session.pop(SHOWN_ONCE, "")
    kept = json.loads(decrypt(stored)) if stored else {}
    if kept.get("session") != str(session.pk):
        return {}
    shown = {"link": kept.get("link"), "code": kept.get("code"), "until": datetime.fromisoformat(kept["until"])}
    shown["code_page"] = request.build_absolute_uri(reverse("enter_code"))
    return shown | ({"qr": qr_code(kept["link"])} if kept.get("link") else {})


@require_safe_or_post
def edit_asking(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Set when the client is asked for a rating."""
    client = editable_client(request, pk)
    episode = open_episode(request, client)
    form = AskingPlanForm(posted(request), initial=initial_of(episode))
    if carried_out(form, invitations.set_asking_plan, episode=episode, by=request.user):
        messages.success(request, "Saved.")
        return redirect("client", pk)
    return client_form_page(request, "ratings/asking/edit_asking.html", form, client)
