"""What was decided in supervision, as the clinician reads it on Today and on the client's page."""

from datetime import date

import pytest
from django.utils import timezone

from ratings.models import AgendaItem
from ratings.supervision.meeting_actions import prepare_meeting, record_decision
from tests.factories import history

pytestmark = pytest.mark.django_db
NOTHING = {"review_on": None, "what": "", "owner": None, "due_on": None, "minutes": ""}


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def case(robin, sue) -> AgendaItem:
    history(robin, [6, 5, 6, 6, 2])
    return prepare_meeting(held_on=today(), by=sue).items.get()


def decide(case, by, **given) -> AgendaItem:
    return record_decision(case, by=by, **NOTHING | given)


def decided(page) -> str:
    return page.content.decode().split('class="brief decisions"')[1].split("</ul>")[0]


def test_the_clinician_reads_decision_action_and_minutes(case, sue, ada, as_user, robin):
    decide(case, sue, decision="joint", what="Sit in", owner=sue, due_on=today(), minutes="Long talk")
    for address in ("/", f"/clients/{robin.pk}/"):
        shown = decided(as_user(ada).get(address))
        assert all(words in shown for words in ("Joint session", "Sit in", "Long talk", "Sue Brandt, due today"))


def test_an_action_names_its_owner_and_the_reader_is_you(case, sue, ada, as_user, robin):
    decide(case, sue, decision="try", what="Ask", due_on=today())
    for address in ("/", f"/clients/{robin.pk}/"):
        assert "You, due today" in decided(as_user(ada).get(address))
    assert "Ada Osei, due today" in decided(as_user(sue).get(f"/clients/{robin.pk}/"))
    decide(case, sue, decision="try", what="Ask", owner=sue, due_on=today())
    assert "You, due today" in decided(as_user(sue).get(f"/clients/{robin.pk}/"))


def test_a_supervisor_with_clients_of_their_own_reads_on_today_what_was_decided_about_those_alone(case, sue, as_user):
    decide(case, sue, decision="joint", minutes="Long talk")
    sue.is_clinician = True
    sue.save()
    page = as_user(sue).get("/")
    assert page.context["decided"] == []
    assert "Long talk" not in page.content.decode()
