"""The supervisor's page: coverage a clinician, clients by element, filters; never an average of a clinician."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts.models import Supervision
from clients.actions import hand_on
from clients.models import Episode
from ratings.models import Rater, Signal
from ratings.strains.actions import see_signal
from ratings.supervision.follow_ups import add_follow_up
from ratings.supervision.meeting_actions import close_meeting, mark_case, prepare_meeting, record_decision
from ratings.supervision.meeting_page import MeetingPage
from tests.doors import check_doors_of_role
from tests.factories import ClientFactory, SessionFactory, SupervisionFactory, history, rate

pytestmark = pytest.mark.django_db
URL = "/supervision/"


@pytest.fixture
def supervisor(as_user, sue):
    return as_user(sue)


def codes(page):
    return [row.client.code for row, _ in page.context["heat"]]


def test_doors(ada, sue, adam):
    check_doors_of_role("supervision", opens_to=[sue], not_to=[ada, adam])


def test_only_clients_of_current_supervisees_are_there(supervisor, robin, stella, sue):
    ClientFactory(code="B-1")
    SupervisionFactory(supervisor=sue, clinician=stella, ends_at=timezone.now())
    ClientFactory(code="S-1", clinician=stella)
    assert codes(supervisor.get(URL)) == ["R-1"]
    Supervision.objects.update(ends_at=timezone.now())
    assert codes(supervisor.get(URL)) == []


def test_own_clients_of_a_supervisor_are_not_under_supervision(as_user, sue, robin):
    sue.is_clinician = True
    sue.save()
    ClientFactory(code="OWN", clinician=sue)
    assert codes(as_user(sue).get(URL)) == ["R-1"]


def test_closed_therapies_are_not_there(supervisor, robin):
    Episode.objects.update(ended_on=timezone.localdate(), ending="planned")
    assert codes(supervisor.get(URL)) == []


def test_coverage_says_its_denominator(supervisor, robin, ada):
    history(robin, [5, None, 6, None], days_apart=9)
    SessionFactory(client=robin, attendance="missed")
    SessionFactory(client=robin, starts_at=timezone.now() + timedelta(days=1))
    (line,) = supervisor.get(URL).context["coverage"]
    assert (line.clinician, line.clients, line.held, line.rated, line.unrated) == (ada, 1, 4, 2, 2)


def test_coverage_leaves_out_what_a_clinician_held_with_a_client_who_is_no_longer_theirs(supervisor, robin, ada, ben):
    history(robin, [5, None])
    ClientFactory(clinician=ada)
    hand_on(robin.episodes.get(), to=ben, by=ada)
    (line,) = supervisor.get(URL).context["coverage"]
    assert (line.clinician, line.clients, line.held, line.rated) == (ada, 1, 0, 0)


def test_coverage_looks_thirty_days_back_and_what_waits_goes_further(supervisor, robin):
    history(robin, [None, None, 5], days_apart=20)
    (line,) = supervisor.get(URL).context["coverage"]
    assert (line.held, line.rated, line.unrated) == (2, 1, 2)


def test_coverage_counts_the_sessions_of_therapies_that_ended_meanwhile(monday, supervisor, robin, ada):
    history(robin, [5])
    for days in (1, 29, 31):
        ended = ClientFactory(clinician=ada)
        last = SessionFactory(client=ended, starts_at=monday - timedelta(days=days))
        rate(last)
        Episode.objects.filter(client=ended).update(ended_on=last.day, ending="planned")
    (line,) = supervisor.get(URL).context["coverage"]
    assert (line.clients, line.held, line.rated) == (1, 3, 3)


def test_open_signals_are_counted_by_severity_with_the_oldest_that_the_clinician_has_not_seen(supervisor, robin, ada):
    history(robin, [6, 5, 6, 6, 2])
    (line,) = supervisor.get(URL).context["coverage"]
    assert line.by_severity == [("high", "high", 1)]
    assert line.unseen_days == 0
    for signal in Signal.objects.open():
        see_signal(signal, by=ada)
    page = supervisor.get(URL)
    (line,) = page.context["coverage"]
    assert (line.by_severity, line.unseen_days) == ([("high", "high", 1)], None)
    assert "1 high" in page.content.decode()


def test_the_next_supervision_is_the_first_open_meeting_that_speaks_of_a_client_of_theirs(
    monday, supervisor, robin, sue
):
    history(robin, [5])
    later, sooner, closed, dropped = (
        prepare_meeting(held_on=monday.date() + timedelta(days=days), by=sue) for days in (9, 2, 1, 0)
    )
    close_meeting(closed, by=sue)
    mark_case(dropped.items.get(), mark="drop", by=sue)
    page = supervisor.get(URL)
    assert [line.meeting for line in page.context["coverage"]] == [sooner]
    assert "Wed 25 Nov" in page.content.decode()
    for meeting in (later, sooner):
        close_meeting(meeting, by=sue)
    assert [line.meeting for line in supervisor.get(URL).context["coverage"]] == [None]


def test_a_client_whom_the_supervisor_takes_on_is_no_longer_a_case(supervisor, robin, sue):
    history(robin, [5])
    address = reverse("mark_case", args=[prepare_meeting(held_on=timezone.localdate(), by=sue).items.get().pk])
    assert supervisor.post(address, {"as": "pin"}).status_code == 302
    sue.is_clinician = True
    sue.save()
    hand_on(robin.episodes.get(), to=sue, by=sue)
    assert supervisor.post(address, {"as": "unpin"}).status_code == 404


def test_follow_ups_are_those_of_clients_under_supervision(supervisor, robin, ben):
    for client in (robin, ClientFactory(clinician=ben)):
        given = {"owner": None, "due_on": timezone.localdate(), "by": ben}
        add_follow_up(client.episodes.get(), what=f"Call {client.code}", **given)
    assert [each.what for each in supervisor.get(URL).context["page"].follow_ups] == ["Call R-1"]


def test_what_earlier_meetings_left_to_do_is_not_carried_over_for_a_client_who_was_handed_on(robin, sue, ada, ben):
    history(robin, [5])
    day = timezone.localdate()
    given = {"review_on": None, "what": "Call", "owner": None, "due_on": day, "minutes": "", "decision": "try"}
    record_decision(prepare_meeting(held_on=day, by=sue).items.get(), by=sue, **given)
    following = prepare_meeting(held_on=day, by=sue)
    assert [each.what for each in MeetingPage(following, timezone.now()).carried_over] == ["Call"]
    hand_on(robin.episodes.get(), to=ben, by=ada)
    assert MeetingPage(following, timezone.now()).carried_over == []


def test_clinicians_stand_by_name_whatever_is_open(supervisor, sue, robin, ben):
    SupervisionFactory(supervisor=sue, clinician=ben)
    history(ClientFactory(clinician=ben), [6, 5, 6, 6, 2])
    assert [line.clinician.name for line in supervisor.get(URL).context["coverage"]] == ["Ada Osei", "Ben Lind"]


def test_each_client_has_eight_cells_with_the_distance_from_their_own_usual_level(supervisor, robin):
    history(robin, [6, 6, 6, 6])
    rate(SessionFactory(client=robin, starts_at=timezone.now()), 6, trust=3, bond=None)
    ((_, cells),) = supervisor.get(URL).context["heat"]
    assert [cell.score for cell in cells] == [pytest.approx(5.4), 6, 6, None, 3, 6, 6, 6]
    assert [cell.step for cell in cells] == ["n1", "0", "0", "0", "n3", "0", "0", "0"]
    assert cells[4].direction == "down"


def test_who_lies_furthest_below_comes_first_and_who_has_no_score_last(supervisor, robin, ada):
    history(robin, [5, 5, 5])
    history(ClientFactory(code="FALLEN", clinician=ada), [6, 6, 3])
    ClientFactory(code="NEW", clinician=ada)
    partial = ClientFactory(code="PARTIAL", clinician=ada)
    rate(SessionFactory(client=partial), bond=None, trust=None)
    assert codes(supervisor.get(URL)) == ["FALLEN", "R-1", "NEW", "PARTIAL"]


def test_the_clients_own_ratings_are_a_view_of_their_own(supervisor, robin):
    session = history(robin, [6])[0]
    rate(session, 3, rater=Rater.CLIENT)
    ((_, cells),) = supervisor.get(f"{URL}?rater=client").context["heat"]
    assert cells[0].score == 3


def test_filters_by_clinician_and_by_what_is_not_rated(supervisor, sue, robin, ben):
    SupervisionFactory(supervisor=sue, clinician=ben)
    SessionFactory(client=ClientFactory(code="B-1", clinician=ben))
    assert sorted(codes(supervisor.get(URL))) == ["B-1", "R-1"]
    assert codes(supervisor.get(f"{URL}?clinician={ben.pk}")) == ["B-1"]
    assert codes(supervisor.get(f"{URL}?unrated=1")) == ["B-1"]


@pytest.mark.parametrize("query", ["?clinician=x", "?clinician=%00", "?clinician=<script>"])
def test_an_unknown_clinician_has_no_clients(supervisor, robin, query):
    page = supervisor.get(URL + query)
    assert page.status_code == 200
    assert codes(page) == []
    assert "<script>" not in page.content.decode().replace('<script src="', "")


@pytest.mark.parametrize("query", ["?unrated=yes", "?rater=observer", "?page=-1", "?clinician="])
def test_unknown_parts_of_the_address_change_nothing(supervisor, robin, query):
    assert codes(supervisor.get(URL + query)) == ["R-1"]


def test_it_names_no_average_of_a_clinician(supervisor, robin, ada):
    history(robin, [2, 2])
    history(ClientFactory(clinician=ada), [5, 5])
    page = supervisor.get(URL).content.decode()
    assert ">3.5<" not in page
    assert "not averaged by clinician" in page


def test_with_nobody_to_review_it_says_so(supervisor):
    assert "No clients to review" in supervisor.get(URL).content.decode()


def test_looking_is_one_event(supervisor, trail):
    supervisor.get(URL)
    assert trail() == ["caseload.viewed"]
