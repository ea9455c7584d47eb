from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alliance_tracker.accounts.access import for_roles
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from ratings.caseload import lists


@for_roles("clinician", "supervisor")
@require_safe
def client_list(request: SignedInRequest) -> HttpResponse:
    now, closed = timezone.now(), request.GET.get("show") == "closed"
    sort = lists.sort_key(request.GET.get("sort", ""))
    record("caseload.viewed", by=request.user)
    shown = lists.caseload(request.user, now, closed=closed, sort=sort, number=request.GET.get("page"))
    context = {
        "now": now,
        "page": shown.page,
        "rows": shown.rows,
        "closed": closed,
        "sort": sort,
        "sorts": lists.SORTS,
    }
    return TemplateResponse(request, "ratings/caseload/client_list.html", context)


@for_roles("clinician", "supervisor")
@require_POST
def find_client(request: SignedInRequest) -> HttpResponse:
    """Find clients by code or name. By POST, so that a name never reaches an address or a log."""
    now, sought = timezone.now(), request.POST.get("q", "").strip()[:120]
    record("caseload.viewed", by=request.user)
    found = lists.find(request.user, sought, now)
    if len(found) == 1:
        return redirect("client", found[0].client.pk)
    context = {"now": now, "rows": found, "sought": sought, "nav": "client_list"}
    return TemplateResponse(request, "ratings/caseload/found_clients.html", context)
