"""When the invented sessions take place, and when they are rated. It depends on the date, not on the hour."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from clients.actions import PLAN_AHEAD, local
from ratings.demo.caseload import COURSES
from ratings.demo.course import Course
from ratings.demo.past_sessions import Visit, visits
from ratings.demo.people import MAYA, STAFF
from ratings.models import OPENS_AFTER

Slot = tuple[int, time]

HOURS = (time(9), time(10), time(11), time(13), time(14), time(15), time(16))
OFFICE_DAYS = range(5)
MAYAS_TODAY = (time(10), time(14), time(15, 30))
MAYAS_LAST_DAY = (time(11), time(14, 30))
MAYAS_LATE = time(16)
MAYAS_REST = (time(9), time(13), time(17))
WEDNESDAY_EVENING = (2, time(17, 30))
LATE_SHARE, NEXT_MORNING_SHARE, EVENING_SHARE = 0.05, 0.2, 0.35
AT_ONCE_SHARE = 0.65
SESSION_LASTS = timedelta(minutes=50)


def usual_slots() -> Iterator[Slot]:
    """Yield weekly slots spread over the days and hours of the week."""
    for first in range(len(HOURS)):
        for day in OFFICE_DAYS:
            yield day, HOURS[(first + 2 * day) % len(HOURS)]


def mayas_slots(today: date) -> Iterator[Slot]:
    """Yield slots for Maya: three today, two on the last office day, one far enough back to be late, and the rest."""
    yield from ((today.weekday(), at) for at in MAYAS_TODAY)
    yield from ((office_day(today, 1).weekday(), at) for at in MAYAS_LAST_DAY)
    yield office_day(today, 4).weekday(), MAYAS_LATE
    yield from ((day, at) for at in MAYAS_REST for day in OFFICE_DAYS if day != today.weekday())


def office_day(today: date, days_back: int) -> date:
    """Return the last office day at least so many days ago."""
    day = today - timedelta(days=days_back)
    return day - timedelta(days=max(0, day.weekday() - OFFICE_DAYS[-1]))


def slots(today: date) -> dict[Course, Slot]:
    """Return the weekly slot of every course: one of its own with each clinician."""
    found: dict[Course, Slot] = {}
    for person in STAFF:
        own = [course for course in COURSES if course.clinician is person]
        free = mayas_slots(today) if person is MAYA else usual_slots()
        found |= dict(zip(own, free, strict=False))
    return found | {course: WEDNESDAY_EVENING for course in COURSES if course.before}


@dataclass(frozen=True)
class Appointment:
    """One session, and when each rater saved a rating of it. `visit` is None for a planned one."""

    starts_at: datetime
    visit: Visit | None = None
    clinician_at: datetime | None = None
    client_at: datetime | None = None

    @property
    def is_handed_over(self) -> bool:
        """Whether the client answered before the session was over, on a handed-over device."""
        return self.client_at is not None and self.client_at <= self.starts_at + SESSION_LASTS

    @property
    def opens_at(self) -> datetime | None:
        """When the client's rating opened, if there is one: with the clinician's, else seven days after the session."""
        if self.client_at is None:
            return None
        alone = max(self.starts_at + OPENS_AFTER, self.client_at)
        return min(alone, max(self.client_at, self.clinician_at)) if self.clinician_at else alone


def appointments(course: Course, slot: Slot, today: date) -> list[Appointment]:
    """Return the course's sessions in their order, from the first to those planned eight weeks ahead."""
    past, chance = visits(course), course.random("saving")
    days = past_days(course, slot, today, len(past))
    found = [held(visit, local(day, slot[1]), today, chance) for visit, day in zip(past, days, strict=True)]
    return found + [Appointment(local(day, slot[1])) for day in planned_days(course, slot, today)]


def past_days(course: Course, slot: Slot, today: date, count: int) -> list[date]:
    """Return the days of this many past sessions, oldest first, with the clinician's leave and any pause left out."""
    latest = today - timedelta(days=(today.weekday() - slot[0]) % 7 or 7)
    after, pause = course.pause
    week = course.ended
    weeks: list[int] = []
    while len(weeks) < count:
        if week in course.clinician.leave:
            week += 1
            continue
        weeks.append(week)
        week += course.every + (pause if len(weeks) == count - after else 0)
    return [latest - timedelta(weeks=week) for week in reversed(weeks)]


def planned_days(course: Course, slot: Slot, today: date) -> list[date]:
    if not course.is_open:
        return []
    first = today + timedelta(days=(slot[0] - today.weekday()) % 7)
    if not course.held and first == today:
        first += timedelta(weeks=1)
    if course.every > 1:
        return [first + timedelta(weeks=course.every - 1)]
    return [first + timedelta(weeks=week) for week in range((today + PLAN_AHEAD - first).days // 7 + 1)]


def held(visit: Visit, starts_at: datetime, today: date, chance: Random) -> Appointment:
    """Return the appointment of a past session, with the times at which its ratings were saved: all before today."""
    midnight = local(today, time())
    clinician_at = next(at for at in clinician_moments(starts_at, chance) if at < midnight)
    client_at = next(at for at in client_moments(starts_at, chance) if at < midnight)
    return Appointment(starts_at, visit, clinician_at if visit.clinician else None, client_at if visit.client else None)


def clinician_moments(starts_at: datetime, chance: Random) -> list[datetime]:
    """Return times at which the clinician may have rated the session, the one to take first if it is past."""
    end, roll = starts_at + SESSION_LASTS, chance.random()
    at_once = end + timedelta(seconds=chance.randint(30, 900))
    evening = end + timedelta(seconds=chance.randint(3600, 7200))
    morning = starts_at + timedelta(hours=22, seconds=chance.randint(0, 5400))
    late = starts_at + timedelta(days=chance.choice((4, 5, 6, 7, 9)), seconds=chance.randint(0, 7200))
    next_day = morning if morning.weekday() in OFFICE_DAYS else evening
    wishes = ((LATE_SHARE, late), (NEXT_MORNING_SHARE, next_day), (EVENING_SHARE, evening))
    return [at for share, at in wishes if roll < share] + [at_once]


def client_moments(starts_at: datetime, chance: Random) -> list[datetime]:
    """Return times at which the client may have answered: on the handed-over device, or later at home."""
    at_once = starts_at + SESSION_LASTS - timedelta(seconds=chance.randint(0, 240))
    at_home = starts_at + timedelta(hours=chance.choice((2, 4, 24, 26, 28, 48)), seconds=chance.randint(0, 3600))
    return [at_once] if chance.random() < AT_ONCE_SHARE else [at_home, at_once]
