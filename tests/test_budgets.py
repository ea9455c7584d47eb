"""A page asks the database as often with forty rows as with ten."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts.actions import invite_person
from ratings.elements import ITEM_KEYS
from ratings.models import Rater
from tests.factories import ClientFactory, SessionFactory, SupervisionFactory, UserFactory, rate

pytestmark = pytest.mark.django_db
SIGNAL_WRITES = 3  # a rating may open, close or change signals
FEW, MANY = 10, 40
FIVES = dict.fromkeys(ITEM_KEYS, "5")


class Service:
    """Ada, her client Robin, Sue who supervises her, and Adam; everything else grows."""

    def __init__(self, ada, sue, adam, robin) -> None:
        self.people = {"ada": ada, "sue": sue, "adam": adam}
        self.robin, self.size = robin, 0

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

    def address(self, page: str) -> str:
        if page in {"client", "client, supervised", "ratings_csv", "copy_for_client", "erase_client"}:
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
    "rate": ("ada", "get"),
    "save a rating": ("ada", "post"),
    "save and next": ("ada", "post"),
    "keep_typed": ("ada", "post"),
    "edit_session": ("ada", "get"),
    "supervision": ("sue", "get"),
    "client, supervised": ("sue", "get"),
    "observe": ("sue", "get"),
    "people": ("adam", "get"),
    "client_codes": ("adam", "get"),
    "copy_for_client": ("ada", "post"),
    "retention": ("adam", "get"),
    "erase_client": ("adam", "get"),
}
SENT = {
    "find_client": {"q": "C-"},
    "save a rating": FIVES,
    "save and next": FIVES | {"then": "next"},
    "keep_typed": {"goals": "5"},
}


def queries(service: Service, as_user, page: str) -> int:
    name, method = PAGES[page]
    browser = as_user(service.people[name])
    address = service.address("rate" if page.startswith("save") else page)
    with CaptureQueriesContext(connection) as captured:
        response = getattr(browser, method)(address, SENT.get(page))
    assert response.status_code < 400, page
    return len(captured)


def test_no_page_asks_more_often_with_forty_rows_than_with_ten(ada, sue, adam, robin, as_user):
    service = Service(ada, sue, adam, robin)
    service.grow(FEW)
    few = {page: queries(service, as_user, page) for page in PAGES}
    service.grow(MANY)
    many = {page: queries(service, as_user, page) for page in PAGES}
    saves = {page for page in PAGES if page.startswith("save")}
    assert {page: many[page] for page in PAGES if page not in saves} == {p: few[p] for p in PAGES if p not in saves}
    assert all(abs(many[page] - few[page]) <= SIGNAL_WRITES for page in saves)
