"""Emergency access: a reason first, then one client's page for four hours, read only, and seen by those concerned."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from alliance_tracker.audit.models import AuditEvent
from clients.actions import hand_on
from clients.models import Client, EmergencyAccess
from tests.accounts.doors import signed_in
from tests.doors import check_doors_of_role
from tests.factories import ClientFactory, EmergencyAccessFactory, history

pytestmark = pytest.mark.django_db
URL = reverse("emergency_access")
WHY = "The client called the duty line."
UNKNOWN = "01920000-0000-7000-8000-000000000000"
SECOND, HOURS = timedelta(seconds=1), timedelta(hours=4)


@pytest.fixture
def record_of_robin(robin) -> Client:
    """Robin with three rated sessions."""
    history(robin, [5, 6, 4])
    return robin


def ask(person, sought, reason=WHY):
    return signed_in(person).post(URL, {"sought": sought, "reason": reason})


def words_of(response) -> str:
    return response.content.decode()


def test_doors(ada, sue, adam):
    check_doors_of_role("emergency_access", opens_to=[ada, sue], not_to=[adam], methods="get head post")


@pytest.mark.parametrize("sought", ["R-1", "r-1", " R-1 ", "id"])
def test_the_exact_code_or_id_opens_the_page_for_four_hours(monday, ben, record_of_robin, sought, trail):
    response = ask(ben, str(record_of_robin.pk) if sought == "id" else sought)
    assert response.url == reverse("client", args=[record_of_robin.pk])
    access = EmergencyAccess.objects.get()
    assert (access.user, access.client, access.reason) == (ben, record_of_robin, WHY)
    assert (access.opened_at, access.expires_at) == (monday, monday + HOURS)
    assert trail()[-1] == "emergency_access.opened"
    with time_machine.travel(monday + HOURS - SECOND, tick=False):
        assert signed_in(ben).get(response.url).status_code == 200
    with time_machine.travel(monday + HOURS, tick=False):
        assert signed_in(ben).get(response.url).status_code == 404


@pytest.mark.parametrize("sought", ["R", "R-11", "Robin A.", "%", UNKNOWN, "", "x" * 37, "\0"])
def test_a_part_a_name_or_a_pattern_opens_nothing(ben, robin, sought):
    assert ask(ben, sought).status_code == 422
    assert not EmergencyAccess.objects.exists()


@pytest.mark.parametrize("reason", ["", " ", "Too short", "x" * 501])
def test_without_a_reason_the_answer_is_the_same_whether_there_is_such_a_client_or_not(ben, robin, reason, trail):
    own = ClientFactory(code="B-1", clinician=ben)
    before = trail()
    answers = [ask(ben, code, reason) for code in ("R-1", own.code, "NONE")]
    pages = {words_of(answer).split('name="sought"')[0].split("csrfmiddlewaretoken")[0] for answer in answers}
    assert {answer.status_code for answer in answers} == {422}
    assert len(pages) == 1
    assert trail() == before
    assert not EmergencyAccess.objects.exists()


def test_the_page_itself_says_nothing_of_a_client_that_its_address_names(ben, robin):
    pages = [signed_in(ben).get(f"{URL}?sought={code}") for code in ("R-1", "NONE")]
    assert len({len(page.content) for page in pages}) == 1


def test_the_reason_is_encrypted_and_not_in_the_trail(ben, robin):
    ask(ben, "R-1")
    event = AuditEvent.objects.latest("id")
    assert (event.client_id, event.target_id) == (robin.pk, EmergencyAccess.objects.get().pk)
    assert event.reason == ""
    assert EmergencyAccess.objects.filter(reason=WHY).count() == 0


def test_a_client_of_ones_own_or_open_already_needs_none(ada, ben, robin, trail):
    assert ask(ada, "R-1").url == reverse("client", args=[robin.pk])
    assert trail()[-1] == "emergency_access.not_needed"
    ask(ben, "R-1")
    assert ask(ben, "R-1").url == reverse("client", args=[robin.pk])
    assert EmergencyAccess.objects.get().user == ben


def test_five_times_within_a_day_wrong_codes_included_and_not_once_more(monday, ben, robin, trail):
    for number in range(4):
        with time_machine.travel(monday + number * timedelta(minutes=1), tick=False):
            assert "There is no client with this code" in words_of(ask(ben, f"NONE-{number}"))
    with time_machine.travel(monday + timedelta(minutes=5), tick=False):
        assert "Left now: 1." in words_of(signed_in(ben).get(URL))
        assert ask(ben, "R-1").status_code == 302
        for code in ("R-1", "NONE"):
            said = words_of(ask(ben, code))
            assert "You have asked 5 times within a day." in said
            assert "There is no client with this code" not in said
            assert trail()[-1] == "emergency_access.throttled"
    with time_machine.travel(monday + timedelta(days=1) + SECOND, tick=False):
        ClientFactory(code="C-1")
        assert ask(ben, "C-1").status_code == 302


def test_what_others_ask_is_not_counted_against_anyone(ben, stella, robin):
    for number in range(6):
        ask(stella, f"NONE-{number}")
    assert ask(ben, "R-1").url == reverse("client", args=[robin.pk])


def test_it_reads_one_page_and_reaches_no_list_no_file_and_no_form(ben, record_of_robin):
    ask(ben, "R-1")
    browser = signed_in(ben)
    page = words_of(browser.get(reverse("client", args=[record_of_robin.pk])))
    assert "Emergency access until" in page
    assert "CSV" not in page
    assert 'method="post"' not in page.split("<main")[1].split("</main")[0]
    assert browser.get(reverse("ratings_csv", args=[record_of_robin.pk])).status_code == 404
    assert "R-1" not in words_of(browser.get(reverse("client_list")))
    assert "Robin A." not in words_of(browser.post(reverse("find_client"), {"q": "R-1"}))
    assert "R-1" in words_of(browser.get(URL))


def test_a_look_by_it_says_so_in_the_trail(ben, robin):
    ask(ben, "R-1")
    signed_in(ben).get(reverse("client", args=[robin.pk]))
    event = AuditEvent.objects.latest("id")
    assert (event.action, event.reason, event.client_id) == ("client.viewed", "Emergency access", robin.pk)


def test_the_clinician_sees_it_on_today_and_on_the_page_for_two_weeks_and_until_it_is_reviewed(monday, ada, ben, robin):
    EmergencyAccessFactory(client=robin, user=ben, reason=WHY)
    pages = [reverse("today"), reverse("client", args=[robin.pk])]
    for days, marked in ((0, "Not reviewed yet"), (7, "Not reviewed yet"), (8, "Not reviewed for 8 days")):
        with time_machine.travel(monday + timedelta(days=days), tick=False):
            for page in pages:
                said = words_of(signed_in(ada).get(page))
                assert WHY in said
                assert marked in said
    EmergencyAccess.objects.update(
        reviewed_at=monday, reviewed_by=ada, verdict="justified", remark="The duty doctor asked for it."
    )
    with time_machine.travel(monday + timedelta(days=13), tick=False):
        assert all("The duty doctor asked for it." in words_of(signed_in(ada).get(page)) for page in pages)
    with time_machine.travel(monday + timedelta(days=14), tick=False):
        assert not any(WHY in words_of(signed_in(ada).get(page)) for page in pages)


def test_the_notice_follows_the_client(ada, ben, stella, robin):
    EmergencyAccessFactory(client=robin, user=ben, reason=WHY)
    hand_on(robin.episodes.get(), to=stella, by=ada)
    assert WHY not in words_of(signed_in(ada).get(reverse("today")))
    assert WHY in words_of(signed_in(stella).get(reverse("today")))


def test_who_reads_by_it_sees_no_other_persons_reason(ben, stella, robin):
    EmergencyAccessFactory(client=robin, user=stella, reason="Something of Stella's")
    EmergencyAccessFactory(client=robin, user=ben, reason=WHY)
    page = words_of(signed_in(ben).get(reverse("client", args=[robin.pk])))
    assert "Something of Stella" not in page
    assert page.count("Emergency access until") == 1
