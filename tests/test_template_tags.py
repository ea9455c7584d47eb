from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from alliance_tracker.template_tags import change, coverage, icon, score, when

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "–"), (6, "6"), (5.0, "5.0"), (5.666, "5.7"), (7.0, "7.0")],  # noqa: RUF001
)
def test_a_rating_is_whole_and_a_mean_has_one_decimal(value, words):
    assert score(value) == words


@pytest.mark.parametrize(
    ("value", "direction", "size"),
    [(-1.2, "down ", "1.2"), (0.65, "up ", "0.7"), (0.04, "no change ", "0.0"), (-0.04, "no change ", "0.0")],
)
def test_a_change_says_its_direction_in_words(value, direction, size):
    assert f'<span class="visually-hidden">{direction}</span>{size}</span>' in change(value)


def test_no_change_is_known_without_two_values():
    assert change(None) == '<span class="muted">–</span>'  # noqa: RUF001


def test_coverage_shows_its_denominator_beside_the_bar():
    shown = coverage(29, 30)
    assert 'class="hbar__part" width="61.9"' in shown
    assert "<span>29 of 30</span>" in shown


def test_coverage_of_few_is_words_alone():
    assert coverage(4, 6) == '<span class="muted">4 of 6, too few to read</span>'
    assert "<svg" in coverage(4, 10)
    assert coverage(0, 0) == '<span class="muted">none yet</span>'


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 23), "Today"),
        (date(2026, 11, 22), "Yesterday"),
        (date(2026, 11, 24), "Tomorrow"),
        (date(2026, 11, 20), "Fri 20 Nov"),
        (date(2025, 11, 3), "Mon 3 Nov 2025"),
    ],
)
def test_days_near_today_have_a_name(day, words):
    assert when(day, MONDAY) == words


def test_the_day_of_a_moment_is_the_local_one():
    late_on_sunday_in_london = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    with timezone.override("Europe/Athens"):
        assert when(late_on_sunday_in_london, MONDAY) == "Today"
    with timezone.override("Europe/London"):
        assert when(late_on_sunday_in_london, MONDAY) == "Yesterday"


def test_an_icon_is_hidden_from_screen_readers():
    shown = icon("check", 14)
    assert 'icons.svg#check"' in shown
    assert 'width="14" height="14" aria-hidden="true"' in shown
