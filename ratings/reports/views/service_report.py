from collections.abc import Callable
from datetime import datetime

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance_tracker.accounts.access import for_roles, recently_signed_in
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from ratings.elements import NOT_VALIDATED
from ratings.reports import service_csv
from ratings.reports.exports import TextOutput
from ratings.reports.paper import pdf
from ratings.reports.service_report import ServiceReport


@for_roles("supervisor", "admin")
@require_safe
def service_report(request: SignedInRequest) -> HttpResponse:
    """Show the whole service against its own past. The address takes no filter: nobody can be singled out."""
    record("report.viewed", by=request.user)
    report = ServiceReport(clinical=request.user.is_supervisor)
    context = {"report": report, "not_validated": NOT_VALIDATED}
    return TemplateResponse(request, "ratings/reports/service_report.html", context)


@for_roles("supervisor", "admin")
@require_safe
@recently_signed_in
def service_report_pdf(request: SignedInRequest) -> HttpResponse:
    """Send what the page shows this person on paper, with who made it and when on every sheet."""
    record("report.exported", by=request.user)
    now = timezone.localtime()
    made = f"Made by {request.user.name}, {now.day} {now:%b %Y, %H:%M}"
    contents = ServiceReport(clinical=request.user.is_supervisor).for_paper(made)
    response = HttpResponse(pdf("service_report", contents), "application/pdf")
    response["Content-Disposition"] = 'attachment; filename="service-report.pdf"'
    return response


def csv_file(request: SignedInRequest, name: str, write: Callable[[TextOutput, datetime], None]) -> HttpResponse:
    record("report.exported", by=request.user)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    write(response, timezone.now())
    return response


@for_roles("supervisor")
@require_safe
@recently_signed_in
def service_ratings_csv(request: SignedInRequest) -> HttpResponse:
    return csv_file(request, "service-ratings", service_csv.write_ratings)


@for_roles("supervisor")
@require_safe
@recently_signed_in
def service_strains_csv(request: SignedInRequest) -> HttpResponse:
    return csv_file(request, "service-strains", service_csv.write_strains)
