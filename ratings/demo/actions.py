"""Load the invented caseload, and tell whether a database holds it."""

from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from alliance_tracker.accounts.models import ServiceSettings, Supervision, User, role_flags
from alliance_tracker.audit.models import AuditEvent
from clients.actions import local
from clients.models import Assignment, Client, Episode, TherapySession
from ratings.demo.caseload import COURSES
from ratings.demo.course import Course
from ratings.demo.diary import slots
from ratings.demo.past_strains import answer_past_strains
from ratings.demo.people import PASSWORD, STAFF, SUPERVISED, Person
from ratings.demo.rows import Rows, Scribe, uuid_at
from ratings.demo.supervised import Secretary
from ratings.models import ClientLink, Rating, RatingVersion
from ratings.reports.service_months import write_months
from ratings.standing.refresh import refresh_standing
from ratings.standing.rule_check import check_rule
from ratings.standing.rule_counts import count_rules

LOADED = "demo.loaded"
SERVICE_AGE = timedelta(days=300)


def loaded_on() -> date | None:
    """Return the day on which the demo caseload was loaded into this database; None where it was not."""
    event = AuditEvent.objects.filter(action=LOADED).order_by("-at").first()
    return timezone.localdate(event.at) if event else None


def has_people_or_clients() -> bool:
    return User.objects.exists() or Client.objects.exists()


@transaction.atomic
def load_caseload(now: datetime) -> Rows:
    """Write the whole caseload as of this day into an empty database."""
    today = timezone.localdate(now)
    ServiceSettings.objects.get_or_create()
    users = add_staff(local(today - SERVICE_AGE, time(9)))
    rows = Rows()
    places = slots(today)
    for courses in by_client():
        scribe = Scribe(rows, users, courses, today)
        for course in courses:
            scribe.write(course, places[course])
    write(rows, now)
    Secretary(users, timezone.localtime(now), COURSES[0].random("supervision")).write()
    AuditEvent.objects.create(action=LOADED, at=now)
    return rows


def by_client() -> list[list[Course]]:
    """Return each client's courses, oldest first."""
    ordered = sorted(COURSES, key=lambda course: (course.code, -course.ended))
    return [list(courses) for _, courses in groupby(ordered, key=lambda course: course.code)]


def add_staff(since: datetime) -> dict[Person, User]:
    """Write the people and who supervises whom, from this time on."""
    chance = COURSES[0].random("staff")
    password = make_password(PASSWORD)
    users = {
        person: User(
            id=uuid_at(chance, since),
            email=person.email,
            name=person.name,
            password=password,
            created_at=since,
            **role_flags(person.roles),
        )
        for person in STAFF
    }
    User.objects.bulk_create(users.values())
    Supervision.objects.bulk_create(
        Supervision(
            id=uuid_at(chance, since), supervisor=users[supervisor], clinician=users[clinician], starts_at=since
        )
        for supervisor, team in SUPERVISED.items()
        for clinician in team
    )
    return users


def write(rows: Rows, now: datetime) -> None:
    """Write the rows, and what is derived of them."""
    Client.objects.bulk_create(rows.clients)
    Episode.objects.bulk_create(rows.episodes)
    Assignment.objects.bulk_create(rows.assignments)
    TherapySession.objects.bulk_create(rows.sessions)
    Rating.objects.bulk_create(rows.ratings)
    RatingVersion.objects.bulk_create(rows.versions)
    ClientLink.objects.bulk_create(rows.links)
    AuditEvent.objects.bulk_create(sorted(rows.events, key=lambda event: event.at))
    update_statistics()
    for episode in rows.episodes:
        refresh_standing(episode, now)
    answer_past_strains(now)
    write_months(now)
    count_rules(now)
    check_rule(now)


def update_statistics() -> None:
    """Have the database count the new rows: with statistics of empty tables its queries would take minutes."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
