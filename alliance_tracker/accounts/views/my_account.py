from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from alliance_tracker.accounts import actions, mail
from alliance_tracker.accounts.forms import DigestForm, MyAccountForm
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.forms import carried_out, form_page, posted, require_safe_or_post


@sensitive_post_parameters("current_password")
@require_safe_or_post
def my_account(request: SignedInRequest) -> HttpResponse:
    person = request.user
    form = MyAccountForm(posted(request), request=request)
    if done := carried_out(form, actions.update_account, person=person):
        if done.result.email != person.email:
            mail.send_new_email_notice(person.email, done.result.name)
        messages.success(request, "Your account is saved.")
        return redirect("my_account")
    return form_page(request, "accounts/my_account.html", form, digest_form=DigestForm())


@require_GET
def csrf_token(request: SignedInRequest) -> HttpResponse:
    """Give a script of a page that outlived a sign-in the token to send again with."""
    return JsonResponse({"csrf": get_token(request)})
