"""Hold a device that was handed to a client to the client's form."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.html import format_html

from ratings.asking.answering import FormState, form_state
from ratings.asking.device import ClientDevice, client_device, take_from_client

SIGN_IN = ("account_login", "mfa_login_webauthn", "mfa_authenticate")
# The first one is where every other address leads.
PAGES = {
    FormState.OPEN: ("answer",),
    FormState.STOPPED: ("answer", "thank_you", *SIGN_IN),
    FormState.OVER: ("thank_you", *SIGN_IN),
}


class HandedOverMiddleware:
    """Keep a handed-over device on the client's form, and afterwards on the thank-you, until someone signs in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        device = client_device(request)
        if device is None:
            return self.get_response(request)
        if request.user.is_authenticated:
            take_from_client(request)
            offer_the_way_back(request, device)
            return self.get_response(request)
        if device.handed_over:
            pages = PAGES[form_state(device.form(), timezone.now())]
            if page_at(request.path_info) not in pages:
                return redirect(pages[0])
        return self.get_response(request)


def page_at(path: str) -> str | None:
    try:
        return resolve(path).url_name
    except Resolver404:
        return None


def offer_the_way_back(request: HttpRequest, device: ClientDevice) -> None:
    """Tell the person who handed the device over, and nobody else, where they were."""
    if device.by == str(request.user.pk):
        words = format_html('You are signed in again. <a href="{}">Go back to where you were</a>', device.back)
        messages.info(request, words)
