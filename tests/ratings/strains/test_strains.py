"""The pages on which a person reads signals and ruptures and says how they stand."""

import math
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.audit.models import AuditEvent
from clients.models import TherapySession
from ratings.elements import ITEM_KEYS
from ratings.models import Rupture, Signal
from ratings.standing.rule_counts import count_rules
from ratings.strains.actions import change_rupture, mark_rupture, pause_signals, see_signal
from tests.doors import check_doors
from tests.factories import ClientFactory, SessionFactory, history, rate

pytestmark = pytest.mark.django_db
DROP = [6, 5, 6, 6, 3]


@pytest.fixture
def dropped(robin) -> list[TherapySession]:
    """Robin's five sessions, the last of them far below the others."""
    return history(robin, DROP)


@pytest.fixture
def rupture(dropped) -> Rupture:
    return Rupture.objects.get(session=dropped[-1])


@pytest.fixture
def signal(rupture) -> Signal:
    return Signal.objects.get(rupture=rupture)


@pytest.fixture
def page(as_user, ada, robin):
    """Robin's page, read by Ada."""

    def read() -> str:
        return as_user(ada).get(reverse("client", args=[robin.pk])).content.decode()

    return read


class TestDoors:
    @pytest.fixture
    def only_ada(self, ada, ben, sue, adam, stella):
        return {"opens_to": [ada], "not_to": [ben, sue, adam, stella]}

    @pytest.mark.parametrize("name", ["see_signal", "reject_signal"])
    def test_signals(self, signal, only_ada, name):
        check_doors(name, signal.pk, **only_ada, methods="post")

    def test_change_rupture(self, rupture, only_ada):
        check_doors("change_rupture", rupture.pk, **only_ada)

    def test_mark_rupture(self, yesterday, only_ada):
        check_doors("mark_rupture", yesterday.pk, **only_ada)

    def test_pause_and_resume(self, robin, only_ada):
        check_doors("pause_signals", robin.pk, **only_ada)
        check_doors("resume_signals", robin.pk, **only_ada, methods="post")


def test_a_supervisor_reads_and_is_offered_no_button(dropped, as_user, sue, robin):
    page = as_user(sue).get(reverse("client", args=[robin.pk])).content.decode()
    assert "Unusually low" in page
    assert "Strain since session 5" in page
    for words in ("I have seen this", "Not right?", "Say how it stands", "Pause for this client", "Mark a strain"):
        assert words not in page


def test_the_page_says_what_was_seen_and_what_it_does_not_mean(dropped, page):
    text = page()
    assert "overall 3.0 is lower than this client&#x27;s own usual level of 5.7" in text
    assert "asking is the way to find out" in text
    assert "not that a rupture happened, nor whose doing it was" in text
    assert "does not replace talking with the client" in text
    assert "notice fewer strains than clients' own" in text
    assert "Things to ask or try" in text


def test_how_often_a_signal_came_up_is_counted_by_night(signal, page, ada):
    assert "up to last night it came up 0 times in this service and was acted on 0 times" in page()
    for acted_on in ("0 times", "once"):
        assert count_rules(timezone.now()) == count_rules(timezone.now()) == 1
        assert f"up to last night it came up once in this service and was acted on {acted_on}" in page()
        see_signal(signal, by=ada)


def test_why_shows_arithmetic_that_can_be_redone(dropped, page):
    text = page()
    shown = {name: float(value) for name, value in re.findall(r"([bwnz]) = ([\d.]+\d)", text)}
    score = re.search(r"t = \(b - score\) / w = \([\d.]+ - ([\d.]+)\)", text)
    t = (shown["b"] - float(score[1])) / shown["w"]
    n = shown["n"]
    z = (8 * n + 1) / (8 * n + 3) * math.sqrt(n * math.log(1 + t * t / n))
    assert z == pytest.approx(shown["z"], abs=2e-3)
    assert z >= float(re.search(r"Threshold: z of ([\d.]+) or more", text)[1])


@pytest.mark.parametrize(
    ("name", "action", "says"),
    [("see_signal", "signal.seen", "Seen by Ada Osei"), ("reject_signal", "signal.rejected", "not right, said Ada")],
)
def test_one_click_is_written_and_recorded_once(signal, client, page, name, action, says):  # noqa: PLR0917
    page()
    client.post(reverse(name, args=[signal.pk]))
    assert AuditEvent.objects.filter(action=action, client_id=signal.episode.client_id).count() == 1
    assert says in page()


def test_a_proposed_repair_is_confirmed_with_one_click(rupture, robin, as_user, ada, page):
    for days in (0, -0.2):
        rate(SessionFactory(client=robin, starts_at=timezone.now() + timedelta(days=days)), 6)
    assert "Back in the usual range twice running" in page()
    as_user(ada).post(reverse("change_rupture", args=[rupture.pk]), {"says": "repaired"})
    rupture.refresh_from_db()
    assert rupture.state == "repaired"
    assert AuditEvent.objects.filter(action="rupture.changed").count() == 1
    assert "Nothing stands out" in page()


@pytest.mark.parametrize("sent", [{}, {"says": "reopen"}, {"says": "nonsense"}, {"says": "work", "note": "x" * 501}])
def test_a_bad_word_is_asked_again(rupture, as_user, ada, sent):
    page = as_user(ada).post(reverse("change_rupture", args=[rupture.pk]), sent)
    assert page.status_code == 422
    assert Rupture.objects.get().state == "open"


def test_marking_by_hand(as_user, ada, yesterday, page):
    rate(yesterday, 6)
    url = reverse("mark_rupture", args=[yesterday.pk])
    assert as_user(ada).post(url, {"kind": "anger"}).status_code == 422
    assert as_user(ada).post(url, {"kind": "withdrawal", "note": "Very quiet"}).status_code == 302
    assert "Very quiet" in page()
    refused = as_user(ada).post(url, {"kind": "unsure", "note": "typed"})
    assert refused.status_code == 422
    assert "is open for this client already" in refused.content.decode()
    assert "typed" in refused.content.decode()


def test_pausing_needs_a_reason_and_the_page_still_shows_all(signal, robin, as_user, ada, page):
    url = reverse("pause_signals", args=[robin.pk])
    assert as_user(ada).post(url, {"reason": " "}).status_code == 422
    assert as_user(ada).post(url, {"reason": "Delayed: leave"}).status_code == 302
    text = page()
    assert "Delayed: leave" in text
    assert "Unusually low" in text
    today = as_user(ada).get("/").content.decode()
    assert "sev--" not in today
    assert as_user(ada).post(reverse("resume_signals", args=[robin.pk])).status_code == 302
    assert as_user(ada).post(reverse("resume_signals", args=[robin.pk])).status_code == 409
    assert "sev--high" in as_user(ada).get("/").content.decode()


@pytest.mark.usefixtures("service")
class TestDiscussed:
    @pytest.mark.usefixtures("dropped")
    def test_it_is_asked_only_when_something_is_open(self, robin, as_user, ada):
        session = SessionFactory(client=robin, starts_at=timezone.now())
        url = reverse("rate", args=[session.pk])
        assert 'name="discussed"' in as_user(ada).get(url).content.decode()
        as_user(ada).post(url, dict.fromkeys(ITEM_KEYS, "6") | {"discussed": "not_yet"})
        assert session.ratings.get().discussed == "not_yet"

    def test_it_is_not_asked_when_nothing_is(self, yesterday, as_user, ada):
        assert 'name="discussed"' not in as_user(ada).get(reverse("rate", args=[yesterday.pk])).content.decode()

    @pytest.mark.usefixtures("dropped")
    def test_it_is_asked_while_paused_too(self, robin, as_user, ada):
        pause_signals(robin.episodes.get(), reason="Leave", by=ada)
        session = SessionFactory(client=robin, starts_at=timezone.now())
        assert 'name="discussed"' in as_user(ada).get(reverse("rate", args=[session.pk])).content.decode()


class TestQueries:
    def count(self, act) -> int:
        with CaptureQueriesContext(connection) as captured:
            act()
        return len(captured)

    def test_the_clients_page_asks_no_more_for_many_signals(self, robin, page):
        history(robin, DROP)
        page()
        few = self.count(page)
        for session in robin.episodes.get().sessions.all():
            rate(session, 2, rater="client", strain="clear")
        start = timezone.now() - timedelta(days=90)
        for day in range(20):
            rate(SessionFactory(client=robin, starts_at=start + timedelta(days=day)), 2 + day % 5, strain="slight")
        page()
        assert Signal.objects.count() > 5
        assert self.count(page) <= few

    def test_saving_asks_no_more_with_a_long_history(self, robin):
        history(robin, [6, 5, 6])
        few = self.count(lambda: rate(SessionFactory(client=robin, starts_at=timezone.now()), 6))
        start = timezone.now() - timedelta(days=90)
        for day in range(30):
            rate(SessionFactory(client=robin, starts_at=start + timedelta(days=day)), 5 + day % 2)
        last = SessionFactory(client=robin, starts_at=timezone.now() - timedelta(minutes=5))
        assert self.count(lambda: rate(last, 6)) <= few + 4

    @pytest.mark.parametrize("address", ["/", "/supervision/"])
    def test_lists_ask_no_more_for_more_signals(self, robin, ada, sue, as_user, address):
        history(robin, DROP)
        browser = as_user(ada if address == "/" else sue)
        browser.get(address)
        few = self.count(lambda: browser.get(address))
        for _ in range(3):
            history(ClientFactory(clinician=ada), DROP)
        assert self.count(lambda: browser.get(address)) <= few


def test_a_strain_by_hand_is_followed_beside_no_signal(as_user, ada, robin, yesterday, page):
    rate(yesterday, 6)
    mark_rupture(yesterday, kind="unsure", note="", by=ada)
    assert "Strain since session 1" in page()


def test_a_past_strain_keeps_its_course_and_can_be_opened_again(rupture, robin, ada, page):
    change_rupture(rupture, says="repaired", note="We spoke about it.", by=ada)
    text = page()
    assert "Past strains" in text
    assert "Session 5: repaired" in text
    assert "We spoke about it." in text
    assert f'href="{reverse("change_rupture", args=[rupture.pk])}">Open it again' in text


def test_the_table_says_where_a_strain_opened_and_was_repaired(rupture, robin, ada, page):
    for days in (0.5, 0.2):
        rate(SessionFactory(client=robin, starts_at=timezone.now() - timedelta(days=days)), 6)
    change_rupture(rupture, says="repaired", note="", by=ada)
    opened, between, repaired = re.findall(r"<tr>.*?</tr>", page(), re.DOTALL)[-7:-4][::-1]
    assert "Possible rupture" in opened
    assert "Possible rupture" not in between
    assert "Repaired" in repaired


def test_only_the_last_sessions_after_any_strain_are_offered_to_be_marked(robin, page):
    sessions = history(robin, [5, 6, 5, 6, 5])
    offered = [session for session in sessions if reverse("mark_rupture", args=[session.pk]) in page()]
    assert offered == sessions[-3:]
