from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance_tracker.accounts.access import recently_signed_in
from alliance_tracker.accounts.requests import SignedInRequest
from alliance_tracker.audit.actions import record
from clients.models import Client
from ratings.caseload.client_page.page import ClientPage
from ratings.reports.client_report import ClientReport
from ratings.reports.paper import pdf
from ratings.standing.refresh import refresh_if_due


@require_safe
def client_report(request: SignedInRequest, pk: UUID) -> HttpResponse:
    person = get_object_or_404(Client.objects.responsible_for(request.user), pk=pk)
    record("client.viewed", by=request.user, target=person, client_id=pk)
    report = report_of(request, person)
    context = {"report": report, "page": report.page, "client": person, "nav": "client_list"}
    return TemplateResponse(request, "ratings/reports/client_report.html", context)


@require_safe
@recently_signed_in
def client_report_pdf(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Send the report as one A4 page; its name says nothing of whom it is about."""
    person = get_object_or_404(Client.objects.responsible_for(request.user), pk=pk)
    record("report.exported", by=request.user, target=person, client_id=pk)
    response = HttpResponse(pdf("client_report", report_of(request, person).for_paper()), "application/pdf")
    response["Content-Disposition"] = 'attachment; filename="report.pdf"'
    return response


def report_of(request: SignedInRequest, person: Client) -> ClientReport:
    page = ClientPage(person, request.user, timezone.now(), request.GET)
    refresh_if_due(page.episode, page.now)
    return ClientReport(page)
