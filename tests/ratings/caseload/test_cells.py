"""The rows of long tables: what people typed is escaped, and what is remembered is not mixed up."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from clients.models import Client
from ratings.caseload import cells as list_cells
from ratings.caseload.open_items import FOLLOW_UP, NOTE, OpenItem
from ratings.figures.funnel_and_stages import LatestRating

HOSTILE = "<script>alert(1)</script>"


def test_what_people_typed_is_escaped():
    named = list_cells.client_link(Client(code="A<B", name=HOSTILE))
    assert "A&lt;B" in named
    calm = SimpleNamespace(
        client=Client(code="A<B", name=HOSTILE),
        clinician=SimpleNamespace(name=HOSTILE),
        overall=5,
        clients_overall=None,
        days_since_rated=1,
    )
    items = [OpenItem(f"To do: {HOSTILE}", FOLLOW_UP, timezone.now()), OpenItem(HOSTILE, NOTE, timezone.now())]
    rows = list_cells.calm_rows([calm]) + list_cells.not_yet_rows([(calm, items)])
    rows += list_cells.place_rows([LatestRating(HOSTILE, 3, 5.0, None)])
    assert HOSTILE not in named + rows
    assert rows.count("&lt;script&gt;") == 7


def test_days_are_named_with_the_year_where_it_is_another(monday):
    assert list_cells.since(monday) == "23 Nov"
    assert list_cells.since(monday - timedelta(days=365)) == "23 Nov 2025"
    assert [list_cells.days_ago(days) for days in (None, 0, 1, 5)] == ["not yet", "today", "yesterday", "5 days ago"]


def test_a_client_without_a_name_goes_by_the_code():
    link = list_cells.client_link(Client(code="A-1"))
    assert link.endswith(">A-1</a>")


def test_a_mean_that_is_whole_is_told_from_a_mark():
    assert [list_cells.heat_cell(value, "0", "") for value in (4, 4.0, None)] == [
        '<td class="hm-0">4</td>',
        '<td class="hm-0">4.0</td>',
        '<td class="hm-x">n/o</td>',
    ]


@pytest.mark.parametrize(("direction", "words"), [("down", "below usual"), ("up", "above usual")])
def test_what_is_far_off_has_an_arrow_with_words(direction, words):
    assert f'<span class="visually-hidden">{words}</span>' in list_cells.heat_cell(3, "n3", direction)


@pytest.mark.parametrize(
    ("days", "said"),
    [(None, "not yet"), (0, "today"), (1, "yesterday"), (2, "2 days"), (14, "14 days"), (15, "<b>15 days</b>")],
)
def test_how_long_ago_a_client_was_rated(days, said):
    assert said in list_cells.last_rated(days)
