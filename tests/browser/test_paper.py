"""Pages on paper: what is printed, and that what belongs together stays on one sheet."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.factories import ClientFactory, SessionFactory, history

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]


def sheets(page: Page) -> list[list[str]]:
    """Print the page; return the lines of each sheet."""
    made = PdfReader(BytesIO(page.pdf(format="A4")))
    return [[line.strip() for line in sheet.extract_text().splitlines() if line.strip()] for sheet in made.pages]


def headings(page: Page) -> set[str]:
    return {text.strip() for text in page.locator("h1, h2, h3").all_inner_texts()}


@pytest.fixture
def printed(open_browser, ada, sue, robin):
    """Return the sheets of a page about a full caseload, with its headings."""

    def print_one(address: str, who=ada) -> tuple[list[list[str]], set[str]]:
        page = open_browser(who, color_scheme="dark")
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.emulate_media(media="print", color_scheme="dark")
        return sheets(page), headings(page)

    history(robin, [5, 6, 2, 5, 6, None, 6, 5, 6, 3, 6, 6, 7])
    for number in range(9):
        other = ClientFactory(clinician=ada)
        history(other, [5, 1 + number % 7])
        SessionFactory(client=other, starts_at=timezone.now() - timedelta(hours=number + 1))
    return print_one


def test_no_heading_is_the_last_line_of_a_sheet(printed, sue, robin):
    pages = [("/", None), (reverse("client", args=[robin.pk]), None), ("/supervision/", sue), ("/clients/", None)]
    for address, who in pages:
        found, named = printed(address, who) if who else printed(address)
        assert len(found) <= 4, address
        assert all(len(lines) > 2 for lines in found), address
        assert not [lines[-1] for lines in found if lines[-1] in named], address


def test_a_form_starts_on_the_first_sheet_with_its_heading(printed, robin):
    found, _ = printed(reverse("rate", args=[robin.episodes.get().sessions.get(ratings=None).pk]))
    assert any("Goals" in line for line in found[0])
    assert len(found) <= 2
    assert not any(text in line for lines in found for line in lines for text in ("Save and next", "of 7"))


def test_a_table_is_a_table_on_paper_too(printed):
    found, _ = printed("/")
    lines = [line for sheet in found for line in sheet]
    assert any("Client" in line and "Last rated" in line for line in lines)


def test_the_chart_is_on_paper_as_the_server_drew_it(open_browser, ada, robin):
    history(robin, [5, 6, 2])
    page = open_browser(ada)
    for name in ("client", "client_report"):
        page.goto(reverse(name, args=[robin.pk]))
        page.emulate_media(media="print")
        expect(page.locator("svg.figure")).to_be_visible()
        expect(page.locator(".at-chart:visible")).to_have_count(0)
        assert any("Therapist responsiveness" in line for sheet in sheets(page) for line in sheet)


def test_the_report_is_reached_and_downloaded_from_the_clients_page(open_browser, ada, robin):
    history(robin, [5, 6, 2])
    page = open_browser(ada, java_script_enabled=False)
    page.goto(reverse("client", args=[robin.pk]))
    page.get_by_role("link", name="Report").click()
    expect(page.get_by_role("heading", name="Alliance progress report")).to_be_visible()
    page.get_by_role("link", name="For the client").click()
    expect(page.get_by_role("link", name="For the client")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("heading", name="Open signals")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename == "report.pdf"
    reader = PdfReader(download.value.path())
    assert len(reader.pages) == 1
    assert "For the client" in reader.pages[0].extract_text()
    page.get_by_role("link", name="Back to client").click()
    expect(page.get_by_role("heading", name="Robin A.")).to_be_visible()
