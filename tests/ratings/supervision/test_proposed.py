"""Which cases a meeting begins with, and who of them goes well: by both ratings, with nothing open."""

import pytest
from django.utils import timezone

from ratings.models import AgendaItem, Meeting, Rater
from ratings.supervision.meeting_actions import mark_case, prepare_meeting, record_decision
from tests.factories import ClientFactory, history, rate

pytestmark = pytest.mark.django_db
STEADY = [5, 5, 5, 5, 6]
NOTHING = {"review_on": None, "what": "", "owner": None, "due_on": None, "minutes": ""}


def prepare(supervisor) -> Meeting:
    return prepare_meeting(held_on=timezone.localdate(), by=supervisor)


def decide(case, by) -> AgendaItem:
    return record_decision(case, by=by, decision="continue", **NOTHING)


def go_well(client) -> None:
    """Have both rate the client's sessions, the last one above usual."""
    for session, score in zip(history(client, STEADY), STEADY, strict=True):
        rate(session, score, rater=Rater.CLIENT, bond=5)


def test_it_begins_with_the_mix_and_says_why(robin, ada, sue, trail):
    history(robin, [6, 5, 6, 6, 2])
    go_well(ClientFactory(code="WELL", clinician=ada))
    for number in range(6):
        history(ClientFactory(code=f"N-{number}", clinician=ada), [5])
    meeting = prepare(sue)
    items = list(meeting.items.select_related("episode__client").order_by("place"))
    assert [item.episode.client.code for item in items] == ["R-1", "N-0", "WELL", "N-1", "N-2"]
    first, second, third, *_ = items
    assert first.reason.startswith("Needs attention first: ")
    assert second.reason.startswith("Not reviewed in supervision yet")
    assert third.reason.startswith("Going well")
    assert trail()[-1] == "meeting.prepared"


def test_whom_the_last_two_meetings_spoke_of_is_not_the_one_going_well(ada, sue):
    go_well(ClientFactory(code="WELL", clinician=ada))
    decide(prepare(sue).items.get(), sue)
    others = [prepare(sue) for _ in range(3)]
    said = [[item.reason.split(":")[0] for item in meeting.items.all()] for meeting in others]
    assert said == [[], [], ["Going well"]]


def test_who_was_dropped_from_the_last_meeting_may_be_the_one_going_well(ada, sue):
    go_well(ClientFactory(code="WELL", clinician=ada))
    decide(prepare(sue).items.get(), sue)
    for _ in range(2):
        prepare(sue)
    mark_case(prepare(sue).items.get(), mark="drop", by=sue)
    assert prepare(sue).items.get().reason.startswith("Going well")


@pytest.mark.parametrize("last_of_client", [4, None])
def test_who_is_below_usual_by_their_own_rating_or_was_never_asked_does_not_go_well(ada, sue, last_of_client):
    client = ClientFactory(code="WELL", clinician=ada)
    sessions = history(client, STEADY)
    if last_of_client:
        for session, score in zip(sessions, [5, 5, 5, 5, last_of_client], strict=True):
            rate(session, score, rater=Rater.CLIENT, goals=5, tasks=5)
    meeting = prepare(sue)
    assert not any(item.reason.startswith("Going well") for item in meeting.items.all())
