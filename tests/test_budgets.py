"""A page asks the database as often with forty rows as with ten."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts.actions import invite_person
from alliance_tracker.audit.actions import record
from ratings.elements import ITEM_KEYS
from ratings.models import Rater
from ratings.supervision.follow_ups import add_follow_up
from ratings.supervision.meeting_actions import prepare_meeting
from tests.factories import ClientFactory, EmergencyAccessFactory, SessionFactory, SupervisionFactory, UserFactory, rate

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SIGNAL_WRITES = 3  # a rating may open, close or change signals
FEW, MANY = 10, 40
LONG_AGO = 45  # so that a month is over, whatever the day
FIVES = dict.fromkeys(ITEM_KEYS, "5")


OF_ROBIN = {
    *("client", "client, supervised", "ratings_csv", "client_report", "client_report_pdf", "assign_follow_up"),
    *("copy_for_client", "erase_client"),
}


class Service:
    """Ada, her client Robin, Sue who supervises her, and Adam; everything else grows."""

    def __init__(self, ada, sue, adam, robin) -> None:
        self.people = {"ada": ada, "sue": sue, "adam": adam}
        self.robin, self.size = robin, 0
        self.add_to_robins_history(LONG_AGO)

    def grow(self, to: int) -> None:
        for number in range(self.size, to):
            self.add_to_robins_history(number)
            self.add_a_client()
            colleague = UserFactory()
            SupervisionFactory(supervisor=self.people["sue"], clinician=colleague)
            ClientFactory(clinician=colleague)
            invite_person(
                name="New",
                email=f"new{number}@example.org",
                roles=["clinician"],
                supervisor=None,
                by=self.people["adam"],
            )
        self.size = to

        prepare_meeting(held_on=timezone.localdate(), by=self.people["sue"])

    def add_to_robins_history(self, number: int) -> None:
        session = SessionFactory(client=self.robin, starts_at=timezone.now() - timedelta(days=2 * number + 3))
        rate(session, 1 + number % 7, strain="slight", note="A note")
        rate(session, 7 - number % 7, rater=Rater.CLIENT)
        rate(session, 4, rater=Rater.OBSERVER, by=self.people["sue"], note="A note")
        SessionFactory(client=self.robin, starts_at=session.starts_at + timedelta(hours=1), attendance="missed")

    def add_a_client(self) -> None:
        client = ClientFactory(clinician=self.people["ada"])
        rate(SessionFactory(client=client))
        SessionFactory(client=client, starts_at=timezone.now() - timedelta(hours=1))
        add_follow_up(
            client.episodes.get(), what="Call", owner=None, due_on=timezone.localdate(), by=self.people["sue"]
        )
        record("client.viewed", by=self.people["sue"], target=client, client_id=client.pk)
        access = EmergencyAccessFactory(client=client)
        record("client.viewed", by=access.user, target=client, client_id=client.pk)

    def address(self, page: str) -> str:
        if page == "meeting":
            meeting = prepare_meeting(held_on=timezone.localdate(), by=self.people["sue"])
            return reverse(page, args=[meeting.pk])
        if page in OF_ROBIN:
            return reverse(page.partition(",")[0], args=[self.robin.pk])
        if page in {"rate", "observe", "keep_typed", "edit_session"}:
            return reverse(page, args=[SessionFactory(client=self.robin).pk])
        return reverse(page) + ("?show=all" if page == "retention" else "")


PAGES = {
    "today": ("ada", "get"),
    "client_list": ("ada", "get"),
    "choose_client": ("ada", "get"),
    "find_client": ("ada", "post"),
    "client": ("ada", "get"),
    "ratings_csv": ("ada", "get"),
    "client_report": ("ada", "get"),
    "client_report_pdf": ("ada", "get"),
    "rate": ("ada", "get"),
    "save a rating": ("ada", "post"),
    "save and next": ("ada", "post"),
    "keep_typed": ("ada", "post"),
    "edit_session": ("ada", "get"),
    "supervision": ("sue", "get"),
    "client, supervised": ("sue", "get"),
    "observe": ("sue", "get"),
    "service_report": ("sue", "get"),
    "service_report_pdf": ("sue", "get"),
    "service_ratings_csv": ("sue", "get"),
    "service_strains_csv": ("sue", "get"),
    "mirror": ("ada", "get"),
    "assign_follow_up": ("sue", "get"),
    "openings": ("ada", "get"),
    "meetings": ("sue", "get"),
    "meeting": ("sue", "get"),
    "prepare_meeting": ("sue", "post"),
    "people": ("adam", "get"),
    "client_codes": ("adam", "get"),
    "audit_trail": ("adam", "get"),
    "emergency_access": ("ada", "get"),
    "copy_for_client": ("ada", "post"),
    "retention": ("adam", "get"),
    "erase_client": ("adam", "get"),
}
SENT = {
    "find_client": {"q": "C-"},
    "save a rating": FIVES,
    "save and next": FIVES | {"then": "next"},
    "keep_typed": {"goals": "5"},
    "prepare_meeting": {"held_on": "2026-11-23"},
}


def queries(service: Service, as_user, page: str) -> int:
    name, method = PAGES[page]
    browser = as_user(service.people[name])
    address = service.address("rate" if page.startswith("save") else page)
    with CaptureQueriesContext(connection) as captured:
        response = getattr(browser, method)(address, SENT.get(page))
    assert response.status_code < 400, page
    return len(captured)


@pytest.fixture
def grown(monday, ada, sue, adam, robin) -> Service:
    """The clock stands still: a session notes every ten seconds that somebody acts in it."""
    return Service(ada, sue, adam, robin)


def test_no_page_asks_more_often_with_forty_rows_than_with_ten(grown, as_user):
    grown.grow(FEW)
    few = {page: queries(grown, as_user, page) for page in PAGES}
    grown.grow(MANY)
    many = {page: queries(grown, as_user, page) for page in PAGES}
    saves = {page for page in PAGES if page.startswith("save")}
    more = {page: (few[page], many[page]) for page in PAGES if page not in saves and many[page] > few[page]}
    assert more == {}
    assert all(abs(many[page] - few[page]) <= SIGNAL_WRITES for page in saves)
