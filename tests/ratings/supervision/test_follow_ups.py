"""Follow-ups: what is to be done, by whom and by when; who may see, add and finish them; what a hand-on does."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from alliance_tracker.accounts.models import Supervision
from clients.actions import hand_on
from clients.models import Episode
from ratings.models import FollowUp
from ratings.supervision.follow_ups import add_follow_up, change_follow_up, finish_follow_up, reopen_follow_up
from tests.doors import check_doors
from tests.factories import SupervisionFactory

pytestmark = pytest.mark.django_db


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def episode(robin) -> Episode:
    return robin.episodes.get()


@pytest.fixture
def call(episode, sue) -> FollowUp:
    """Sue has asked whoever holds Robin to call by tomorrow."""
    return add_follow_up(episode, what="Call Robin", owner=None, due_on=today() + timedelta(days=1), by=sue)


def sent(**given) -> dict[str, str]:
    return {"what": "Call Robin", "owner": "clinician", "due_on": str(today())} | given


def on_today(page) -> list[str]:
    return [each.what for each in page.context["follow_ups"]]


def test_doors_of_adding(robin, ada, sue, stella, adam):
    check_doors("new_follow_up", robin.pk, opens_to=[ada, sue], not_to=[stella, adam])


def test_doors_of_a_click(call, ada, sue, stella, adam):
    for name in ("finish_follow_up", "reopen_follow_up"):
        check_doors(name, call.pk, opens_to=[ada, sue], not_to=[stella, adam], methods="post")


def test_what_was_typed_is_kept_with_who_and_when(episode, ada, sue, trail):
    made = add_follow_up(episode, what="Ask about the date", owner=sue, due_on=today(), by=ada)
    stored = FollowUp.objects.get()
    assert (stored.what, stored.owner, stored.due_on, stored.made_by) == ("Ask about the date", sue, today(), ada)
    assert (made.pk, stored.is_open) == (stored.pk, True)
    assert trail()[-1] == "follow_up.added"


@pytest.mark.parametrize("days", [-1, 367])
def test_a_day_that_has_passed_or_lies_far_off_is_refused(episode, ada, days):
    with pytest.raises(ValidationError, match="within a year"):
        add_follow_up(episode, what="Call", owner=None, due_on=today() + timedelta(days=days), by=ada)


def test_only_a_current_supervisor_of_the_clinician_can_own_one(episode, ada, sue, stella):
    with pytest.raises(ValidationError, match="does not supervise"):
        add_follow_up(episode, what="Call", owner=stella, due_on=today(), by=ada)
    Supervision.objects.update(ends_at=timezone.now())
    with pytest.raises(ValidationError, match="does not supervise"):
        add_follow_up(episode, what="Call", owner=sue, due_on=today(), by=ada)
    assert not FollowUp.objects.exists()


def test_done_once_and_taken_back(call, ada, sue, trail):
    finish_follow_up(call, by=ada)
    finish_follow_up(call, by=sue)
    call.refresh_from_db()
    assert (call.done_by, call.is_open) == (ada, False)
    reopen_follow_up(call, by=sue)
    reopen_follow_up(call, by=sue)
    call.refresh_from_db()
    assert (call.done_by, call.done_at) == (None, None)
    assert trail()[-3:] == ["follow_up.added", "follow_up.done", "follow_up.reopened"]


def test_a_done_one_stays_as_it_is(call, ada, sue, trail):
    change_follow_up(call, what="Write to Robin", owner=sue, due_on=call.due_on, by=sue)
    call.refresh_from_db()
    assert (call.what, call.owner) == ("Write to Robin", sue)
    assert trail()[-1] == "follow_up.changed"
    finish_follow_up(call, by=ada)
    with pytest.raises(ValidationError, match="is done"):
        change_follow_up(call, what="Other", owner=None, due_on=call.due_on, by=sue)


def test_an_old_day_may_stay_where_only_the_words_change(call, sue):
    FollowUp.objects.update(due_on=today() - timedelta(days=3))
    call.refresh_from_db()
    change_follow_up(call, what="Write", owner=None, due_on=call.due_on, by=sue)
    assert FollowUp.objects.get().what == "Write"


def test_the_clinicians_own_go_to_whoever_takes_the_client_on(call, ada, ben, sue, as_user):
    kept = add_follow_up(call.episode, what="Sue reads the notes", owner=sue, due_on=today(), by=sue)
    assert on_today(as_user(ada).get("/")) == ["Call Robin"]
    hand_on(call.episode, to=ben, by=ada)
    assert on_today(as_user(ada).get("/")) == []
    assert on_today(as_user(ben).get("/")) == ["Call Robin"]
    assert not FollowUp.objects.owned_by(sue).exists()
    SupervisionFactory(supervisor=sue, clinician=ben)
    assert list(FollowUp.objects.owned_by(sue)) == [kept]
    assert FollowUp.objects.with_people(timezone.now()).get(pk=call.pk).who == ben


def test_today_lists_own_ones_overdue_first_and_those_done_today_last(episode, ada, sue, as_user):
    for what, days, owner in (("Next week", 7, None), ("Late", -2, None), ("Sue's", 0, sue), ("Today", 0, None)):
        FollowUp.objects.create(
            episode=episode, what=what, owner=owner, due_on=today() + timedelta(days=days), made_by=sue
        )
    finish_follow_up(FollowUp.objects.get(due_on=today() + timedelta(days=7)), by=ada)
    page = as_user(ada).get("/")
    assert on_today(page) == ["Late", "Today", "Next week"]
    assert "2 days overdue" in page.content.decode()
    FollowUp.objects.filter(done_at__isnull=False).update(done_at=timezone.now() - timedelta(days=2))
    assert on_today(as_user(ada).get("/")) == ["Late", "Today"]


@pytest.mark.parametrize(
    ("days", "words"), [(-2, "2 days overdue"), (-1, "1 day overdue"), (0, "due today"), (1, "due tomorrow")]
)
def test_when_it_is_due_in_words(days, words):
    assert FollowUp(due_on=today() + timedelta(days=days)).due == words


def test_a_day_further_off_is_named(monday):
    assert FollowUp(due_on=date(2026, 11, 27)).due == "due Fri 27 Nov"


def test_clinician_and_supervisor_add_one_on_the_clients_page(robin, ada, sue, as_user):
    url = f"/clients/{robin.pk}/follow-ups/new/"
    assert "Ada Osei (you)" in as_user(ada).get(url).content.decode()
    response = as_user(ada).post(url, sent(owner=str(sue.pk)))
    assert response.url == f"/clients/{robin.pk}/"
    page = as_user(sue).get(response.url).content.decode()
    assert "You, due today" in page
    as_user(sue).post(url, sent(what="Read the notes"))
    assert FollowUp.objects.filter(owner=None, made_by=sue).count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"what": ""}, "This field is required"),
        ({"what": "x" * 301}, "at most 300"),
        ({"owner": "someone"}, "Select a valid choice"),
        ({"due_on": "soon"}, "valid date"),
        ({"due_on": "2020-01-01"}, "within a year"),
    ],
)
def test_a_bad_form_keeps_what_was_typed(robin, ada, as_user, wrong, words):
    response = as_user(ada).post(f"/clients/{robin.pk}/follow-ups/new/", sent(**wrong))
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert wrong.get("what", "Call Robin") in page
    assert not FollowUp.objects.exists()


def test_a_click_leads_back_or_answers_with_its_row_alone(call, ada, as_user):
    browser, url = as_user(ada), f"/follow-ups/{call.pk}"
    assert browser.post(f"{url}/done/", {"back": "/clients/?sort=code"}).url == "/clients/?sort=code"
    assert browser.post(f"{url}/undo/", {"back": "https://example.com/"}).url == "/"
    row = browser.post(f"{url}/done/", {"back": "/"}, headers={"HX-Request": "true"}).content.decode()
    assert row.startswith(f'<li class="todo todo--done" id="follow-up-{call.pk}">')
    assert "Done by you" in row
    assert f"{url}/undo/" in row
    assert "<html" not in row


def test_a_row_asked_for_after_the_sign_in_ended_is_a_401(call, client):
    response = client.post(f"/follow-ups/{call.pk}/done/", headers={"HX-Request": "true"})
    assert response.status_code == 401
