from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect

from alliance_tracker.accounts import actions
from alliance_tracker.accounts.access import for_roles, recently_signed_in
from alliance_tracker.accounts.forms import SettingsForm
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.forms import carried_out, form_page, posted, require_safe_or_post


@for_roles("admin")
@require_safe_or_post
@recently_signed_in
def service_settings(request: SignedInRequest) -> HttpResponse:
    initial = model_to_dict(request.service) | {"holidays": "\n".join(request.service.holidays)}
    form = SettingsForm(posted(request), initial=initial)
    if carried_out(form, actions.update_settings, by=request.user):
        messages.success(request, "The settings are saved.")
        return redirect("service_settings")
    return form_page(request, "accounts/service_settings.html", form)
