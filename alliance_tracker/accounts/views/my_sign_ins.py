from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from alliance_tracker.accounts import sign_ins
from alliance_tracker.accounts.requests import SignedInRequest


def key_of_session(request: SignedInRequest) -> str:
    """Return the key of the session by which this person is signed in here."""
    return request.session.session_key or ""


@require_safe
def my_sign_ins(request: SignedInRequest) -> HttpResponse:
    rows = sign_ins.sign_ins_of(request.user, this=key_of_session(request))
    return TemplateResponse(request, "accounts/my_sign_ins.html", {"rows": rows})


@require_POST
def end_sign_in(request: SignedInRequest) -> HttpResponse:
    """End one of the others. This one ends by signing out."""
    mark = request.POST.get("mark", "")
    if mark == sign_ins.mark_of(key_of_session(request)):
        return redirect("account_logout")
    if sign_ins.end_sign_in(request.user, mark=mark):
        messages.success(request, "That sign-in has ended.")
    return redirect("my_sign_ins")


@require_POST
def end_other_sign_ins(request: SignedInRequest) -> HttpResponse:
    if sign_ins.end_other_sign_ins(request.user, this=key_of_session(request)):
        messages.success(request, "You are signed in here only.")
    return redirect("my_sign_ins")
