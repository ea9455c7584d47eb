"""Sign-in, sign-out and passwords: django-allauth's pages, as far as this service uses them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as allauth
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from alliance_tracker.accounts.forms import ChangePasswordForm, NewPasswordForm, ResetForm, SignInForm

View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """Let a page of allauth's answer reading and sending only, and a refused form with 422."""

    @wraps(view)
    def shown(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = view(request, **kwargs)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if response.status_code == 200 and form is not None and form.errors:
            response.status_code = 422
        return response

    return require_http_methods(["GET", "HEAD", "POST"])(shown)


sign_in = page(allauth.LoginView.as_view(form_class=SignInForm))
sign_out = page(allauth.logout)
change_password = page(allauth.PasswordChangeView.as_view(form_class=ChangePasswordForm))
set_new_password = page(allauth.PasswordResetFromKeyView.as_view(form_class=NewPasswordForm))
new_password_set = page(allauth.password_reset_from_key_done)
reset_by_mail = page(allauth.PasswordResetView.as_view(form_class=ResetForm))
reset_mail_sent = page(allauth.password_reset_done)


@login_not_required
@require_safe
def sign_up(request: HttpRequest) -> HttpResponse:
    """Say that accounts are made by invitation only."""
    return TemplateResponse(request, "account/signup_closed.html")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def reset_password(request: HttpRequest) -> HttpResponse:
    """Offer a reset link by e-mail; without a mail server, say that an admin makes one."""
    if settings.EMAIL_HOST:
        return reset_by_mail(request)
    return TemplateResponse(request, "account/password_reset_by_admin.html")
