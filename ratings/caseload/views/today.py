from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from clients import notices
from ratings.caseload import lists
from ratings.caseload.brief import session_briefs
from ratings.caseload.today import clinicians_day
from ratings.models import AgendaItem, FollowUp
from ratings.saving.saved_message import saved_message


@require_safe
def today(request: SignedInRequest) -> HttpResponse:
    """Lead each person to the first page of their roles; for a clinician that is this one."""
    if not request.user.is_clinician:
        return redirect("supervision" if request.user.is_supervisor else "people")
    now = timezone.now()
    record("caseload.viewed", by=request.user)
    sort = lists.sort_key(request.GET.get("sort", ""))
    day = clinicians_day(request.user, now)
    rows = lists.rows(lists.own(request.user, now, sort=sort), now, holder=request.user)
    context = {
        "now": now,
        "today": timezone.localdate(now),
        "day": day,
        "rows": rows,
        "overdue": [row for row in rows if row.first_overdue],
        "coming": session_briefs([each.session for each in day.later], request.user, now),
        "follow_ups": list(FollowUp.objects.owned_by(request.user, now).recent(now).with_people(now)),
        "decided": list(AgendaItem.objects.editable_by(request.user, now).lately_decided(now)),
        "emergency": notices.of_own_clients(request.user, now),
        "sort": sort,
        "sorts": lists.SORTS,
        "saved": saved_message(request.user, request.GET.get("saved", ""), now),
    }
    return TemplateResponse(request, "ratings/caseload/today.html", context)
