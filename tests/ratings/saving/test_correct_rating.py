"""Correcting a rating after the time for free changes: by its author, with a reason, every version kept."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from clients.actions import hand_on
from clients.models import TherapySession
from ratings.elements import ITEM_KEYS
from ratings.models import OPENS_AFTER, Rater, Rating, Signal, Standing
from ratings.saving.actions import AlreadySavedError
from ratings.saving.corrections import correct_rating
from tests.doors import check_doors
from tests.factories import SessionFactory, SupervisionFactory, answers, history, rate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("service")]
SIXES = dict.fromkeys(ITEM_KEYS, "6")
WHY = {"reason": "Two rows were mixed up."}


@pytest.fixture
def rating(yesterday):
    return rate(yesterday, 5, note="As first typed")


@pytest.fixture
def url(rating):
    return reverse("correct_rating", args=[rating.pk])


@pytest.fixture
def browser(as_user, ada):
    return as_user(ada)


@pytest.fixture
def later(rating):
    with time_machine.travel(timedelta(hours=2), tick=False):
        yield


def opened(browser, url):
    hidden = browser.get(url).context["form"].initial
    return {"idempotency_key": str(hidden["idempotency_key"]), "version": hidden["version"]}


def test_doors(rating, ada, ben, sue, adam):
    check_doors("correct_rating", rating.pk, opens_to=[ada], not_to=[ben, sue, adam])


@pytest.mark.usefixtures("later")
def test_it_keeps_both_versions_with_the_reason(browser, robin, rating, url, trail):
    response = browser.post(url, SIXES | WHY | opened(browser, url))
    assert response.url == f"/clients/{robin.pk}/"
    rating.refresh_from_db()
    assert (rating.goals, rating.note, rating.version) == (6, "", 2)
    kept = rating.versions.order_by("version").values_list("version", "goals", "note", "reason")
    assert list(kept) == [(1, 5, "As first typed", ""), (2, 6, "", WHY["reason"])]
    assert Standing.objects.get().clinician["scores"]["overall"] == 6
    assert trail()[-1] == "rating.corrected"
    assert "Corrected" in browser.get(response.url).content.decode()


@pytest.mark.usefixtures("later")
def test_without_a_reason_nothing_is_changed_or_lost(as_user, ada, rating, url):
    browser = as_user(ada)
    response = browser.post(url, SIXES | opened(browser, url))
    assert response.status_code == 422
    assert "Why is it corrected?: This field is required." in response.content.decode()
    assert response.context["form"]["goals"].value() == "6"
    rating.refresh_from_db()
    assert (rating.goals, rating.version) == (5, 1)


@pytest.mark.usefixtures("later")
def test_another_version_that_stands_is_shown_beside_what_was_sent(as_user, ada, rating, url):
    browser = as_user(ada)
    first, second = opened(browser, url), opened(browser, url)
    browser.post(url, SIXES | WHY | first)
    refused = browser.post(url, SIXES | {"goals": "2"} | WHY | second)
    assert refused.status_code == 409
    assert ("Goals", "6") in refused.context["saved_marks"]
    assert ("Goals", "2") in refused.context["typed_marks"]
    replacement = refused.context["replacement"].initial
    again = SIXES | {"goals": "2"} | WHY | {key: str(replacement[key]) for key in ("idempotency_key", "version")}
    assert browser.post(url, again).status_code == 302
    rating.refresh_from_db()
    assert (rating.goals, rating.version) == (2, 3)


@pytest.mark.usefixtures("later")
def test_sent_twice_it_is_saved_once(as_user, ada, rating, url):
    browser = as_user(ada)
    sent = SIXES | WHY | opened(browser, url)
    assert [browser.post(url, sent).status_code for _ in range(2)] == [302, 302]
    assert rating.versions.count() == 2


def test_signals_that_no_longer_hold_are_withdrawn(robin, ada):
    last = history(robin, [6, 5, 6, 5, 6, 2])[-1]
    assert Signal.objects.filter(withdrawn_at=None).exists()
    correct_rating(last.ratings.get(), answers(6), reason="Ran down the wrong column", by=ada, version=1)
    assert not Signal.objects.filter(withdrawn_at=None, closed_at=None).exists()
    assert Standing.objects.get().open_signals == 0


def test_a_correction_after_the_clients_rating_was_seen_is_marked(as_user, ada, robin, yesterday, rating):
    rate(yesterday, 3, rater=Rater.CLIENT)
    correct_rating(rating, answers(3), reason="Thought again", by=ada, version=1)
    assert "Changed after comparison" in as_user(ada).get(f"/clients/{robin.pk}/").content.decode()


def test_one_before_the_clients_answer_is_not(as_user, ada, robin, yesterday, rating):
    correct_rating(rating, answers(3), reason="Thought again", by=ada, version=1)
    with time_machine.travel(timedelta(minutes=1)):
        rate(yesterday, 3, rater=Rater.CLIENT)
        page = as_user(ada).get(f"/clients/{robin.pk}/").content.decode()
    assert "Changed after comparison" not in page
    assert "Corrected" in page


def test_it_does_not_open_the_clients_rating_of_another_session(robin, ada):
    first, second = history(robin, [5, None])
    rate(second, 2, rater=Rater.CLIENT)
    correct_rating(first.ratings.get(), answers(4), reason="Wrong row", by=ada, version=1)
    assert second.ratings.get().opens_at == second.starts_at + OPENS_AFTER


def test_a_version_that_no_longer_stands_is_refused(rating, ada):
    with pytest.raises(AlreadySavedError):
        correct_rating(rating, answers(4), reason="Wrong row", by=ada, version=2)
    assert Rating.objects.get().version == 1


def test_a_successor_does_not_correct_what_another_one_wrote(as_user, ada, ben, rating, url):
    hand_on(rating.session.episode, to=ben, by=ada, reason="Leave")
    assert as_user(ben).get(url).status_code == 404
    assert as_user(ada).get(url).status_code == 404


def test_what_was_handed_on_meanwhile_is_refused(rating, ada, ben):
    hand_on(rating.session.episode, to=ben, by=ada)
    with pytest.raises(ValidationError, match="no longer yours"):
        correct_rating(rating, answers(6), by=ada, version=1, **WHY)


def test_a_rating_of_a_session_that_was_taken_out_stays_as_it_is(browser, rating, ada, url):
    TherapySession.objects.update(voided_at=timezone.now(), voided_reason="Entered twice")
    for page in (url, reverse("move_rating", args=[rating.pk])):
        assert browser.get(page).status_code == 404
    with pytest.raises(ValidationError, match="no longer yours"):
        correct_rating(rating, answers(6), by=ada, version=1, **WHY)


def test_an_observer_corrects_their_own(as_user, sue, ada, yesterday, rating):
    seen = rate(yesterday, 4, rater=Rater.OBSERVER, by=sue)
    url = reverse("correct_rating", args=[seen.pk])
    assert as_user(ada).get(url).status_code == 404
    browser = as_user(sue)
    assert browser.post(url, SIXES | WHY | opened(browser, url)).status_code == 302
    seen.refresh_from_db()
    assert (seen.goals, seen.version) == (6, 2)
    sue.supervises.update(ends_at=timezone.now())
    with pytest.raises(ValidationError, match="no longer yours"):
        correct_rating(seen, answers(3), by=sue, version=2, **WHY)


def test_who_observes_a_session_they_also_rated_corrects_the_one_that_is_meant(robin, ada, ben):
    session = SessionFactory(client=robin, clinician=ben)
    rating = rate(session, 5, by=ada)
    hand_on(session.episode, to=ben, by=ada)
    ada.is_supervisor = True
    ada.save()
    SupervisionFactory(supervisor=ada, clinician=ben)
    observed = rate(session, 3, rater=Rater.OBSERVER, by=ada)
    with pytest.raises(ValidationError, match="no longer yours"):
        correct_rating(rating, answers(6), by=ada, version=1, **WHY)
    assert correct_rating(observed, answers(4), by=ada, version=1, **WHY).goals == 4


@pytest.mark.usefixtures("later")
def test_the_closed_rating_leads_to_it(browser, yesterday, rating, url):
    page = browser.get(reverse("rate", args=[yesterday.pk])).content.decode()
    assert f'href="{url}"' in page
    assert reverse("move_rating", args=[rating.pk]) in page
