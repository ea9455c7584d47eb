"""Filters that write the cells of long tables: as nodes of a template, hundreds of cells take longer than the page.

Rows hold values; these filters draw them. They reach no database.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from alliance_tracker import template_tags
from ratings.analysis.all_rules import RULES
from ratings.figures.sparkline import sparkline
from ratings.models import Rater

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from clients.models import Client
    from ratings.caseload.lists import CaseloadRow
    from ratings.caseload.open_items import OpenItem
    from ratings.figures.funnel_and_stages import LatestRating, Stage

register = template.Library()

LONG_AGO = 14
LINK = '<a class="rowlink" href="{}">{}</a>'
LINK_AND_CODE = f'{LINK} <span class="code">{{}}</span>'

# The same few values come up in row after row.
same_each_time = lru_cache(maxsize=1000, typed=True)
change, score = map(same_each_time, (template_tags.change, template_tags.score))
icon = template_tags.icon


@register.filter
def client_link(client: Client) -> SafeString:
    address = reverse("client", args=[client.pk])
    if not client.name:
        return format_html(LINK, address, client.code)
    return format_html(LINK_AND_CODE, address, client.name, client.code)


@same_each_time
def signal(rule_id: str) -> SafeString:
    if not rule_id:
        return format_html('<span class="muted sm">{}</span>', "None open")
    rule = RULES[rule_id]
    severity = render_to_string("ratings/caseload/parts/severity.html", {"rule": rule})
    return format_html('{} <span class="sm ink-2">{}</span>', severity, rule.title.lower())


@same_each_time
def unrated(number: int) -> str:
    return str(number) if number else format_html('<span class="muted">{}</span>', 0)


@register.filter
@same_each_time
def ago(days: int | None) -> str:
    """Say how many days ago something was; nothing where it has not been."""
    return {None: "", 0: "today", 1: "yesterday"}.get(days, f"{days} days")


@same_each_time
def last_rated(days: int | None) -> str:
    if days is None:
        return format_html('<span class="muted">{}</span>', "not yet")
    return format_html("<b>{}</b>", ago(days)) if days > LONG_AGO else ago(days)


@register.filter
def trend(row: CaseloadRow, rater: str = Rater.CLINICIAN) -> SafeString:
    """Draw the small trend picture of a row: this rater's ratings."""
    drawn = sparkline(row.recent(rater), row.band(rater), by_client=rater == Rater.CLIENT)
    return mark_safe(drawn)  # noqa: S308 - numbers only


@register.filter
def overview(row: CaseloadRow) -> SafeString:
    """Write what a list of clients says of one, after the name."""
    return format_html(
        '<td class="sp" data-l="">{}</td>'
        '<td class="n" data-l="Latest"><b>{}</b></td>'
        '<td class="n" data-l="Change">{}</td>'
        '<td class="n" data-l="Client\'s latest">{}</td>'
        '<td class="sg" data-l="">{}</td>'
        '<td class="n" data-l="To rate">{}</td>'
        '<td class="n nowrap" data-l="Last rated">{}</td>',
        trend(row),
        score(row.overall),
        change(row.change),
        score(row.clients_overall),
        signal(row.first_signal.rule.id if row.first_signal else ""),
        unrated(row.unrated),
        last_rated(row.days_since_rated),
    )


@same_each_time
def heat_cell(value: float | None, step: str, direction: str) -> SafeString:
    """Write one cell of the heat table: the score on the colour of its step, with an arrow where it is far off."""
    if value is None:
        return format_html('<td class="hm-x">{}</td>', "n/o")
    words = {"down": "below usual", "up": "above usual"}.get(direction)
    arrow = format_html('{}<span class="visually-hidden">{}</span>', icon(direction, 9), words) if words else ""
    arrow = arrow and format_html('<span class="ms-1">{}</span>', arrow)
    return format_html('<td class="hm-{}">{}{}</td>', step, score(value), arrow)


@register.filter
def calm_rows(calm: Iterable[CaseloadRow]) -> SafeString:
    """Write the rows of clients about whom nothing is open."""
    return format_html_join(
        "",
        '<tr><th scope="row">{}</th><td data-l="Clinician">{}</td><td class="n" data-l="Clinician\'s latest">{}</td>'
        '<td class="n" data-l="Client\'s latest">{}</td><td class="n nowrap" data-l="Last rated">{}</td></tr>',
        (
            (
                client_link(row.client),
                row.clinician.name,
                score(row.overall),
                score(row.clients_overall),
                days_ago(row.days_since_rated),
            )
            for row in calm
        ),
    )


@register.filter
def not_yet_rows(listed: Iterable[tuple[CaseloadRow, list[OpenItem]]]) -> SafeString:
    """Write the rows of clients about whom something is open that is not for the supervisor's list yet."""
    return format_html_join(
        "",
        '<tr><th scope="row">{}</th><td data-l="Clinician">{}</td><td data-l="Open">{}</td>'
        '<td data-l="Stands">{}</td><td class="n nowrap" data-l="Since">{}</td></tr>',
        (
            (
                client_link(row.client),
                row.clinician.name,
                named([item.what for item in items]),
                format_html('<span class="tag">{}</span>', items[0].where),
                since(items[0].since),
            )
            for row, items in listed
        ),
    )


def named(things: list[str]) -> str:
    """Name the first of these, and the others after it: "Seen differently. Also: ..., ..."."""
    first, *others = things
    return f"{first}. Also: {', '.join(each[0].lower() + each[1:] for each in others)}" if others else first


def since(moment: datetime) -> str:
    """Write the local day of a moment: "24 Nov", with the year where it is not this one."""
    day = timezone.localdate(moment)
    return f"{day.day} {day:%b}" + (f" {day.year}" if day.year != timezone.localdate().year else "")


@same_each_time
def days_ago(days: int | None) -> str:
    near = {None: "not yet", 0: "today", 1: "yesterday"}
    return near.get(days, f"{days} days ago")


@register.filter
def place_rows(places: Iterable[LatestRating]) -> SafeString:
    """Write the table of the funnel: client, sessions, distance from usual, flagged or not."""
    return format_html_join(
        "",
        '<tr><th scope="row">{}</th><td class="n">{}</td><td class="n">{}</td><td>{}</td></tr>',
        ((each.code, each.sessions, change(each.z), "Yes" if each.flagged else "No") for each in places),
    )


@register.filter
def stage_rows(stages: Iterable[Stage]) -> SafeString:
    """Write the table of stages: how many clients, their median, each rating."""
    return format_html_join(
        "",
        '<tr><th scope="row">{}</th><td class="n">{}</td><td class="n">{}</td><td>{}</td></tr>',
        (
            (stage.label, len(stage.scores), score(stage.median), ", ".join(map(score, stage.scores)))
            for stage in stages
        ),
    )
