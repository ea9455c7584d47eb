from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance_tracker.accounts.access import for_roles
from alliance_tracker.accounts.forms import PeopleFilterForm
from alliance_tracker.accounts.people import PAGE_SIZE, People, completed, counted
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.forms import form_page


@for_roles("admin")
@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    form = PeopleFilterForm(request.GET)
    found: Any = People(**form.cleaned_data) if form.is_valid() else []
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = completed(page.object_list)
    context = {"page": page, "counts": counted(), "now": timezone.now(), "today": timezone.localdate()}
    return form_page(request, "accounts/people.html", form, **context)
