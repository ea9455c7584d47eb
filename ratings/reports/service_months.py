"""The figures of each whole month, worked out from all of the service's rows. The nightly run stores them; pages read.

Only months that are over: two reports of a running month, a day apart, would show what that day brought. What a month
says of strains covers the year up to its end, as people had spoken of them by then.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Exists, FilteredRelation, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from clients.models import Assignment, Episode, TherapySession
from ratings.analysis.after_low import AskedSession, after_low
from ratings.analysis.derived import AMBER, RED
from ratings.analysis.measurement import agreement, measurement
from ratings.analysis.scores import overall
from ratings.analysis.service_figures import (
    RATERS,
    CountedCase,
    HeldSession,
    StrainCourse,
    of_sessions,
    of_strains,
    part_of,
)
from ratings.asking.asked import annotate_asked, annotated_state
from ratings.elements import ITEM_KEYS
from ratings.models import Rater, Rating, Rupture, ServiceMonth, Signal
from ratings.models.signal import Outcome, State
from ratings.standing.rule_check import read_sessions

KEPT = 13  # months, so that the newest stands beside the one a year before it
SPOKEN = (State.ACKNOWLEDGED, State.WORKING, State.REPAIRED, State.NOT_REPAIRED, State.ENDED)
DAY = timedelta(days=1)
ReadByMonth = dict[date, dict[Any, list[int]]]  # by month and clinician: sessions with a z, of them low, and high


def write_months(now: datetime) -> int:
    """Work out the figures of the kept months again; return how many changed, by late ratings or corrections."""
    changed, months = 0, kept_months(now)
    read = sessions_read(now) if months else {}
    for month in months:
        figures = figures_of(month, now, read)
        before = ServiceMonth.objects.filter(month=month).first()
        changed += before is None or before.figures != figures
        ServiceMonth.objects.update_or_create(month=month, defaults={"figures": figures, "written_at": now})
    return changed


def kept_months(now: datetime) -> list[date]:
    """Return the first days of the last whole months, oldest first, none before the service's first session."""
    first = TherapySession.objects.held(now).order_by("starts_at").values_list("starts_at", flat=True).first()
    month, months = timezone.localdate(now).replace(day=1), list[date]()
    while first and len(months) < KEPT and start_of(month) > first:
        month = (month - DAY).replace(day=1)
        months.insert(0, month)
    return months


def next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def year_to(month: date) -> date:
    """Return the first day of the year that ends with this month."""
    end = next_month(month)
    return end.replace(year=end.year - 1)


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def figures_of(month: date, now: datetime, read: ReadByMonth) -> dict[str, Any]:
    """Return one month's figures and those of the year up to its end, in the form that is stored."""
    end, since = start_of(next_month(month)), start_of(year_to(month))
    visits = [visit_of(session) for session in sessions_between(start_of(month), end, now)]
    year = of_strains(
        [course_of(rupture, end) for rupture in ruptures_between(since, end)],
        signals_between(since, end),
        list(endings_between(year_to(month), next_month(month))),
        list(discussed_between(since, end)),
    )
    checked = {"read": read_in(year_to(month), month, read), "outcomes": part_of(list(outcomes_between(since, end)))}
    year |= checked | measured(since, end, now) | {"after_low": after_low(therapies_between(since, end, now))}
    figures = of_sessions(visits) | {"strains": open_at(month), "year": year}
    stored: dict[str, Any] = json.loads(json.dumps(figures))
    return stored


def sessions_between(start: datetime, end: datetime, now: datetime) -> QuerySet[TherapySession]:
    """Return the sessions that the whole service held between two moments, with what `visit_of` reads."""
    return held_with_ratings(TherapySession.objects.filter(starts_at__gte=start, starts_at__lt=end), now)


def held_with_ratings(sessions: Any, now: datetime) -> QuerySet[TherapySession]:
    """Return the held ones of these sessions, with the ratings that have opened and whether the client was asked."""
    shown = Rating.objects.opened(now).filter(rater__in=RATERS).defer("note")
    shown = shown.annotate(first_saved_at=Min("versions__saved_at"))
    return (
        annotate_asked(sessions.held(now), now)
        .select_related("episode")
        .prefetch_related(Prefetch("ratings", shown, to_attr="shown"))
        .order_by("starts_at", "pk")
    )


def visit_of(session: Any) -> HeldSession:
    """Read a session that was loaded by `held_with_ratings`."""
    by_rater = {rating.rater: rating for rating in session.shown}
    own, state = by_rater.get(Rater.CLINICIAN), annotated_state(session)
    return HeldSession(
        client=session.episode.client_id,
        clinician=session.clinician_id,
        items_by_rater={rater: rating.items for rater, rating in by_rater.items()},
        asked=state.asked,
        answered=state.answered,
        declined=state.declined,
        seconds=seconds_to_log(own) if own else None,
    )


def seconds_to_log(rating: Any) -> float | None:
    """Return the time from opening the form to its first save; None where it is not known."""
    return (rating.first_saved_at - rating.opened_at).total_seconds() if rating.opened_at else None


def ruptures_between(start: datetime, end: datetime) -> QuerySet[Rupture]:
    kept = Rupture.objects.exclude(state=State.WITHDRAWN).filter(opened_at__gte=start, opened_at__lt=end)
    return kept.with_events().select_related("session").order_by("opened_at", "pk")


def course_of(rupture: Rupture, end: datetime) -> StrainCourse:
    """Return what had become of a strain by `end`."""
    days = [days_until(rupture, first_said_at(rupture, states, end)) for states in (SPOKEN, [State.REPAIRED])]
    return StrainCourse(rupture.session.clinician_id, *days)


def first_said_at(rupture: Rupture, states: Any, end: datetime) -> datetime | None:
    """Return when a person first gave a strain one of these states; None where nobody had by `end`."""
    events = rupture.events.all()
    return min((event.at for event in events if event.by_id and event.state in states and event.at < end), default=None)


def days_until(rupture: Rupture, moment: datetime | None) -> float | None:
    return max(0.0, (moment - rupture.opened_at) / DAY) if moment else None


def signals_between(start: datetime, end: datetime) -> Iterator[CountedCase]:
    """Yield the signals raised between two moments, each with whether a person had found it not right by `end`."""
    raised = Signal.objects.filter(opened_at__gte=start, opened_at__lt=end, withdrawn_at=None).order_by("pk")
    for clinician, rule, not_right_at in raised.values_list("session__clinician", "rule", "not_right_at"):
        yield CountedCase(clinician, rule, not_right_at is not None and not_right_at < end)


def outcomes_between(start: datetime, end: datetime) -> Iterator[CountedCase]:
    """Yield the strains that flags opened between two moments, with what people had said of them by `end`."""
    closed = Rupture.objects.exclude(state=State.WITHDRAWN).filter(closed_at__isnull=False, source__in=(RED, AMBER))
    said = closed.filter(opened_at__gte=start, opened_at__lt=end, outcome_at__lt=end).order_by("pk")
    for clinician, outcome in said.values_list("session__clinician", "outcome"):
        yield CountedCase(clinician, "outcome", outcome == Outcome.STRAIN)


def sessions_read(now: datetime) -> ReadByMonth:
    """Count by month and clinician the sessions with a z, and those of them unusually low and unusually high."""
    found: ReadByMonth = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    for session in read_sessions(now):
        if session.z is not None:
            month = timezone.localdate(session.starts_at).replace(day=1)
            counts = found[month][session.clinician]
            for place, one in enumerate((True, session.is_low, session.is_high)):
                counts[place] += one
    return found


def read_in(first: date, last: date, read: ReadByMonth) -> dict[str, int]:
    """Return how many sessions from one month to another had a z, and how many were unusually low and high."""
    months = [clinicians for month, clinicians in read.items() if first <= month <= last]
    n, low, high = (sum(counts[place] for each in months for counts in each.values()) for place in range(3))
    return {"n": n, "low": low, "high": high, "by": len({clinician for each in months for clinician in each})}


def discussed_between(start: datetime, end: datetime) -> Iterator[CountedCase]:
    """Yield what clinicians answered when asked whether an open strain was discussed with the client."""
    answers = Rating.objects.filter(rater=Rater.CLINICIAN, session__starts_at__gte=start, session__starts_at__lt=end)
    counted = answers.exclude(discussed="").filter(session__voided_at=None).order_by("pk")
    for clinician, answer in counted.values_list("session__clinician", "discussed"):
        yield CountedCase(clinician, answer, answer == "yes")


def had_strain() -> Exists:
    """Whether an episode has had a strain."""
    return Exists(Rupture.objects.exclude(state=State.WITHDRAWN).filter(episode=OuterRef("pk")))


def endings_between(first: date, after: date) -> Iterator[CountedCase]:
    """Yield the therapies that had a strain and ended between two days: planned, unplanned or other."""
    last_held = Assignment.objects.filter(episode=OuterRef("pk")).order_by("-starts_at").values("clinician")[:1]
    ended = Episode.objects.filter(had_strain(), ended_on__gte=first, ended_on__lt=after).order_by("pk")
    for clinician, ending in ended.values_list(Subquery(last_held), "ending"):
        yield CountedCase(clinician, ending if ending in {"planned", "unplanned"} else "other")


def open_at(month: date) -> dict[str, int]:
    """Count the therapies open at the month's end, and those of them with an open strain then."""
    end = start_of(next_month(month))
    going_on = Episode.objects.filter(started_on__lt=next_month(month)).filter(
        Q(ended_on=None) | Q(ended_on__gte=next_month(month))
    )
    strains = Rupture.objects.exclude(state=State.WITHDRAWN).filter(
        Q(closed_at=None) | Q(closed_at__gte=end), episode=OuterRef("pk"), opened_at__lt=end
    )
    holding = Assignment.objects.filter(episode__in=going_on, starts_at__lt=end)
    by = holding.filter(Q(ends_at=None) | Q(ends_at__gte=end)).values("clinician").distinct().count()
    return {"therapies": going_on.count(), "open": going_on.filter(Exists(strains)).count(), "by": by}


def measured(start: datetime, end: datetime, now: datetime) -> dict[str, Any]:
    """Return how well the form measured between two moments, for each rater, and how far both agreed."""
    ratings = Rating.objects.opened(now).filter(rater__in=RATERS, session__voided_at=None)
    year = ratings.filter(session__starts_at__gte=start, session__starts_at__lt=end).order_by(
        "session__starts_at", "pk"
    )
    given: dict[str, dict[Any, list[Any]]] = {rater: defaultdict(list) for rater in RATERS}
    scores: dict[Any, dict[str, float]] = defaultdict(dict)
    in_order = year.order_by("session__starts_at", "pk")
    rows = in_order.values_list("session__episode__client", "session", "rater", *ITEM_KEYS)
    for client, session, rater, *marks in rows.iterator(chunk_size=2000):
        items = dict(zip(ITEM_KEYS, marks, strict=True))
        given[rater][client].append(items)
        if (score := overall(items)) is not None:
            scores[client, session][rater] = score
    pairs: dict[Any, list[tuple[float, float]]] = defaultdict(list)
    for (client, _), both in scores.items():
        if len(both) == len(RATERS):
            pairs[client].append((both["client"], both["clinician"]))
    by_rater = {rater: measurement(rows) for rater, rows in given.items()}
    return {"measurement": by_rater | {"pairs": agreement(pairs)}}


def therapies_between(start: datetime, end: datetime, now: datetime) -> Iterator[list[AskedSession]]:
    """Yield the therapies with a session between two moments, each as its held sessions up to the later one."""
    between = TherapySession.objects.filter(starts_at__gte=start, starts_at__lt=end).values("episode")
    held = TherapySession.objects.filter(episode__in=between, starts_at__lt=end).held(now)
    opened = FilteredRelation("ratings", condition=Q(ratings__rater=Rater.CLIENT, ratings__opens_at__lte=now))
    columns = ("episode", "clinician", "starts_at", "is_asked", "is_answered", *(f"opened__{key}" for key in ITEM_KEYS))
    rows = (
        annotate_asked(held, now).annotate(opened=opened).order_by("episode", "starts_at", "pk").values_list(*columns)
    )
    for _, sessions in groupby(rows.iterator(chunk_size=2000), key=lambda row: row[0]):
        yield [
            AskedSession(
                clinician, overall(dict(zip(ITEM_KEYS, marks, strict=True))), asked, answered, starts_at >= start
            )
            for _, clinician, starts_at, asked, answered, *marks in sessions
        ]
