import pytest
from django.utils import timezone

from clients.actions import start_episode
from clients.models import Episode
from ratings.caseload import cells
from tests.doors import check_doors_of_role
from tests.factories import ClientFactory, SessionFactory, history, rate

pytestmark = pytest.mark.django_db


def codes(browser, query=""):
    return [row.client.code for row in browser.get(f"/clients/{query}").context["rows"]]


def test_doors(ada, sue, adam):
    check_doors_of_role("client_list", opens_to=[ada, sue], not_to=[adam])


def test_a_clinician_sees_their_own_and_a_supervisor_those_of_supervisees(as_user, ada, ben, sue, robin):
    ClientFactory(code="B-1", clinician=ben)
    assert codes(as_user(ada)) == codes(as_user(sue)) == ["R-1"]
    assert codes(as_user(ben)) == ["B-1"]


def test_closed_therapies_have_a_list_of_their_own(as_user, ada, robin):
    closed = ClientFactory(code="C-1", clinician=ada)
    Episode.objects.filter(client=closed).update(ended_on=timezone.localdate(), ending="planned")
    assert codes(as_user(ada)) == ["R-1"]
    assert codes(as_user(ada), "?show=closed") == ["C-1"]


def test_a_client_who_came_back_is_listed_once_as_open(as_user, ada, robin):
    Episode.objects.update(ended_on=timezone.localdate(), ending="planned")
    start_episode(robin, clinician=ada, by=ada)
    assert codes(as_user(ada)) == ["R-1"]
    assert codes(as_user(ada), "?show=closed") == []


@pytest.fixture
def five(ada):
    """Clients whose ratings fell or rose, with one rating, with a partial one, and with none."""
    for code, scores in {"D-FALLEN": [6, 4], "C-RISEN": [4, 6], "B-ONE": [5], "A-NONE": []}.items():
        history(ClientFactory(code=code, clinician=ada), scores)
    partial = ClientFactory(code="E-PART", clinician=ada)
    history(partial, [6])
    rate(SessionFactory(client=partial, starts_at=timezone.now()), 1, bond=None, trust=None)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("code", ["A-NONE", "B-ONE", "C-RISEN", "D-FALLEN", "E-PART"]),
        ("change", ["D-FALLEN", "C-RISEN", "A-NONE", "B-ONE", "E-PART"]),
        ("usual", ["D-FALLEN", "B-ONE", "C-RISEN", "A-NONE", "E-PART"]),
    ],
)
def test_sorting_puts_what_has_no_number_last_on_both_engines(as_user, ada, five, sort, expected):
    assert codes(as_user(ada), f"?sort={sort}") == expected


def test_longest_since_rated_begins_with_the_never_rated(as_user, ada, five):
    assert codes(as_user(ada), "?sort=rated")[0] == "A-NONE"
    assert codes(as_user(ada), "?sort=rated")[-1] == "E-PART"


def test_it_comes_in_pages_of_fifty(as_user, ada):
    for number in range(51):
        ClientFactory(code=f"P-{number:02}", clinician=ada)
    assert len(codes(as_user(ada), "?sort=code")) == 50
    assert codes(as_user(ada), "?sort=code&page=2") == ["P-50"]


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=x", "?page=-1", "?page=99999999999999999999", "?sort=x", "?show=x", "?page=%00"]
)
def test_unknown_parts_of_the_address_change_nothing(as_user, ada, robin, query):
    assert codes(as_user(ada), query) == ["R-1"]


def test_a_row_says_what_waits_and_when_it_was_rated_last(monday, as_user, ada, robin):
    history(robin, [5, None, 6, None, None])
    (row,) = as_user(ada).get("/clients/").context["rows"]
    assert (row.unrated, row.overall, row.change, row.days_since_rated) == (3, 6, 1, 15)
    assert "<polyline" in cells.trend(row)


def test_an_empty_list_says_what_to_do(as_user, ada, sue):
    assert "Add your first client" in as_user(ada).get("/clients/").content.decode()
    assert "people you supervise" in as_user(sue).get("/clients/").content.decode()


def test_looking_is_one_event(as_user, ada, robin, trail):
    as_user(ada).get("/clients/")
    assert trail() == ["caseload.viewed"]
