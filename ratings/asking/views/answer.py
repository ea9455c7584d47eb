"""The client's form and the pages around it. They name nobody, and nobody signs in to them."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from uuid_utils.compat import uuid7

from alliance_tracker.forms import carried_out, form_page, posted, require_safe_or_post
from ratings.asking import answering
from ratings.asking.answering import ClosedError, FormState, form_state, frank_is_due, link_of_token
from ratings.asking.device import client_device, give_to_client
from ratings.asking.forms import AnswerForm, CodeForm
from ratings.asking.guess_limits import count_wrong_guess, may_guess
from ratings.models import ClientLink


@login_not_required
@require_safe_or_post
def answer_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form of a one-time link. Only sending uses the link up; looking never does."""
    response = client_form(request, link_of_token(token))
    if response.status_code == 404 and not count_wrong_guess(request, "link"):
        return wait_page(request)
    return response


@login_not_required
@require_safe_or_post
def answer(request: HttpRequest) -> HttpResponse:
    """Show the form that this browser leads to. An answer to an earlier form, left open in it, finds the form over."""
    device = client_device(request)
    link = device.form() if device else None
    if link and request.method == "POST" and request.POST.get("form") != str(link.pk):
        link = None
    response = client_form(request, link)
    if link and response.status_code in {200, 422}:
        left = (link.expires_at - timezone.now()).total_seconds()
        response.headers["Refresh"] = f"{max(0, int(left)) + 1};url={reverse('thank_you')}"
    return response


def client_form(request: HttpRequest, link: ClientLink | None) -> HttpResponse:
    if link and request.method == "POST":
        return receive(request, link)
    state = form_state(link, timezone.now())
    if link is None or state == FormState.OVER:
        return closed_page(request)
    if state == FormState.STOPPED:
        context = {"link": link, "device": client_device(request)}
        return TemplateResponse(request, "ratings/asking/answer_stopped.html", context)
    return questions_page(request, link, AnswerForm(initial={"idempotency_key": uuid7()}))


def receive(request: HttpRequest, link: ClientLink) -> HttpResponse:
    try:
        match request.POST.get("do"):
            case "decline":
                answering.decline(link)
            case "stop":
                answering.stop_invitations(link)
                return redirect(request.path)
            case "resume":
                answering.resume_invitations(link)
                return redirect(request.path)
            case _:
                return send(request, link)
    except ClosedError:
        return closed_page(request)
    return redirect("thank_you")


def send(request: HttpRequest, link: ClientLink) -> HttpResponse:
    form = AnswerForm(request.POST)
    if form.is_valid():
        answering.send_answers(link, form.answers, key=form.cleaned_data["idempotency_key"])
        return redirect("thank_you")
    if form_state(link, timezone.now()) != FormState.OPEN:
        raise ClosedError
    return questions_page(request, link, form)


def questions_page(request: HttpRequest, link: ClientLink, form: AnswerForm) -> TemplateResponse:
    client, today = link.session.episode.client, timezone.localdate()
    context = {
        "link": link,
        "device": client_device(request),
        "frank": frank_is_due(client),
        "stopped": client.invitations_stopped_at is not None,
        "other_day": link.session.day if link.session.day != today else None,
    }
    return form_page(request, "ratings/asking/answer.html", form, **context)


def closed_page(request: HttpRequest) -> TemplateResponse:
    """Show the same page for a form that is sent, stopped, withdrawn or out of time, and for one that never was."""
    return TemplateResponse(request, "ratings/asking/answer_closed.html", status=404)


def wait_page(request: HttpRequest) -> TemplateResponse:
    return TemplateResponse(request, "ratings/asking/answer_later.html", status=429)


@login_not_required
@require_safe_or_post
def enter_code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(posted(request))
    if request.method == "POST":
        if not may_guess(request, "code"):
            return wait_page(request)
        if done := carried_out(form, answering.open_code):
            give_to_client(request, done.result)
            return redirect("answer")
        count_wrong_guess(request, "code")
    return form_page(request, "ratings/asking/enter_code.html", form)


@login_not_required
@require_safe
def thank_you(request: HttpRequest) -> HttpResponse:
    """Say thank you, and lead nowhere."""
    return TemplateResponse(request, "ratings/asking/thank_you.html", {"device": client_device(request)})
