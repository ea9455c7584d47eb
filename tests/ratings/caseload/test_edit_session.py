import pytest
from django.urls import reverse

from clients.models import TherapySession
from tests.doors import check_doors
from tests.factories import SessionFactory, rate

pytestmark = pytest.mark.django_db
GIVEN = {"day": "2026-11-20", "at": "11:15", "modality": "phone"}


@pytest.fixture
def session(monday, robin):
    return SessionFactory(client=robin, starts_at=monday.replace(day=22))


@pytest.fixture
def url(session):
    return reverse("edit_session", args=[session.pk])


def test_doors(yesterday, ada, ben, sue, adam):
    check_doors("edit_session", yesterday.pk, opens_to=[ada], not_to=[ben, sue, adam])


def test_a_session_gets_another_day_time_and_way(as_user, ada, session, url):
    assert as_user(ada).post(url, GIVEN).url == reverse("rate", args=[session.pk])
    session.refresh_from_db()
    assert (f"{session.starts_at:%Y-%m-%d %H:%M}", session.modality) == ("2026-11-20 11:15", "phone")


def test_put_off_it_leads_to_the_client(as_user, ada, robin, url):
    assert as_user(ada).post(url, GIVEN | {"day": "2026-11-30"}).url == reverse("client", args=[robin.pk])


def test_the_form_begins_with_what_stands(as_user, ada, url):
    page = as_user(ada).get(url).content.decode()
    assert 'value="2026-11-22"' in page
    assert 'value="10:00"' in page


def test_a_time_in_summer_is_the_local_one(as_user, ada, robin):
    session = SessionFactory(client=robin, starts_at=robin.episodes.get().assignments.get().starts_at)
    TherapySession.objects.update(starts_at=session.starts_at.replace(month=9, day=15, hour=9, minute=0))
    page = as_user(ada).get(reverse("edit_session", args=[session.pk]))
    assert page.context["form"]["at"].value().strftime("%H:%M") == "10:00"


@pytest.mark.parametrize(
    "change",
    [{"day": "2026-01-01"}, {"day": "2030-01-01"}, {"day": ""}, {"at": "x"}, {"modality": "x"}, {"day": "0001-01-01"}],
)
def test_a_bad_form_is_shown_again(as_user, ada, session, url, change):
    typed = GIVEN | change
    response = as_user(ada).post(url, typed)
    assert response.status_code == 422
    assert {name: response.context["form"][name].value() for name in typed} == typed
    assert TherapySession.objects.get().starts_at == session.starts_at


def test_a_rated_session_does_not_go_to_the_future(as_user, ada, session, url):
    rate(session)
    response = as_user(ada).post(url, GIVEN | {"day": "2026-11-24"})
    assert response.status_code == 422
    assert "cannot be in the future" in response.content.decode()
