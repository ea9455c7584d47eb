"""No file that leaves the app starts a formula in a spreadsheet, whatever people have typed."""

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client
from ratings.models import Rater
from ratings.privacy import actions as privacy
from ratings.reports.exports import FORMULA_STARTS
from ratings.supervision.follow_ups import add_follow_up
from tests.accounts.doors import signed_in
from tests.factories import SessionFactory, history, rate

pytestmark = pytest.mark.django_db
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
HOSTILE = [f"{start}cmd|' /C calc'!A0" for start in STARTS]


def cells(text: str) -> list[str]:
    return [cell for line in csv.reader(StringIO(text, newline="")) for cell in line]


@pytest.fixture
def hostile(ada, sue, robin) -> Client:
    """A client whose every text begins as a formula does."""
    now = timezone.now()
    Client.objects.filter(pk=robin.pk).update(name=HOSTILE[0], external_key="+1")
    for session, note in zip(history(robin, [None] * len(HOSTILE)), HOSTILE, strict=True):
        rate(session, 3, note=note, strain="slight")
        rate(session, 2, rater=Rater.CLIENT, note=note)
        rate(session, 2, rater=Rater.OBSERVER, by=sue, note=note)
    void = SessionFactory(client=robin, starts_at=now)
    type(void).objects.filter(pk=void.pk).update(voided_at=now, voided_reason=HOSTILE[1])
    episode = robin.episodes.get()
    add_follow_up(episode, what=HOSTILE[2], owner=None, due_on=timezone.localdate(), by=ada)
    privacy.add_rectification(robin, text=HOSTILE[3], by=ada)
    return robin


@pytest.mark.parametrize("start", STARTS)
def test_what_starts_a_formula_is_known(start):
    assert start in FORMULA_STARTS


def test_the_ratings_of_a_client(ada, hostile):
    found = cells(signed_in(ada).get(reverse("ratings_csv", args=[hostile.pk])).content.decode())
    assert [cell for cell in found if cell.startswith(FORMULA_STARTS)] == []
    assert all(f"'{text}" in found or f"'{text.strip()}" in found or text.strip() in found for text in HOSTILE)


@pytest.mark.parametrize("page", ["service_ratings_csv", "service_strains_csv"])
def test_the_files_behind_the_service_report(sue, hostile, page):
    found = cells(signed_in(sue).get(reverse(page)).content.decode())
    assert found
    assert [cell for cell in found if cell.startswith(FORMULA_STARTS)] == []
    assert [cell for cell in found if "cmd" in cell] == []


def test_the_copy_for_a_client(ada, hostile):
    answer = signed_in(ada).post(reverse("copy_for_client", args=[hostile.pk]))
    with ZipFile(BytesIO(answer.content)) as file:
        tables = {name: cells(file.read(name).decode()) for name in file.namelist() if name.endswith(".csv")}
    found = [cell for table in tables.values() for cell in table]
    assert [cell for cell in found if cell.startswith(FORMULA_STARTS)] == []
    assert len([cell for cell in found if "cmd" in cell]) >= len(HOSTILE)
