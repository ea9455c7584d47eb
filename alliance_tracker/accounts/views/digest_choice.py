from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from alliance_tracker.accounts import digest_choice
from alliance_tracker.accounts.access import for_roles
from alliance_tracker.accounts.digest_choice import person_of
from alliance_tracker.accounts.forms import DigestForm
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.forms import carried_out, require_safe_or_post


@for_roles("supervisor")
@require_POST
def choose_digest(request: SignedInRequest) -> HttpResponse:
    form = DigestForm(request.POST)
    if not carried_out(form, digest_choice.choose_digest, person=request.user, by=request.user):
        return HttpResponseBadRequest("Unknown day.")
    messages.success(request, "Your choice is saved.")
    return redirect("my_account")


@login_not_required
@csrf_exempt  # mail programs post to it: the signed address is the proof
@require_safe_or_post
def stop_digest(request: HttpRequest, token: str) -> HttpResponse:
    person = person_of(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        person = digest_choice.choose_digest(person, weekday=None, by=person)
    return TemplateResponse(request, "accounts/stop_digest.html", {"stopped": person.digest_weekday is None})
