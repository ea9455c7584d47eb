"""A supervisor's meetings: cases proposed and chosen, decisions kept, actions that carry over, and who sees what."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from alliance_tracker.accounts.models import Supervision
from clients.actions import hand_on
from ratings.models import AgendaItem, FollowUp, Meeting
from ratings.supervision.follow_ups import finish_follow_up
from ratings.supervision.meeting_actions import (
    add_case,
    close_meeting,
    mark_case,
    prepare_meeting,
    propose_again,
    record_decision,
)
from tests.doors import check_doors_of_role
from tests.factories import ClientFactory, SupervisionFactory, UserFactory, history

pytestmark = pytest.mark.django_db
NOTHING = {"decision": "", "review_on": None, "what": "", "owner": None, "due_on": None, "minutes": ""}


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def fallen(robin):
    """Robin's ratings have fallen far below usual."""
    history(robin, [6, 5, 6, 6, 2])
    return robin


@pytest.fixture
def meeting(fallen, sue) -> Meeting:
    return prepare_meeting(held_on=today(), by=sue)


@pytest.fixture
def case(meeting) -> AgendaItem:
    return meeting.items.get()


def decide(case, by, **given) -> AgendaItem:
    return record_decision(case, by=by, **NOTHING | given)


def codes(meeting, **which) -> list[str]:
    return list(meeting.items.filter(**which).order_by("place").values_list("episode__client__code", flat=True))


def url(thing, *parts) -> str:
    kind = "meetings" if isinstance(thing, Meeting) else "cases"
    return "/".join(["", kind, str(thing.pk), *parts, ""])


def sent(**given) -> dict[str, str]:
    return {"decision": "", "review_on": "", "what": "", "owner": "clinician", "due_on": "", "minutes": ""} | given


@pytest.mark.parametrize("name", ["meetings", "prepare_meeting"])
def test_doors(name, ada, sue, adam):
    methods = "get head post" if name == "prepare_meeting" else "get head"
    check_doors_of_role(name, opens_to=[sue], not_to=[ada, adam], methods=methods)


def test_a_meeting_is_its_supervisors_own(meeting, case, sue, ada, as_user):
    other = UserFactory(is_clinician=False, is_supervisor=True)
    SupervisionFactory(supervisor=other, clinician=ada)
    browser = as_user(other)
    assert browser.get(url(meeting)).status_code == 404
    for address in (url(meeting, "propose"), url(meeting, "add"), url(meeting, "close"), url(case, "decision")):
        assert browser.post(address).status_code == 404
    assert browser.post(url(case, "mark"), {"as": "drop"}).status_code == 404
    assert as_user(ada).get(url(meeting)).status_code == 403
    assert as_user(sue).get(url(meeting)).status_code == 200


def test_only_clients_under_this_supervision_are_proposed(meeting, stella, ben):
    history(ClientFactory(code="S-1", clinician=stella), [6, 6, 6, 2])
    assert codes(meeting) == ["R-1"]


@pytest.mark.parametrize("days", [-1, 400])
def test_a_day_that_has_passed_or_lies_far_off_is_refused(sue, days):
    with pytest.raises(ValidationError, match="within a year"):
        prepare_meeting(held_on=today() + timedelta(days=days), by=sue)


def test_pinned_dropped_and_spoken_of_stay_when_cases_are_proposed_again(meeting, case, sue, ada):
    for number in range(8):
        history(ClientFactory(code=f"N-{number}", clinician=ada), [5])
    propose_again(meeting, by=sue)
    assert codes(meeting) == ["R-1", "N-0", "N-1", "N-2", "N-3"]
    by_code = {item.episode.client.code: item for item in meeting.items.all()}
    mark_case(by_code["N-0"], mark="drop", by=sue)
    mark_case(by_code["N-3"], mark="pin", by=sue)
    decide(by_code["N-2"], sue, minutes="Spoke at length")
    propose_again(meeting, by=sue)
    assert set(codes(meeting, dropped=False)) == {"R-1", "N-1", "N-2", "N-3", "N-4"}
    assert codes(meeting, dropped=True) == ["N-0"]


def test_a_decided_case_is_not_dropped(case, sue):
    decide(case, sue, decision="continue")
    with pytest.raises(ValidationError, match="it stays"):
        mark_case(case, mark="drop", by=sue)


def test_a_client_added_by_hand_is_pinned_and_one_dropped_comes_back(meeting, case, sue, ada, as_user):
    kit = ClientFactory(code="K-1", clinician=ada)
    browser = as_user(sue)
    assert browser.post(url(meeting, "add"), {"client": str(kit.pk)}).url == url(meeting)
    assert codes(meeting, pinned=True) == ["K-1"]
    assert list(meeting.items.order_by("place").values_list("place", flat=True)) == [1, 2]
    mark_case(case, mark="drop", by=sue)
    browser.post(url(meeting, "add"), {"client": str(case.episode.client_id)})
    case.refresh_from_db()
    assert (case.pinned, case.dropped) == (True, False)


def test_a_meeting_without_a_case_takes_its_first_by_hand(sue, ada, as_user):
    meeting = prepare_meeting(held_on=today(), by=sue)
    assert codes(meeting) == []
    as_user(sue).post(url(meeting, "add"), {"client": str(ClientFactory(code="K-1", clinician=ada).pk)})
    assert codes(meeting, place=1) == ["K-1"]


@pytest.mark.parametrize("given", ["", "x", "0192f0c0-0000-7000-8000-000000000000"])
def test_a_client_who_is_not_offered_is_refused(meeting, sue, as_user, given):
    response = as_user(sue).post(url(meeting, "add"), {"client": given})
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


def test_a_decision_with_its_action_and_minutes(case, sue, ada, trail):
    due = today() + timedelta(days=7)
    given = {"decision": "joint", "what": "Sit in on session 6", "owner": sue, "due_on": due, "minutes": "Long talk"}
    decide(case, sue, **given)
    case.refresh_from_db()
    assert (case.decided, case.minutes) == ("Joint session", "Long talk")
    assert (case.action.what, case.action.owner, case.action.due_on) == ("Sit in on session 6", sue, due)
    assert trail()[-2:] == ["follow_up.added", "case.decided"]
    first_decided = case.decided_at
    decide(case, sue, **given | {"minutes": "A long talk"})
    case.refresh_from_db()
    assert (case.decided_at, case.minutes, FollowUp.objects.count()) == (first_decided, "A long talk", 1)


def test_an_action_is_changed_in_place_and_never_lost(case, sue, ada):
    due = today() + timedelta(days=7)
    decide(case, sue, what="Call", due_on=due)
    decide(case, sue, what="Write", owner=sue, due_on=due)
    assert FollowUp.objects.get().what == "Write"
    with pytest.raises(ValidationError, match="has been given"):
        decide(case, sue, decision="try")
    finish_follow_up(FollowUp.objects.get(), by=ada)
    with pytest.raises(ValidationError, match="is done"):
        decide(case, sue, what="Other", due_on=due)
    decide(case, sue, what="Write", owner=sue, due_on=due, decision="try")


def test_a_closed_meeting_stays_as_it_is(meeting, case, sue, fallen):
    close_meeting(meeting, by=sue)
    row = type("Row", (), {"episode": fallen.episodes.get()})
    for change in (
        lambda: decide(case, sue, decision="try"),
        lambda: mark_case(case, mark="pin", by=sue),
        lambda: propose_again(meeting, by=sue),
        lambda: add_case(meeting, client=row, by=sue),
        lambda: close_meeting(meeting, by=sue),
    ):
        with pytest.raises(ValidationError, match="closed"):
            change()
    case.refresh_from_db()
    assert (case.decision, case.pinned) == ("", False)


def test_unfinished_actions_carry_over(meeting, case, sue, as_user):
    decide(case, sue, decision="try", what="Call", due_on=today())
    close_meeting(meeting, by=sue)
    following = prepare_meeting(held_on=today(), by=sue)
    carried = as_user(sue).get(url(following)).context["page"].carried_over
    assert [each.what for each in carried] == ["Call"]
    assert as_user(sue).get(url(meeting)).context["page"].carried_over == []


def test_who_was_decided_on_is_no_longer_new_to_supervision(case, sue, ada):
    decide(case, sue, decision="continue")
    reasons = prepare_meeting(held_on=today(), by=sue).items.values_list("reason", flat=True)
    assert not any("Not reviewed" in reason for reason in reasons)


def test_a_case_of_a_client_who_is_no_longer_under_review_is_gone(meeting, case, sue, ben, as_user):
    decide(case, sue, minutes="Long talk")
    hand_on(case.episode, to=ben, by=sue)
    page = as_user(sue).get(url(meeting))
    assert page.context["page"].items == []
    assert "Long talk" not in page.content.decode()
    assert as_user(sue).post(url(case, "decision"), sent()).status_code == 404


def test_after_the_pair_has_ended_nothing_of_the_clients_is_left(meeting, case, sue, as_user):
    Supervision.objects.update(ends_at=timezone.now())
    page = as_user(sue).get(url(meeting)).content.decode()
    assert "R-1" not in page
    assert "Robin" not in page


def test_from_the_page_a_case_is_saved_and_the_place_is_kept(meeting, case, sue, as_user):
    response = as_user(sue).post(
        url(case, "decision"), sent(decision="review", review_on=str(today()), what="Call", due_on=str(today()))
    )
    assert response.url == f"{url(meeting)}#case-{case.pk}"
    case.refresh_from_db()
    assert case.decided == f"Review on {today().day} {today():%B %Y}"
    assert case.action.owner is None
    page = as_user(sue).get(url(meeting)).content.decode()
    assert "1 of 1 case decided" in page
    assert 'value="Call"' in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"decision": "guess"}, "Select a valid choice"),
        ({"decision": "review"}, "Give the day of the review"),
        ({"decision": "review", "review_on": "2020-01-01"}, "from today on"),
        ({"decision": "review", "review_on": "soon"}, "valid date"),
        ({"what": "Call"}, "Give a day for the action"),
        ({"what": "Call", "due_on": "2020-01-01"}, "within a year"),
        ({"owner": "0192f0c0-0000-7000-8000-000000000000"}, "Select a valid choice"),
        ({"what": "x" * 301, "due_on": "2026-01-01"}, "at most 300"),
    ],
)
def test_a_bad_form_keeps_what_was_typed(case, sue, as_user, wrong, words):
    for headers in ({}, {"HX-Request": "true"}):
        response = as_user(sue).post(url(case, "decision"), sent(minutes="Typed at length", **wrong), headers=headers)
        assert response.status_code == 422
        page = response.content.decode()
        assert words in page
        assert "Typed at length" in page
        assert ("<html" in page) != bool(headers)
    case.refresh_from_db()
    assert (case.minutes, case.action) == ("", None)


def test_the_case_alone_is_answered_where_only_that_is_asked_for(case, sue, as_user):
    given = sent(decision="try")
    page = as_user(sue).post(url(case, "decision"), given, headers={"HX-Request": "true"}).content.decode()
    assert f'id="case-{case.pk}"' in page
    assert "1 of 1 case decided." in page
    assert "<html" not in page


def test_marks_from_the_page(meeting, case, sue, as_user):
    browser = as_user(sue)
    assert browser.post(url(case, "mark"), {"as": "pin"}).url == url(meeting)
    assert codes(meeting, pinned=True) == ["R-1"]
    assert browser.post(url(case, "mark"), {"as": "steal"}).status_code == 400
    browser.post(url(case, "mark"), {"as": "drop"})
    page = browser.get(url(meeting)).content.decode()
    assert "Take Robin A. back" in page
    assert "No cases yet" in page
    browser.post(url(meeting, "close"))
    assert browser.post(url(case, "mark"), {"as": "take_back"}).status_code == 409


def test_the_list_counts_cases_and_decisions(meeting, case, sue, as_user):
    decide(case, sue, decision="try")
    (row,) = as_user(sue).get("/meetings/").context["page"]
    assert (row.cases, row.decided) == (1, 1)


def test_preparing_from_the_page(fallen, sue, as_user, trail):
    browser = as_user(sue)
    assert browser.get("/meetings/prepare/").status_code == 200
    assert browser.post("/meetings/prepare/", {"held_on": "never"}).status_code == 422
    response = browser.post("/meetings/prepare/", {"held_on": str(today())})
    assert response.url == url(Meeting.objects.get())
    browser.get(response.url)
    assert trail()[-1] == "caseload.viewed"
