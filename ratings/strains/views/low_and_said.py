from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from alliance_tracker.accounts.access import for_roles, recently_signed_in
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.forms import carried_out, form_page, posted, require_safe_or_post
from ratings.strains.forms import LowAndSaidForm
from ratings.strains.said_switch import LowAndSaid, switch_low_and_said


@for_roles("admin")
@require_safe_or_post
@recently_signed_in
def low_and_said(request: SignedInRequest) -> HttpResponse:
    """Show what the rule does and how this service's answers bear it; switch it on or off from tomorrow on."""
    form = LowAndSaidForm(posted(request))
    if carried_out(form, switch_low_and_said, by=request.user):
        messages.success(request, "Switched. It holds for sessions from tomorrow on; nothing before changes.")
        return redirect("low_and_said")
    return form_page(request, "ratings/strains/low_and_said.html", form, rule=LowAndSaid(timezone.now()))
