from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.http import HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone

from alliance_tracker.template_tags import change, client_name, coverage, icon, score, when, when_said

urlpatterns = [
    path("", HttpResponse, name="today"),
    path("clients/", HttpResponse, name="client_list"),
    path("clients/<int:pk>/", HttpResponse, name="client"),
]

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


@pytest.mark.parametrize(
    ("day", "words"), [(23, "today"), (22, "yesterday"), (24, "tomorrow"), (20, "Fri 20 Nov"), (27, "Fri 27 Nov")]
)
def test_within_a_sentence_only_the_names_of_days_are_capitals(day, words):
    assert when_said(date(2026, 11, day), MONDAY) == words


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("name", "page", "shown"),
    [
        ("Robin <A>", "", 'Robin &lt;A&gt; <span class="code">R-1</span>'),
        ("", "", "R-1"),
        ("Robin", "client", '<a class="rowlink" href="/clients/7/">Robin</a> <span class="code">R-1</span>'),
        ("", "client", '<a class="rowlink" href="/clients/7/">R-1</a>'),
    ],
)
def test_a_client_is_shown_by_name_and_code_where_both_are_known(name, page, shown):
    assert client_name(SimpleNamespace(pk=7, name=name, code="R-1", label=name or "R-1"), page) == shown


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


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "nav", "mark"),
    [
        ("/clients/", None, ' aria-current="page"'),
        ("/clients/7/", None, ' aria-current="true"'),
        ("/elsewhere/", None, ""),
        ("/sessions/7/rate/", "client_list", ' aria-current="true"'),
        ("/clients/7/", "today", ""),
    ],
)
def test_the_navigation_marks_the_page_and_its_section(rf, address, nav, mark):
    context = {"request": rf.get(address)} | ({"nav": nav} if nav else {})
    assert Template('{% nav_link "client_list" "Clients" %}').render(Context(context)) == (
        f'<a href="/clients/"{mark}>Clients</a>'
    )


@pytest.mark.urls(__name__)
def test_the_start_page_is_marked_on_itself_alone(rf):
    link = Template('{% nav_link "today" "Today" %}')
    assert "aria-current" not in link.render(Context({"request": rf.get("/clients/")}))
    assert 'aria-current="page"' in link.render(Context({"request": rf.get("/")}))


class EndingForm(forms.Form):
    reason = forms.ChoiceField(
        choices=[("planned", "Planned"), ("other", "Other")], widget=forms.RadioSelect, help_text="As you agreed it."
    )
    day = forms.DateField(help_text="The last session.", required=False)


def shown(form):
    page = '{% load crispy_forms_filters %}{% include "parts/error_summary.html" %}{{ form|crispy }}'
    return Template(page).render(Context({"form": form}))


def test_a_hint_and_then_an_error_stand_between_the_label_and_the_field():
    page = shown(EndingForm({"day": "soon"}))
    places = [page.index(part) for part in ('for="id_day"', "The last session.", 'id="id_day_error"', 'name="day"')]
    assert places == sorted(places)
    assert 'aria-describedby="id_day_helptext id_day_error"' in page
    assert 'aria-invalid="true"' in page


def test_a_group_of_choices_carries_its_hint_and_error():
    page = shown(EndingForm({}))
    assert (
        'aria-describedby="id_reason_helptext id_reason_error"' in page[page.index("<fieldset") : page.index("<legend")]
    )
    assert page.index('id="id_reason_error"') < page.index('id="id_reason_0"')


def test_the_error_summary_links_to_the_first_control_of_a_field():
    page = shown(EndingForm({"day": "soon"}))
    assert 'href="#id_reason_0"' in page
    assert 'href="#id_day"' in page
    assert page.count("errsum") == 1


def test_an_optional_field_says_so():
    page = shown(EndingForm())
    assert page.count("(optional)") == 1
    assert "errsum" not in page


@pytest.mark.parametrize("name", ["500.html", "403_csrf.html"])
def test_a_page_for_broken_requests_needs_no_context(name):
    assert "<h1>" in render_to_string(name)


@pytest.mark.parametrize("name", ["403.html", "404.html"])
def test_an_error_page_works_without_a_person(name, rf):
    assert "<h1>" in render_to_string(name, {"request": rf.get("/")})
