"""The supervisor's list: order, filters in the address, Seen and Assign with and without a page load, two figures."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts.models import Supervision
from ratings.models import FollowUp, Rater, Signal, SignalReview
from ratings.strains.actions import reject_signal, review_signals
from ratings.supervision.follow_ups import finish_follow_up
from tests.doors import check_doors
from tests.factories import ClientFactory, SessionFactory, SupervisionFactory, UserFactory, history, rate

pytestmark = pytest.mark.django_db
URL = "/supervision/"
HTMX = {"HX-Request": "true"}
RED = [6, 5, 6, 6, 2]


@pytest.fixture
def fallen(robin):
    """Robin's ratings have fallen far below usual."""
    history(robin, RED)
    return robin


@pytest.fixture
def strained(ada):
    """Another client of Ada's, who reported a strain nine days ago that nobody has looked at."""
    kit = ClientFactory(code="K-2", name="Kit B.", clinician=ada)
    with time_machine.travel(timezone.now() - timedelta(days=9), tick=False):
        session = SessionFactory(client=kit)
        rate(session, 6)
        rate(session, 6, rater=Rater.CLIENT, strain="clear", strain_discussed="no")
    return kit


@pytest.fixture
def supervisor(as_user, sue):
    return as_user(sue)


def listed(page) -> list[str]:
    return [item.row.client.code for item in page.context["attention"]]


def item_of(page, code="R-1"):
    return next(item for item in page.context["attention"] if item.row.client.code == code)


def calm(page) -> list[str]:
    return [row.client.code for row in page.context["page"].calm]


def shown_signals(page, code="R-1") -> list[str]:
    return [signal.summary["id"] for signal in item_of(page, code).signals]


def seen_url(client) -> str:
    return reverse("review_client", args=[client.pk])


def assign_url(client) -> str:
    return reverse("assign_follow_up", args=[client.pk])


def task(**given) -> dict:
    return {"what": "Call before Thursday", "owner": "clinician", "due_on": str(timezone.localdate())} | given


def test_doors(fallen, ada, sue, stella, adam):
    check_doors("review_client", fallen.pk, opens_to=[sue], not_to=[ada, stella, adam], methods="post")
    check_doors("assign_follow_up", fallen.pk, opens_to=[sue], not_to=[ada, stella, adam])


def test_each_row_says_why_in_words_and_everyone_else_is_counted(supervisor, fallen, ada):
    history(ClientFactory(code="WELL", clinician=ada), [6, 6, 6])
    page = supervisor.get(URL)
    assert listed(page) == ["R-1"]
    text = page.content.decode()
    assert "is lower than this client&#x27;s own usual level" in text
    assert "No open item (1)" in text
    assert calm(page) == ["WELL"]


@pytest.mark.usefixtures("fallen", "strained")
class TestFilters:
    @pytest.fixture(autouse=True)
    def others(self, sue, ben):
        SupervisionFactory(supervisor=sue, clinician=ben)
        history(ClientFactory(code="B-3", clinician=ben), RED)

    def test_each_narrows_the_list(self, supervisor, ben, sue):
        everyone = listed(supervisor.get(URL))
        assert sorted(everyone) == ["B-3", "K-2", "R-1"]
        assert listed(supervisor.get(f"{URL}?clinician={ben.pk}")) == ["B-3"]
        assert listed(supervisor.get(f"{URL}?rule=strain-reported")) == ["K-2"]
        assert "K-2" not in listed(supervisor.get(f"{URL}?severity=high"))
        assert listed(supervisor.get(f"{URL}?severity=high&severity=medium")) == everyone
        review_signals(list(Signal.objects.filter(episode__client__code="B-3")), by=sue)
        assert listed(supervisor.get(f"{URL}?seen=yes")) == ["B-3"]
        assert sorted(listed(supervisor.get(f"{URL}?seen=no"))) == ["K-2", "R-1"]

    def test_they_narrow_together_and_stay_chosen(self, supervisor, ada):
        page = supervisor.get(f"{URL}?clinician={ada.pk}&severity=high&seen=no&rule=unusually-low-red")
        assert listed(page) == ["R-1"]
        text = page.content.decode()
        assert f'<option value="{ada.pk}" selected>' in text
        assert 'value="high" id="f-high" checked' in text
        assert '<option value="no" selected>' in text
        assert '<option value="unusually-low-red" selected>' in text

    def test_the_clinician_narrows_figures_table_and_follow_ups_too(self, supervisor, ben, strained, sue):
        FollowUp.objects.create(episode=strained.episodes.get(), what="Ada's", due_on=timezone.localdate(), made_by=sue)
        page = supervisor.get(f"{URL}?clinician={ben.pk}")
        assert [each.code for each in page.context["page"].places] == ["B-3"]
        assert [row.client.code for row, _ in page.context["heat"]] == ["B-3"]
        assert page.context["page"].follow_ups == []
        assert "No open item (0)" in page.content.decode()

    def test_one_address_shows_supervisors_of_the_same_clinician_the_same_clients(self, supervisor, as_user, ben):
        url = f"{URL}?clinician={ben.pk}&severity=high"
        other = UserFactory(is_clinician=False, is_supervisor=True)
        SupervisionFactory(supervisor=other, clinician=ben)
        assert listed(supervisor.get(url)) == listed(as_user(other).get(url)) == ["B-3"]

    def test_a_bookmark_of_someone_no_longer_reviewed_shows_nobody_and_says_why(self, supervisor, ben):
        Supervision.objects.filter(clinician=ben).update(ends_at=timezone.now())
        page = supervisor.get(f"{URL}?clinician={ben.pk}")
        assert listed(page) == []
        assert "Someone you do not review now" in page.content.decode()
        assert "No client matches these filters" in page.content.decode()

    @pytest.mark.parametrize("query", ["rule=guess", "seen=maybe", "severity=terrible", "rule=<script>"])
    def test_what_the_address_gets_wrong_is_left_out(self, supervisor, query):
        page = supervisor.get(f"{URL}?{query}")
        assert len(listed(page)) == 3
        assert "<script>alert" not in page.content.decode()


class TestSeen:
    def test_without_javascript_it_leads_back_to_the_row(self, supervisor, fallen, sue, trail):
        signals = shown_signals(supervisor.get(f"{URL}?severity=high"))
        back = f"{URL}?severity=high#row-{fallen.pk}"
        assert supervisor.post(seen_url(fallen), {"signals": signals, "back": back}).url == back
        assert {str(review.signal_id) for review in SignalReview.objects.filter(by=sue)} == set(signals)
        assert trail()[-1] == "signal.reviewed"
        page = supervisor.get(back)
        assert item_of(page).is_seen
        assert "You saw this" in page.content.decode()
        assert f'action="{seen_url(fallen)}"' not in page.content.decode()

    def test_with_it_only_the_row_comes_back(self, supervisor, fallen):
        signals = shown_signals(supervisor.get(URL))
        response = supervisor.post(seen_url(fallen), {"signals": signals, "back": URL}, headers=HTMX)
        row = response.content.decode()
        assert row.strip().startswith(f'<li class="is-seen" id="row-{fallen.pk}"')
        assert "You saw this" in row
        assert "<html" not in row

    def test_twice_is_once(self, supervisor, fallen, trail):
        signals = shown_signals(supervisor.get(URL))
        for _ in range(2):
            supervisor.post(seen_url(fallen), {"signals": signals}, headers=HTMX)
        assert trail().count("signal.reviewed") == SignalReview.objects.count() == len(signals)

    def test_what_came_after_the_page_was_opened_is_not_taken_as_seen(self, supervisor, fallen):
        first, *later = shown_signals(supervisor.get(URL))
        supervisor.post(seen_url(fallen), {"signals": [first]})
        assert SignalReview.objects.count() == 1
        assert item_of(supervisor.get(URL)).is_seen is (later == [])

    def test_it_says_nothing_for_the_clinician_and_nothing_for_another_supervisor(
        self, supervisor, as_user, fallen, ada
    ):
        supervisor.post(seen_url(fallen), {"signals": shown_signals(supervisor.get(URL))})
        assert Signal.objects.filter(seen_at__isnull=False).count() == 0
        other = UserFactory(name="Ola Berg", is_clinician=False, is_supervisor=True)
        SupervisionFactory(supervisor=other, clinician=ada)
        page = as_user(other).get(URL)
        assert not item_of(page).is_seen
        assert "Sue Brandt saw this" in page.content.decode()

    @pytest.mark.parametrize("given", [[], ["x"], ["0192f0c0-0000-7000-8000-000000000000"]])
    def test_signals_that_do_not_stand_there_are_refused(self, supervisor, fallen, given):
        for headers in ({}, HTMX):
            assert supervisor.post(seen_url(fallen), {"signals": given}, headers=headers).status_code == 409
        assert not SignalReview.objects.exists()

    @pytest.mark.usefixtures("strained")
    def test_a_signal_of_another_client_is_not_touched(self, supervisor, fallen):
        others = shown_signals(supervisor.get(URL), "K-2")
        assert supervisor.post(seen_url(fallen), {"signals": others}).status_code == 409
        assert not SignalReview.objects.exists()


class TestAssign:
    def test_without_javascript_the_form_is_a_page_and_leads_back_to_the_row(self, supervisor, fallen, trail):
        signals = shown_signals(supervisor.get(URL))
        back = f"{URL}?seen=no#row-{fallen.pk}"
        page = supervisor.get(assign_url(fallen), {"back": back}).content.decode()
        assert "<html" in page
        assert trail()[-1] == "client.viewed"
        assert all(f'name="signals" value="{key}"' in page for key in signals)
        assert supervisor.post(assign_url(fallen), task(signals=signals, back=back)).url == back
        made = FollowUp.objects.get()
        assert (made.what, made.owner, made.episode.client) == ("Call before Thursday", None, fallen)
        assert {str(review.signal_id) for review in SignalReview.objects.all()} == set(signals)

    def test_with_it_the_form_and_then_the_row_come_alone(self, supervisor, fallen, sue):
        signals = shown_signals(supervisor.get(URL))
        form = supervisor.get(assign_url(fallen), {"back": URL}, headers=HTMX).content.decode()
        assert "<form" in form
        assert "<html" not in form
        given = task(signals=signals, back=URL, owner=str(sue.pk))
        row = supervisor.post(assign_url(fallen), given, headers=HTMX).content.decode()
        assert row.strip().startswith(f'<li class="is-seen" id="row-{fallen.pk}"')
        assert "To do: Call before Thursday (you, due today)" in row
        assert "<html" not in row

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_a_bad_form_keeps_what_was_typed_and_changes_nothing(self, supervisor, fallen, headers):
        given = task(due_on="2020-01-01", signals=shown_signals(supervisor.get(URL)))
        response = supervisor.post(assign_url(fallen), given, headers=headers)
        assert response.status_code == 422
        page = response.content.decode()
        assert "within a year" in page
        assert 'value="Call before Thursday"' in page
        assert not FollowUp.objects.exists()
        assert not SignalReview.objects.exists()
        if headers:
            assert (response["HX-Retarget"], response["HX-Reswap"]) == (f"#assign-{fallen.pk}", "innerHTML")

    def test_two_open_forms_have_ids_of_their_own(self, supervisor, fallen, strained):
        forms = [supervisor.get(assign_url(client), headers=HTMX).content.decode() for client in (fallen, strained)]
        ids = [set(re.findall(r' id="([^"]+)"', form)) for form in forms]
        assert all(ids)
        assert not ids[0] & ids[1]

    def test_a_row_that_is_no_longer_there_reloads_the_list(self, supervisor, fallen, ada):
        signals = shown_signals(supervisor.get(URL))
        for signal in Signal.objects.open():
            reject_signal(signal, by=ada)
        response = supervisor.post(assign_url(fallen), task(signals=signals), headers=HTMX)
        assert response["HX-Refresh"] == "true"
        assert FollowUp.objects.count() == 1

    def test_what_is_open_stands_in_the_row_until_it_is_done(self, supervisor, fallen, sue):
        supervisor.post(assign_url(fallen), task())
        assert [each.what for each in item_of(supervisor.get(URL)).follow_ups] == ["Call before Thursday"]
        finish_follow_up(FollowUp.objects.get(), by=sue)
        assert item_of(supervisor.get(URL)).follow_ups == []

    def test_many_follow_ups_are_folded(self, supervisor, fallen, sue):
        episode = fallen.episodes.get()
        for number in range(8):
            FollowUp.objects.create(episode=episode, what=f"Task {number}", due_on=timezone.localdate(), made_by=sue)
        page = supervisor.get(URL)
        assert [each.what for each in page.context["page"].first_follow_ups] == [f"Task {n}" for n in range(6)]
        assert "2 more" in page.content.decode()


def test_a_click_asks_as_often_among_many_clients_as_among_few(supervisor, fallen, ada, django_assert_num_queries):
    signals = shown_signals(supervisor.get(URL))
    with CaptureQueriesContext(connection) as alone:
        supervisor.post(seen_url(fallen), {"signals": signals}, headers=HTMX)
    SignalReview.objects.all().delete()
    for _ in range(8):
        history(ClientFactory(clinician=ada), RED)
    with django_assert_num_queries(len(alone)):
        supervisor.post(seen_url(fallen), {"signals": signals}, headers=HTMX)


def test_a_row_asked_for_after_the_sign_in_ended_is_a_401(client, fallen):
    assert client.post(seen_url(fallen), headers=HTMX).status_code == 401
    assert client.get(assign_url(fallen), headers=HTMX).status_code == 401
