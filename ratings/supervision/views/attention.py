"""The two buttons of a client who needs attention: Seen and Assign."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh, reswap, retarget

from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from alliance_tracker.forms import back, carried_out, refused_page, require_safe_or_post
from clients.models import Client, Episode
from ratings.strains import actions
from ratings.supervision import follow_ups
from ratings.supervision.attention import attention_of, signals_named
from ratings.supervision.views.follow_ups import follow_up_form


@require_POST
def review_client(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Record that this supervisor has seen the signals that stood in the row."""
    get_object_or_404(Client.objects.supervised_by(request.user), pk=pk)
    now = timezone.now()
    signals = signals_named(attention_of(request.user, pk, now), request.POST.getlist("signals"), now)
    if not signals:
        words = ["What stood there is no longer open. Reload the page."]
        return refused_page(request, words)
    actions.review_signals(signals, by=request.user)
    return attention_row(request, pk)


def attention_row(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Go back to where the person was; where only the row is asked for, answer with that."""
    if not request.htmx:
        return redirect(back(request))
    now = timezone.now()
    item = attention_of(request.user, pk, now)
    if item is None:
        return HttpResponseClientRefresh()
    shown = {"item": item, "back": resolve_url(back(request)), "now": now, "today": timezone.localdate(now)}
    return TemplateResponse(request, "ratings/supervision/parts/attention_row.html", shown)


@require_safe_or_post
def assign_follow_up(request: SignedInRequest, pk: UUID) -> HttpResponse:
    now = timezone.now()
    episodes = Episode.objects.supervised_by(request.user, now).latest_of_each_client().select_related("client")
    episode, item = get_object_or_404(episodes, client=pk), attention_of(request.user, pk, now)
    form = follow_up_form(request, episode)
    signals = signals_named(item, request.POST.getlist("signals"), now)
    if carried_out(form, follow_ups.assign_follow_up, episode=episode, signals=signals, by=request.user):
        return attention_row(request, pk)
    record("client.viewed", by=request.user, target=episode.client, client_id=pk)
    named = request.POST.getlist("signals") or [signal.summary["id"] for signal in item.signals] if item else []
    context = {
        "form": form,
        "client": episode.client,
        "signals": named,
        "is_seen": item is not None and item.is_seen,
        "back": resolve_url(back(request)),
        "nav": "supervision",
    }
    template = (
        "ratings/supervision/parts/assign_form.html" if request.htmx else "ratings/supervision/assign_follow_up.html"
    )
    response = TemplateResponse(request, template, context, status=422 if form.errors else 200)
    return retarget(reswap(response, "innerHTML"), f"#assign-{pk}") if request.htmx else response
