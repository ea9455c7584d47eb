"""The rating form: what it asks, what saving answers, and what happens when a rating stands already."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from uuid_utils.compat import uuid7

from clients.actions import hand_on
from clients.models import Attendance
from ratings.elements import ITEM_KEYS
from ratings.models import Channel, Rater, Rating
from tests.accounts.doors import signed_in
from tests.doors import check_doors
from tests.factories import SessionFactory, rate

pytestmark = pytest.mark.django_db
FIVES = dict.fromkeys(ITEM_KEYS, "5")


@pytest.fixture
def url(yesterday):
    return reverse("rate", args=[yesterday.pk])


@pytest.fixture
def clinician(as_user, ada):
    return as_user(ada)


def form(browser, url):
    """Return what a browser would send from the form as it was opened."""
    hidden = browser.get(url).context["form"].initial
    return FIVES | {"idempotency_key": str(hidden["idempotency_key"]), "version": hidden["version"]}


def test_doors(yesterday, ada, ben, sue, adam):
    check_doors("rate", yesterday.pk, opens_to=[ada], not_to=[ben, sue, adam])


def test_the_form_asks_seven_rows_with_nothing_chosen(clinician, url):
    page = clinician.get(url)
    assert list(page.context["form"].fields)[:7] == list(ITEM_KEYS)
    assert page.content.decode().count('role="radiogroup"') == 7
    assert " checked" not in page.content.decode()


def test_last_times_answers_are_not_on_the_form(clinician, robin, url):
    rate(SessionFactory(client=robin), 2, note="Of last time")
    page = clinician.get(url).content.decode()
    assert " checked" not in page
    assert "Of last time" not in page


def test_saving_leads_to_the_client_and_says_it_in_a_sentence(clinician, robin, yesterday, url, trail):
    response = clinician.post(url, form(clinician, url))
    assert response.url == f"/clients/{robin.pk}/?saved={yesterday.pk}"
    assert "First rating: overall 5.0." in clinician.get(response.url).content.decode()
    rating = Rating.objects.get()
    assert (rating.channel, rating.author) == (Channel.WEB, yesterday.clinician)
    assert rating.opened_at is not None
    assert trail()[:2] == ["client.viewed", "rating.logged"]


def test_not_observed_is_stored_as_nothing(clinician, url):
    clinician.post(url, form(clinician, url) | {"trust": "na"})
    assert Rating.objects.get().trust is None


def test_the_follow_up_of_a_strain_is_kept_with_a_strain_only(clinician, url):
    clinician.post(url, form(clinician, url) | {"strain": "none", "strain_discussed": "yes"})
    rating = Rating.objects.get()
    assert (rating.strain, rating.strain_discussed) == ("none", "")


def test_save_and_next_leads_to_the_oldest_session_that_waits(monday, clinician, robin, yesterday, url):
    SessionFactory(client=robin, starts_at=monday - timedelta(hours=1))
    oldest = SessionFactory(client=robin, starts_at=monday - timedelta(days=5))
    response = clinician.post(url, form(clinician, url) | {"then": "next"})
    assert response.url == f"/sessions/{oldest.pk}/rate/?saved={yesterday.pk}"
    assert "overall 5.0" in clinician.get(response.url).content.decode()


def test_with_nothing_left_of_ones_own_it_leads_to_today(clinician, yesterday, url):
    SessionFactory()
    response = clinician.post(url, form(clinician, url) | {"then": "next"})
    assert response.url == f"/?saved={yesterday.pk}"


def test_a_script_gets_the_address_to_go_to(clinician, robin, yesterday, url):
    response = clinician.post(url, form(clinician, url), headers={"accept": "application/json"})
    assert response.json() == {"next": f"/clients/{robin.pk}/?saved={yesterday.pk}"}


def test_a_double_click_saves_once_and_leads_to_the_same_page(clinician, url):
    sent = form(clinician, url)
    assert clinician.post(url, sent).url == clinician.post(url, sent).url
    assert Rating.objects.count() == 1


def test_a_second_tab_gets_both_versions_and_chooses(clinician, url):
    first, second = form(clinician, url), form(clinician, url) | {"goals": "2", "bond": "na", "note": "Mine <b>"}
    clinician.post(url, first)
    conflict = clinician.post(url, second)
    page = conflict.content.decode()
    assert conflict.status_code == 409
    assert dict(conflict.context["saved_marks"])["Goals"] == "5"
    assert dict(conflict.context["typed_marks"]) | {"Goals": "2", "Bond": "not observed"} == dict(
        conflict.context["typed_marks"]
    )
    assert "Mine &lt;b&gt;" in page
    replacement = {field.html_name: field.value() for field in conflict.context["replacement"]}
    assert clinician.post(url, replacement).status_code == 302
    rating = Rating.objects.get()
    assert (rating.goals, rating.bond, rating.note, rating.version) == (2, None, "Mine <b>", 2)


def test_within_15_minutes_the_form_comes_back_filled(clinician, url):
    clinician.post(url, form(clinician, url) | {"trust": "na", "note": "As it was", "strain": "slight"})
    page = clinician.get(url)
    filled = page.context["form"].initial
    assert (filled["goals"], filled["trust"], filled["note"], filled["version"]) == (5, "na", "As it was", 1)
    assert page.content.decode().count(" checked") == 8
    clinician.post(url, form(clinician, url) | {"goals": "7"})
    assert Rating.objects.get().goals == 7


def test_after_15_minutes_it_shows_what_stands(yesterday, url):
    with time_machine.travel(rate(yesterday, 4).saved_at + timedelta(minutes=16), tick=False):
        clinician = signed_in(yesterday.clinician)
        page = clinician.get(url)
        late = clinician.post(url, FIVES | {"idempotency_key": str(uuid7()), "version": 1})
    assert (page.status_code, late.status_code) == (200, 409)
    assert dict(late.context["saved_marks"])["Goals"] == "4"
    assert dict(late.context["typed_marks"])["Goals"] == "5"
    assert "Use what I sent now" not in late.content.decode()
    assert Rating.objects.get().goals == 4


def test_a_key_of_another_session_keeps_what_was_typed_on_the_page(clinician, robin, url):
    sent = form(clinician, url)
    clinician.post(url, sent)
    other = reverse("rate", args=[SessionFactory(client=robin).pk])
    conflict = clinician.post(other, sent | {"note": "For the other one"})
    assert conflict.status_code == 409
    assert "For the other one" in conflict.content.decode()
    assert Rating.objects.count() == 1


def test_whoever_takes_over_sees_the_rating_and_cannot_change_it(as_user, ben, adam, yesterday, url):
    rate(yesterday, 4)
    hand_on(yesterday.episode, to=ben, by=adam)
    page = as_user(ben).get(url)
    assert "Saved by Ada Osei" in page.content.decode()
    assert as_user(ben).post(url, FIVES | {"version": 1}).status_code == 409
    assert Rating.objects.get().goals == 4


@pytest.mark.parametrize("values", [{"attendance": Attendance.MISSED}, {"attendance": Attendance.CANCELLED}])
def test_a_session_that_did_not_take_place_keeps_what_was_typed(clinician, yesterday, url, values):
    type(yesterday).objects.update(**values)
    response = clinician.post(url, FIVES | {"note": "Typed"})
    assert response.status_code == 422
    assert "did not take place" in response.content.decode()
    assert response.context["form"]["note"].value() == "Typed"


def test_a_session_to_come_can_be_looked_at_but_not_rated(monday, clinician, robin):
    url = reverse("rate", args=[SessionFactory(client=robin, starts_at=monday + timedelta(days=1)).pk])
    assert "still to come" in clinician.get(url).content.decode()
    assert clinician.post(url, FIVES).status_code == 422
    assert not Rating.objects.exists()


def test_a_voided_session_is_no_page(monday, clinician, yesterday, url):
    type(yesterday).objects.update(voided_at=monday, voided_reason="Twice")
    assert clinician.get(url).status_code == clinician.post(url, FIVES).status_code == 404


def test_the_clients_rating_stays_hidden_here(clinician, yesterday, url):
    rate(yesterday, 1, rater=Rater.CLIENT, note="Of the client")
    page = clinician.get(url).content.decode()
    assert "Hidden until you save" in page
    assert "Of the client" not in page
