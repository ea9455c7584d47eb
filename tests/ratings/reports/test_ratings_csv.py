import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.actions import start_episode
from clients.models import Episode
from ratings.models import Rater
from ratings.reports.exports import cell
from tests.doors import check_doors
from tests.factories import SessionFactory, history, rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(robin):
    return reverse("ratings_csv", args=[robin.pk])


def lines(response):
    return list(csv.DictReader(StringIO(response.content.decode(), newline="")))


def test_doors(robin, ada, sue, ben, adam):
    check_doors("ratings_csv", robin.pk, opens_to=[ada, sue], not_to=[ben, adam], methods="get head")


def test_one_line_a_rating_oldest_first(monday, as_user, ada, robin, url):
    second = history(robin, [5, 6])[1]
    rate(second, 4, rater=Rater.CLIENT, strain="slight", strain_discussed="no", bond=None)
    found = lines(as_user(ada).get(url))
    assert [(line["session"], line["rater"], line["overall"]) for line in found] == [
        ("1", "clinician", "5.0"),
        ("2", "client", "4.0"),
        ("2", "clinician", "6.0"),
    ]
    assert found[1]["bond"] == ""
    assert (found[1]["strain"], found[1]["talked_about"], found[1]["late"]) == ("slight", "no", "no")
    assert (found[0]["date"], found[0]["therapy"], found[0]["late"]) == ("2026-11-15", "1", "yes")
    assert found[2]["saved_at"] == "2026-11-23T10:00+00:00"


def test_each_therapy_has_its_number(as_user, ada, robin, url):
    history(robin, [5])
    Episode.objects.update(ended_on=timezone.localdate() - timedelta(days=1), ending="planned")
    start_episode(robin, clinician=ada, by=ada)
    rate(SessionFactory(client=robin, starts_at=timezone.now()))
    assert [line["therapy"] for line in lines(as_user(ada).get(url))] == ["1", "2"]


def test_it_is_a_file_with_a_fixed_name_and_one_event(as_user, ada, url, trail):
    response = as_user(ada).get(url)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="ratings.csv"'
    assert lines(response) == []
    assert trail() == ["ratings.exported"]


@pytest.mark.parametrize(
    "note",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1", "＋1", "－1", "＠x", '=HYPERLINK("http://x")'],  # noqa: RUF001
)
def test_no_note_becomes_a_formula(as_user, ada, yesterday, url, note):
    rate(yesterday, note=note)
    assert lines(as_user(ada).get(url))[0]["note"] == f"'{note}"


@pytest.mark.parametrize("note", ['He said "no", twice', "Two\nlines", "Ünïcödé; 5,6"])
def test_a_note_comes_back_as_it_was_written(as_user, ada, yesterday, url, note):
    rate(yesterday, note=note)
    assert lines(as_user(ada).get(url))[0]["note"] == note


@pytest.mark.parametrize(
    ("value", "written"), [(None, ""), (5, "5"), (17 / 3, "5.6667"), ("\r=1", "'\r=1"), ("\n=1", "'\n=1"), ("", "")]
)
def test_a_cell_is_plain(value, written):
    assert cell(value) == written
