from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest


@contextmanager
def told_when_refused(request: HttpRequest) -> Iterator[None]:
    """Say on the next page why an action was refused, for a button that has no form to show again."""
    try:
        yield
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
