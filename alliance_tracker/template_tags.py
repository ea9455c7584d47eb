"""Formatting for templates, available in all of them. Values in, words out: no query, no clock."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Protocol
from uuid import UUID

from django import template
from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.template import Context
from django.template.defaultfilters import floatformat
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from alliance_tracker.sentences import stopped

register = template.Library()

NO_VALUE = "–"  # noqa: RUF001
FEWEST_TO_READ = 10
BAR_WIDTH = 64


@register.simple_tag
@cache
def icon(name: str, width: int = 18, height: int | None = None) -> SafeString:
    """Draw a symbol of icons.svg. It is hidden from screen readers: put words beside it."""
    return format_html(
        '<svg class="ic" width="{}" height="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        width,
        height or width,
        static("icons.svg"),
        name,
    )


register.filter(stopped)


@register.filter
def times(count: int) -> str:
    """Say how often: once, twice, 3 times."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


@register.simple_tag(takes_context=True)
def nav_link(context: Context, name: str, words: str) -> SafeString:
    """Link to a page of the main navigation, marked where one is on it or in its section.

    A page outside the section's address names its section as `nav` in the context.
    """
    address, path = reverse(name), context["request"].path
    inside = name == context["nav"] if "nav" in context else address != "/" and path.startswith(address)
    current = "page" if path == address else "true" if inside else ""
    mark = format_html(' aria-current="{}"', current) if current else ""
    return format_html('<a href="{}"{}>{}</a>', address, mark, words)


class NamedClient(Protocol):
    """What a page shows of whom it is about: the name where one is kept, else the code."""

    pk: UUID
    name: str
    code: str

    @property
    def label(self) -> str: ...


@register.simple_tag
def client_name(client: NamedClient, page: str = "") -> SafeString:
    """Write a client's name and code, or the code alone; with the name of a page about one client, as a link to it."""
    words = escape(client.label)
    if page:
        words = format_html('<a class="rowlink" href="{}">{}</a>', reverse(page, args=[client.pk]), words)
    return format_html('{} <span class="code">{}</span>', words, client.code) if client.name else words


@register.simple_tag
def radio_input(radio: BoundWidget) -> SafeString:
    """Write one radio button of a field, without its label."""
    data = radio.data
    return format_html(
        '<input type="radio" name="{}" id="{}" value="{}"{}>',
        data["name"],
        radio.id_for_label,
        data["value"],
        mark_safe(" checked") if data["selected"] else "",
    )


@register.filter
def first_control_id(field: BoundField) -> str:
    """Give the id of the first thing a person can use in a field, for a link from the error summary."""
    choices = field.subwidgets if field.field.widget.use_fieldset else []
    return str(choices[0].id_for_label) if choices else field.auto_id


def one_decimal(value: float) -> str:
    """Round halves upwards."""
    return floatformat(value, 1)


@register.filter
def score(value: float | None) -> str:
    """Write a rating as it is (6), a mean with one decimal (5.7), a missing one as a dash."""
    if value is None:
        return NO_VALUE
    return str(value) if isinstance(value, int) else one_decimal(value)


@register.simple_tag
def change(value: float | None) -> SafeString:
    """Write a difference as a triangle and its size, with the direction in words for screen readers."""
    if value is None:
        return format_html('<span class="muted">{}</span>', NO_VALUE)
    size = round(value, 1)
    shape, word = ("down", "down") if size < 0 else ("up", "up") if size > 0 else ("flat", "no change")
    return format_html(
        '<span class="delta delta--{}">{}<span class="visually-hidden">{} </span>{}</span>',
        shape,
        icon(shape, 9),
        word,
        one_decimal(abs(value)),
    )


@register.simple_tag
def coverage(part: int, whole: int) -> SafeString:
    """Write "29 of 30" beside a bar; below ten the words alone, because a share of so few says little."""
    if whole == 0:
        return format_html('<span class="muted">{}</span>', "none yet")
    if whole < FEWEST_TO_READ:
        return format_html('<span class="muted">{} of {}, too few to read</span>', part, whole)
    return format_html(
        '<span class="hbar"><svg width="{0}" height="8" aria-hidden="true" focusable="false">'
        '<rect class="hbar__all" width="{0}" height="8" rx="4"/>'
        '<rect class="hbar__part" width="{1}" height="8" rx="4"/>'
        "</svg><span>{2} of {3}</span></span>",
        BAR_WIDTH,
        f"{BAR_WIDTH * part / whole:.1f}",
        part,
        whole,
    )


@register.simple_tag
def pair_cells(cells: Iterable[tuple[str, str, bool]]) -> SafeString:
    """Write table cells of two scores each, the clinician's and the client's; those of a component may be hidden.

    A table of them has hundreds: as nodes of a template they would take longer than the rest of the page.
    """
    return format_html_join(
        "",
        '<td class="c pair{}"><span class="you">{}</span><span class="cl">{}</span></td>',
        ((" sub" if is_part else "", clinician, client) for clinician, client, is_part in cells),
    )


@register.filter
def when(moment: date | datetime, today: date) -> str:
    """Name the day of a moment as seen from `today`: Today, Yesterday, Tomorrow, Fri 20 Nov, Fri 21 Nov 2025."""
    day = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    near = {today: "Today", today - timedelta(days=1): "Yesterday", today + timedelta(days=1): "Tomorrow"}
    if day in near:
        return near[day]
    return f"{day:%a} {day.day} {day:%b}" + (f" {day.year}" if day.year != today.year else "")


@register.filter
def when_said(moment: date | datetime, today: date) -> str:
    """Name the day of a moment within a sentence: today, yesterday, tomorrow, Fri 20 Nov."""
    words = when(moment, today)
    return words if " " in words else words.lower()
