"""The clinician's own mirror: about themself, for themself, and only of what has opened to them."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from clients.actions import hand_on
from ratings.models import Rater, Rating
from tests.doors import check_doors_of_role
from tests.factories import ClientFactory, SessionFactory, history, rate
from tests.ratings.reports.service import fill_service, three_clinicians

pytestmark = pytest.mark.django_db
URL = "/mirror/"


@pytest.fixture
def pairs(monday, robin):
    """Five weekly sessions of Robin's, each rated by both, Robin one point lower."""
    sessions = history(robin, [6] * 5)
    for session in sessions:
        rate(session, 5, rater=Rater.CLIENT)
    return sessions


def compared(page):
    return {name: (found.own, found.theirs, found.pairs) for name, found in page.context["mirror"].compared}


def test_doors(ada, sue, adam):
    check_doors_of_role("mirror", opens_to=[ada], not_to=[sue, adam])


def test_ones_ratings_stand_beside_those_of_the_clients(pairs, as_user, ada):
    page = as_user(ada).get(URL)
    assert compared(page)["Overall"] == compared(page)["Trust"] == (6, 5, 5)
    text = page.content.decode()
    assert "your clients&#x27; ratings are on average" in text or "your clients' ratings are on average" in text
    assert "1.0 lower than yours" in text
    assert "a gap is a topic, not an error" in text
    assert "About 60 clients" in text


def test_of_three_pairs_no_mean_is_shown(monday, robin, as_user, ada):
    for session in history(robin, [6] * 3):
        rate(session, 5, rater=Rater.CLIENT)
    page = as_user(ada).get(URL)
    assert compared(page) == {}
    assert "Not enough to compare yet" in page.content.decode()


def test_a_rating_that_is_still_hidden_is_not_in_it(pairs, as_user, ada):
    Rating.objects.filter(rater=Rater.CLIENT, session=pairs[-1]).update(opens_at=timezone.now() + timedelta(days=1))
    page = as_user(ada).get(URL)
    assert compared(page)["Overall"] == (6, 5, 4)
    assert page.context["mirror"].months[0].figures["asked"]["answered"] == 4


def test_a_rating_without_its_pair_changes_no_mean(pairs, robin, as_user, ada):
    before = compared(as_user(ada).get(URL))
    rate(SessionFactory(client=robin, starts_at=timezone.now() - timedelta(hours=2)), 1, rater=Rater.CLIENT)
    Rating.objects.filter(rater=Rater.CLIENT).update(opens_at=timezone.now())
    assert compared(as_user(ada).get(URL)) == before


def test_no_parameter_shows_someone_else(pairs, as_user, ada, stella):
    empty = compared(as_user(stella).get(URL))
    assert empty == {}
    for name in ("clinician", "user", "pk", "for"):
        assert compared(as_user(stella).get(URL, {name: str(ada.pk)})) == {}


def test_a_client_who_was_handed_on_is_in_nobodys_mirror(pairs, as_user, ada, stella, adam):
    hand_on(pairs[0].episode, to=stella, by=adam)
    assert compared(as_user(ada).get(URL)) == compared(as_user(stella).get(URL)) == {}


def test_coverage_by_month_newest_first(pairs, robin, as_user, ada):
    SessionFactory(client=robin, starts_at=timezone.now() - timedelta(hours=1))
    SessionFactory(client=robin, starts_at=timezone.now() - timedelta(days=400))
    months = as_user(ada).get(URL).context["mirror"].months
    found = [(f"{month.first:%Y-%m}", month.figures["held"], month.figures["rated"]) for month in months]
    assert found == [("2026-11", 5, 4), ("2026-10", 1, 1)]


def test_time_to_log_from_the_fourth_on(pairs, as_user, ada):
    own = list(Rating.objects.filter(rater=Rater.CLINICIAN))
    for number, rating in enumerate(own[:3], start=1):
        Rating.objects.filter(pk=rating.pk).update(opened_at=rating.saved_at - timedelta(seconds=10 * number))
    assert as_user(ada).get(URL).context["mirror"].times == ""
    Rating.objects.filter(pk=own[3].pk).update(opened_at=own[3].saved_at - timedelta(seconds=40))
    said = "Half of 4 ratings took you 25 s or less, nine in ten 37 s or less."
    assert as_user(ada).get(URL).context["mirror"].times == said


def test_the_coverage_of_the_whole_service_is_there_for_everyone(monday, as_user, ada):
    ClientFactory(clinician=ada)
    assert as_user(ada).get(URL).context["mirror"].service == ""
    fill_service(three_clinicians())
    call_command("nightly")
    said = as_user(ada).get(URL).context["mirror"].service
    assert said.startswith("The whole service in October 2026: sessions held 48, rated by clinician 79%, client asked")


def test_the_account_menu_leads_there_for_clinicians_only(as_user, ada, adam):
    assert 'href="/mirror/"' in as_user(ada).get("/account/").content.decode()
    assert 'href="/mirror/"' not in as_user(adam).get("/account/").content.decode()


def test_looking_is_one_event(as_user, ada, trail):
    as_user(ada).get(URL)
    assert trail() == ["mirror.viewed"]
