"""The service report as PDF: what the page shows this person, with who made it and when on every sheet."""

from io import BytesIO

import pytest
from django.core.management import call_command
from pypdf import PdfReader

from ratings.models import ServiceMonth
from ratings.reports.service_report import ServiceReport
from tests.doors import check_doors_of_role
from tests.ratings.reports.service import fill_service, three_clinicians

pytestmark = pytest.mark.django_db
URL = "/report/service.pdf"
A4 = (595, 842)


@pytest.fixture
def filled(monday):
    clinicians = three_clinicians()
    fill_service(clinicians)
    call_command("nightly")
    return clinicians


def read(browser) -> PdfReader:
    response = browser.get(URL)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="service-report.pdf"'
    return PdfReader(BytesIO(response.content))


def words(reader: PdfReader) -> str:
    return " ".join("\n".join(page.extract_text() for page in reader.pages).split())


def test_doors(ada, sue, adam):
    check_doors_of_role("service_report_pdf", opens_to=[sue, adam], not_to=[ada])


def test_every_cell_of_the_page_is_on_paper(filled, as_user, sue):
    text = words(read(as_user(sue)))
    for table in ServiceReport(clinical=True).tables:
        assert " ".join(table.title.split()) in text
        for line in table.lines:
            assert all(cell in text for cell in line.cells), table.title
    assert not any(clinician.name in text for clinician in filled)


def test_an_admin_gets_no_clinical_detail(filled, as_user, adam):
    text = words(read(as_user(adam)))
    assert "Time to log a rating" in text
    assert not any(part in text for part in ("by element", "strain", "not right", "measures"))


def test_each_page_says_who_made_it_and_when_and_its_number(filled, as_user, sue):
    newest = ServiceMonth.objects.latest("month")
    for month in ("2026-08-01", "2026-07-01", "2026-06-01", "2026-05-01", "2026-04-01"):
        ServiceMonth.objects.create(month=month, figures=newest.figures, written_at=newest.written_at)
    reader = read(as_user(sue))
    count = len(reader.pages)
    assert count > 1
    for number, page in enumerate(reader.pages, start=1):
        text = " ".join(page.extract_text().split())
        assert "Made by Sue Brandt, 23 Nov 2026, 10:00" in text
        assert f"Page {number} of {count}" in text
        assert tuple(round(side) for side in page.mediabox[2:]) == A4


def test_it_is_tagged_and_has_a_title(filled, as_user, sue):
    reader = read(as_user(sue))
    assert reader.metadata.title == "Service report"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"


def test_without_a_month_there_is_a_sheet_all_the_same(as_user, sue):
    assert "Service report" in words(read(as_user(sue)))


def test_it_is_one_event(as_user, sue, trail):
    as_user(sue).get(URL)
    assert trail() == ["report.exported"]
