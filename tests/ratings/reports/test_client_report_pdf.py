"""The progress report as PDF: one accessible A4 page, whatever it holds."""

import json
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from ratings.figures.svg import GRID
from ratings.figures.trend import COLOURS
from ratings.models import Rater
from ratings.reports.paper import STAND_IN, colours
from tests.doors import check_doors
from tests.factories import SessionFactory, history, rate

pytestmark = pytest.mark.django_db
A4 = (595, 842)
NAMES = (
    "Robin A.",
    "",
    "Maximiliane-Theodora von und zu Hohenstein-Falkenberg, called Max by everyone who knows her well and by us",
    "W" * 120,
    "محمد علي",
    "דוד לוי",
    "王小明",
    "สมชาย ใจดี",
    "Żółć Ąę",
    '#panic("x") *a* <b> $x$ \\u{1} \\ "',
    "var(--at-unknown)",
    "A\x01B\u200d\u202eC\u0301",
)
KINDS = {"supervision": "", "client": "?for=client"}


@pytest.fixture
def url(robin):
    return reverse("client_report_pdf", args=[robin.pk])


def read(browser, url, query="") -> PdfReader:
    response = browser.get(url + query)
    assert response.status_code == 200
    return PdfReader(BytesIO(response.content))


def words(reader: PdfReader) -> str:
    return " ".join("\n".join(page.extract_text() for page in reader.pages).split())


def roles(node, found: set[str]) -> set[str]:
    """Collect what the tags of a document say its parts are."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for part in node:
            roles(part, found)
    elif isinstance(node, dict):
        if "/S" in node:
            found.add(node["/S"])
        roles(node.get("/K", []), found)
    return found


def test_doors(robin, ada, sue, ben, adam):
    check_doors("client_report_pdf", robin.pk, opens_to=[ada, sue], not_to=[ben, adam], methods="get head")


def test_it_is_a_file_whose_name_says_nothing_and_one_event(as_user, ada, url, trail):
    response = as_user(ada).get(url)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert "no-store" in response["Cache-Control"]
    assert trail() == ["report.exported"]


def test_it_is_tagged_and_says_what_it_is_and_in_which_language(as_user, ada, robin, url):
    history(robin, [5, 6])
    reader = read(as_user(ada), url)
    root = reader.trailer["/Root"]
    assert reader.metadata.title == "Alliance progress report"
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert {"/H1", "/P", "/Figure", "/Table", "/TH", "/TD"} <= roles(root["/StructTreeRoot"], set())


def test_it_bears_who_made_it_when_of_whom_and_its_number(monday, as_user, sue, robin, url):
    history(robin, [5, 6])
    assert "Confidential. R-1. Made by Sue Brandt, 23 Nov 2026, 10:00. Page 1 of 1" in words(read(as_user(sue), url))


def test_what_it_says_is_what_the_page_says(monday, as_user, ada, robin, url):
    sessions = history(robin, [6, 6, 6, 6, 6, 6, 6, 2])
    rate(sessions[-1], 5, rater=Rater.CLIENT)
    said = words(read(as_user(ada), url))
    shown = as_user(ada).get(reverse("client_report", args=[robin.pk])).context["report"]
    for text in (*shown.sentences, *shown.questions, *(signal["sentence"] for signal in shown.signals)):
        assert text in said
    assert "8, 22 Nov 2.0 / 5.0 2 / 5" in said
    assert "2, 11 Oct" not in said


def test_the_clients_own_has_neither_signals_nor_the_clinicians_ratings(monday, as_user, ada, robin, url):
    for session in history(robin, [6, 6, 6, 6, 6, 6, 6, 2]):
        rate(session, 4, rater=Rater.CLIENT)
    said = words(read(as_user(ada), url, KINDS["client"]))
    assert "For the client" in said
    assert "8, 22 Nov 4.0 4 4" in said
    assert not any(word in said.lower() for word in ("signal", "strain", "rupture", "usual", "2.0", "6.0"))


def test_one_page_whatever_the_name_after_a_long_therapy(as_user, ada, robin, url):
    for session in history(robin, [5, 6, 7, None] * 7 + [1, 5, 1])[-4:]:
        rate(session, 7, rater=Rater.CLIENT, strain="clear", strain_discussed="no")
    for name in NAMES:
        ada.name = robin.name = name
        robin.save()
        ada.save()
        for query in KINDS.values():
            reader = read(as_user(ada), url, query)
            assert len(reader.pages) == 1, name
            assert (round(reader.pages[0].mediabox.width), round(reader.pages[0].mediabox.height)) == A4
            assert "31, " in words(reader)


@pytest.mark.parametrize("count", [0, 1])
def test_one_page_with_one_rating_and_with_none(as_user, ada, robin, url, count):
    for session in history(robin, [5] * count):
        rate(session, 4, rater=Rater.CLIENT)
    for query in KINDS.values():
        reader = read(as_user(ada), url, query)
        assert len(reader.pages) == 1
        assert ("There are no ratings to show yet." in words(reader)) == (count == 0)


def test_a_session_that_nobody_rated_is_a_row(as_user, ada, robin, url):
    SessionFactory(client=robin)
    assert "1, " in words(read(as_user(ada), url))


def test_a_letter_that_no_font_has_becomes_a_box_and_the_file_keeps_to_the_standard(as_user, ada, robin, url):
    robin.name = "A\U0002ffffZ"
    robin.save()
    reader = read(as_user(ada), url)
    assert f"A{STAND_IN}Z, R-1" in words(reader)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in reader.trailer["/Root"]["/Metadata"].get_data()


def test_paper_knows_every_colour_that_a_figure_names():
    known = {f"var(--at-{name})" for name in json.loads(colours())}
    assert {*COLOURS.values(), GRID} <= known
