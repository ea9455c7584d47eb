"""Two working days untouched: one reminder, and a place on the supervisor's list."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from ratings.caseload.episodes import end_episode
from ratings.models import Rupture, Signal
from ratings.standing.refresh import rebuild_standing
from ratings.strains.actions import change_rupture, pause_signals, see_signal
from ratings.strains.staff_reminders import remind_clinicians
from tests.factories import ClientFactory, SupervisionFactory, UserFactory, history

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 11, 20, 10, tzinfo=UTC)
TUESDAY = FRIDAY + timedelta(days=4)


@pytest.fixture(autouse=True)
def friday() -> Iterator[None]:
    with time_machine.travel(FRIDAY, tick=False):
        yield


@pytest.fixture(autouse=True)
def amber(friday, robin, service) -> Signal:
    """Robin's amber signal of Friday morning."""
    history(robin, [5, 6, 5, 6, 4])
    return Signal.objects.get(rule="unusually-low-amber")


def test_it_waits_two_working_days_over_the_weekend(amber):
    assert amber.escalates_at == TUESDAY
    assert remind_clinicians(TUESDAY - timedelta(minutes=1)) == 0
    assert remind_clinicians(TUESDAY) == 1


def test_holidays_of_the_service_do_not_count(robin, service, amber):
    service.holidays = ["2026-11-23"]
    service.save()
    Signal.objects.all().delete()
    rebuild_standing(robin.episodes.get(), FRIDAY, write=True)
    assert Signal.objects.get(rule=amber.rule).escalates_at == TUESDAY + timedelta(days=1)


def test_it_reminds_once_without_a_name_or_a_clinical_word(robin, ada, trail, settings):
    settings.EMAIL_HOST = "mail.example.org"
    remind_clinicians(TUESDAY)
    assert remind_clinicians(TUESDAY + timedelta(days=1)) == 0
    assert trail().count("user.reminded") == 1
    (message,) = mail.outbox
    assert message.to == [ada.email]
    text = f"{message.subject} {message.body}".casefold()
    words = (robin.name, robin.code, "client", "rating", "signal", "rupture", "strain", "alliance", "low")
    assert [word for word in words if word.casefold() in text.replace("allow", "")] == []


@pytest.mark.parametrize("way", ["seen", "acknowledged", "paused", "ended"])
def test_it_does_not_remind_of_what_no_longer_waits(robin, ada, amber, way):
    episode = robin.episodes.get()
    with time_machine.travel(FRIDAY, tick=False):
        if way == "seen":
            see_signal(amber, by=ada)
        elif way == "acknowledged":
            change_rupture(Rupture.objects.get(), says="acknowledge", note="", by=ada)
        elif way == "paused":
            pause_signals(episode, reason="Leave", by=ada)
        else:
            end_episode(episode, ended_on=FRIDAY.date(), ending="planned", by=ada)
    assert remind_clinicians(TUESDAY) == 0
    assert mail.outbox == []


def test_an_ended_therapy_is_not_reminded_of(robin, ada, amber):
    episode = robin.episodes.get()
    episode.ended_on, episode.ending = FRIDAY.date(), "planned"
    episode.save()
    assert remind_clinicians(TUESDAY) == 0


def test_today_and_the_supervisor_see_it_from_then_on(robin, ada, sue, as_user):
    for moment, shows in ((TUESDAY - timedelta(minutes=1), False), (TUESDAY, True)):
        with time_machine.travel(moment, tick=False):
            assert ("Waiting two working days" in as_user(ada).get("/").content.decode()) is shows
            attention = as_user(sue).get(reverse("supervision")).context["attention"]
            assert bool(attention) is shows


def test_a_touched_one_does_not_join_the_supervisors_list(ada, sue, amber, as_user):
    with time_machine.travel(FRIDAY, tick=False):
        see_signal(amber, by=ada)
    with time_machine.travel(TUESDAY, tick=False):
        assert as_user(sue).get(reverse("supervision")).context["attention"] == []


def test_the_gravest_come_first_then_the_oldest(ada, sue, as_user):
    later, red = ClientFactory(clinician=ada, code="AMBER-2"), ClientFactory(clinician=ada, code="RED-1")
    with time_machine.travel(FRIDAY + timedelta(hours=1), tick=False):
        history(later, [5, 6, 5, 6, 4])
        history(red, [6, 5, 6, 6, 2])
    with time_machine.travel(TUESDAY + timedelta(hours=2), tick=False):
        page = as_user(sue).get(reverse("supervision"))
    assert [each.row.client.code for each in page.context["attention"]] == ["RED-1", "R-1", "AMBER-2"]
    assert "lower than this client&#x27;s own usual level" in page.content.decode()


def test_another_supervisor_sees_none_of_it(as_user):
    other = UserFactory(is_clinician=False, is_supervisor=True)
    SupervisionFactory(supervisor=other)
    with time_machine.travel(TUESDAY, tick=False):
        assert as_user(other).get(reverse("supervision")).context["attention"] == []
