import pytest
from django.urls import reverse

from clients.models import TherapySession
from tests.doors import check_doors
from tests.factories import SessionFactory, rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(yesterday):
    return reverse("mark_session", args=[yesterday.pk])


@pytest.fixture
def browser_of_ada(as_user, ada):
    return as_user(ada)


def state():
    session = TherapySession.objects.get()
    return session.attendance, session.not_rated_reason


def test_doors(yesterday, ada, ben, sue, adam):
    check_doors("mark_session", yesterday.pk, opens_to=[ada], not_to=[ben, sue, adam], methods="post")


@pytest.mark.parametrize(
    ("mark", "undo", "expected"),
    [
        ("missed", "planned", ("missed", "")),
        ("cancelled", "planned", ("cancelled", "")),
        ("not_suitable", "suitable", ("planned", "not_suitable")),
    ],
)
def test_one_click_marks_and_one_undoes(browser_of_ada, url, mark, undo, expected):
    before = state()
    assert browser_of_ada.post(url, {"as": mark, "back": "/"}).url == "/"
    assert state() == expected
    browser_of_ada.post(url, {"as": undo})
    assert state() == before


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "/\\evil.example", "\x00"]
)
def test_it_never_leads_elsewhere(as_user, ada, url, back):
    assert as_user(ada).post(url, {"as": "missed", "back": back}).url == "/"


@pytest.mark.parametrize("mark", ["", "attended", "held", "\x00", "missed "])
def test_an_unknown_mark_is_refused(as_user, ada, url, mark, trail):
    before = state()
    assert as_user(ada).post(url, {"as": mark}).status_code == 400
    assert as_user(ada).post(url).status_code == 400
    assert (state(), trail()) == (before, [])


def test_a_rated_session_is_refused_with_the_reason(as_user, ada, yesterday, url):
    rate(yesterday)
    response = as_user(ada).post(url, {"as": "missed"})
    assert response.status_code == 409
    assert "has a rating" in response.content.decode()


def test_a_session_to_come_is_not_missed(monday, as_user, ada, robin):
    session = SessionFactory(client=robin, starts_at=monday.replace(day=24))
    response = as_user(ada).post(reverse("mark_session", args=[session.pk]), {"as": "missed"})
    assert response.status_code == 409
    assert "still to come" in response.content.decode()
