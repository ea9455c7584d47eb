"""The bench of pages asks for pages that are there, and counts what it says it counts."""

import pytest
from django.db import connection
from django.utils import timezone

from bench.pages import caseload
from bench.pages.cases import EMPTY, cases
from bench.scale.plans import Work, nodes, work_of
from bench.scale.rows import RATINGS, SESSIONS, load, seconds_to_copy
from bench.table import print_table
from ratings.models import Rating, RatingVersion
from tests.factories import SessionFactory, rate

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def small(monkeypatch, settings):
    """The caseload of the bench, with a few rows of each kind."""
    monkeypatch.setattr(caseload, "MANY", 3)
    monkeypatch.setattr(caseload, "SESSIONS", 4)
    monkeypatch.setattr(caseload, "LONGEST", 6)
    settings.DEMO, settings.ROOT_URLCONF = True, "bench.pages.urls"
    caseload.build()


def test_each_page_answers_and_an_empty_one_is_the_smallest(small):
    sizes = {}
    for case in cases():
        case.sign_in()
        sizes[case.name] = len(case.send(case.prepare()).content)
    assert EMPTY in sizes
    assert [name for name, size in sizes.items() if size < sizes[EMPTY]] == [
        case.name for case in cases() if case.status == 302
    ]


def test_each_save_is_of_another_session(small):
    saving = next(case for case in cases() if case.status == 302)
    saving.sign_in()
    before = Rating.objects.count()
    for _ in range(3):
        saving.send(saving.prepare())
    assert Rating.objects.count() == before + 3


def test_a_page_that_answers_otherwise_stops_the_bench(small):
    case = next(cases())
    with pytest.raises(RuntimeError, match="An empty page: 302"):
        case.send(case.prepare())


def test_the_table_puts_numbers_under_their_heads(capsys):
    print_table(["page", "ms"], [["Today", "1.5"], ["A client", "12.0"]])
    assert capsys.readouterr().out.splitlines() == [
        "| page     |   ms |",
        "| -------- | ---- |",
        "| Today    |  1.5 |",
        "| A client | 12.0 |",
    ]


def test_every_part_of_a_plan_is_looked_at():
    plan = {"Node Type": "Limit", "Plans": [{"Node Type": "Sort", "Plans": [{"Node Type": "Seq Scan"}]}]}
    assert [node["Node Type"] for node in nodes(plan)] == ["Limit", "Sort", "Seq Scan"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="explains what PostgreSQL does")
def test_reading_a_large_table_whole_is_found(yesterday, monkeypatch):
    rate(yesterday)
    monkeypatch.setattr("bench.scale.plans.large_tables", lambda: {"ratings_rating"})
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = on")
    whole = work_of(["SELECT sum(goals) FROM ratings_rating", "UPDATE ratings_rating SET goals = 1"])
    assert whole == Work(whole.spent, whole.buffers, frozenset({"ratings_rating"}))
    assert min(whole.spent, whole.buffers) > 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="its rows are written inside PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_a_large_service_is_whole_by_construction(service):
    assert load(0, 1, now=timezone.now(), standing="{}") == RATINGS
    assert Rating.objects.count() == RatingVersion.objects.count() == RATINGS
    assert seconds_to_copy() > 0
    connection.check_constraints()
    first = Rating.objects.select_related("session__episode__client").order_by("pk").first()
    assert first.author_id == first.session.clinician_id
    assert first.session.episode.assignments.get().clinician_id == first.session.clinician_id
    assert first.session.episode.client.code == "N-0"
    assert first.session.episode.ended_on is None
    rate(SessionFactory(client=first.session.episode.client), 5)
    assert first.session.episode.sessions.count() == SESSIONS + 1
