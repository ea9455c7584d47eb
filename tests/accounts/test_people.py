"""The list of people."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alliance_tracker.accounts import actions
from clients.actions import deactivate_person
from tests.accounts.doors import check_doors
from tests.factories import ClientFactory, SupervisionFactory, UserFactory, rate

pytestmark = pytest.mark.django_db

DANA = {"name": "Dana Whitlock", "email": "dana@example.org", "roles": ["clinician"]}


def names(page) -> list[str]:
    return [row.person.name for row in page.context["page"].object_list]


def test_doors(adam, ada, sue):
    check_doors("people", admin=adam, others=[ada, sue], sends=False)


def test_it_lists_people_with_what_an_admin_needs(as_user, adam, sue, robin, yesterday):
    rate(yesterday, 3)
    actions.invite_person(**DANA, supervisor=sue, by=adam)
    gone = UserFactory(name="Rosa Klein")
    deactivate_person(gone, to={}, by=adam, reason="Left the service")
    page = as_user(adam).get("/people/?status=all")
    text = page.content.decode()
    assert names(page) == ["Ada Osei", "Adam Novak", "Sue Brandt", "Dana Whitlock", "Rosa Klein"]
    assert "3 active, 1 invited, 1 deactivated" in text
    for shown in ("ada@example.org", "Sue Brandt", "Supervisor", "not yet", "Invited, until", "Deactivated"):
        assert shown in text
    ada_row = page.context["page"].object_list[0]
    assert (ada_row.open_clients, ada_row.supervisors) == (1, [sue])


def test_an_admin_sees_nothing_of_a_client(as_user, adam, robin, yesterday):
    rate(yesterday, 3, note="A note that nobody here should see")
    text = as_user(adam).get("/people/?status=all").content.decode()
    assert not any(secret in text for secret in ("Robin A.", "R-1", "A note that"))


def test_only_open_clients_of_open_assignments_count(as_user, adam, ada, ben, robin):
    closed = ClientFactory(clinician=ada)
    closed.episodes.update(ended_on=timezone.localdate(), ending="planned")
    gone = ClientFactory(clinician=ada)
    gone.episodes.get().assignments.update(ends_at=timezone.now() - timedelta(days=1))
    rows = as_user(adam).get("/people/").context["page"].object_list
    assert {row.person.name: row.open_clients for row in rows} == {"Ada Osei": 1, "Adam Novak": 0, "Ben Lind": 0}


def test_only_current_supervisors_show(as_user, adam, ada, sue):
    for starts, ends in ((-50, -10), (10, None)):
        now = timezone.now()
        SupervisionFactory(
            clinician=ada,
            supervisor=UserFactory(name="Not Now", is_supervisor=True),
            starts_at=now + timedelta(days=starts),
            ends_at=now + timedelta(days=ends) if ends else None,
        )
    row = as_user(adam).get("/people/?q=ada%20osei").context["page"].object_list[0]
    assert row.supervisors == [sue]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=OSEI", ["Ada Osei"]),
        ("q=klein&status=all", ["Rosa Klein"]),
        ("q=sue@", ["Sue Brandt"]),
        ("role=supervisor", ["Sue Brandt"]),
        ("role=clinician", ["Ada Osei", "Dana Whitlock"]),
        ("status=active", ["Ada Osei", "Adam Novak", "Sue Brandt"]),
        ("status=invited", ["Dana Whitlock"]),
        ("status=deactivated", ["Rosa Klein"]),
        ("", ["Ada Osei", "Adam Novak", "Sue Brandt", "Dana Whitlock"]),
        ("q=nobody", []),
        ("page=99", ["Ada Osei", "Adam Novak", "Sue Brandt", "Dana Whitlock"]),
        ("page=abc", ["Ada Osei", "Adam Novak", "Sue Brandt", "Dana Whitlock"]),
    ],
)
def test_search_and_filters(as_user, adam, sue, query, found):
    actions.invite_person(**DANA, supervisor=None, by=adam)
    deactivate_person(UserFactory(name="Rosa Klein"), to={}, by=adam, reason="")
    assert names(as_user(adam).get(f"/people/?{query}")) == found


@pytest.mark.parametrize("query", ["role=owner", "status=dead", "q=%00", "q=" + "x" * 101])
def test_unknown_filters_are_refused(as_user, adam, query):
    page = as_user(adam).get(f"/people/?{query}")
    assert page.status_code == 422
    assert "There is a problem" in page.content.decode()


def test_it_comes_in_pages_of_fifty(as_user, adam):
    for number in range(60):
        UserFactory(name=f"Person {number:02d}")
    browser = as_user(adam)
    first, second = browser.get("/people/"), browser.get("/people/?page=2&role=&status=")
    assert (len(names(first)), len(names(second))) == (50, 11)
    assert "page=2" in first.content.decode()


def test_a_page_goes_on_where_active_people_end(as_user, adam):
    for number in range(58):
        UserFactory(name=f"Person {number:02d}")
    actions.invite_person(**DANA, supervisor=None, by=adam)
    deactivate_person(UserFactory(name="Éva Klein"), to={}, by=adam, reason="")
    assert names(as_user(adam).get("/people/?page=2&status=all"))[-3:] == ["Person 57", "Dana Whitlock", "Éva Klein"]
    assert names(as_user(adam).get("/people/?q=éva&status=all")) == ["Éva Klein"]


def test_an_expired_invitation_says_so(as_user, adam):
    invitation, _ = actions.invite_person(**DANA, supervisor=None, by=adam)
    invitation.expires_at = timezone.now() - timedelta(minutes=1)
    invitation.save()
    assert "Invitation expired" in as_user(adam).get("/people/").content.decode()


def test_the_number_of_queries_does_not_grow(as_user, adam, django_assert_max_num_queries):
    browser = as_user(adam)
    browser.get("/people/")
    counts = []
    for _ in range(2):
        for _ in range(10):
            ClientFactory(clinician=SupervisionFactory().clinician)
        with django_assert_max_num_queries(20) as captured:
            browser.get("/people/")
        counts.append(len(captured.captured_queries))
    assert counts[0] == counts[1]
