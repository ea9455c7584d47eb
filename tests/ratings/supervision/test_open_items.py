"""Every open client stands in one of three lists of the supervisor's page, with what is open named; the small line."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from ratings.models import FollowUp, Rater
from ratings.strains.actions import change_rupture, mark_rupture, pause_signals
from ratings.supervision.follow_ups import finish_follow_up
from tests.factories import ClientFactory, SessionFactory, history, rate

pytestmark = pytest.mark.django_db
URL = "/supervision/"
RED = [6, 5, 6, 6, 2]


@pytest.fixture
def fallen(robin):
    """Robin's ratings have fallen far below usual."""
    history(robin, RED)
    return robin


@pytest.fixture
def supervisor(as_user, sue):
    return as_user(sue)


def listed(page) -> list[str]:
    return [item.row.client.code for item in page.context["attention"]]


def calm(page) -> list[str]:
    return [row.client.code for row in page.context["page"].calm]


def not_yet(page) -> list[tuple[str, list[str], str]]:
    """Each client with something open: the code, what is open, where the first of it stands."""
    return [
        (row.client.code, [item.what for item in items], items[0].where) for row, items in page.context["page"].not_yet
    ]


def row_of(page) -> str:
    """The one row of the list, as HTML."""
    return page.content.decode().split('<ol class="list-at triage">')[1].split("</ol>")[0]


class TestEveryOpenItemIsNamed:
    """A client stands in one of three lists: needs attention, nothing for your list yet, no open item."""

    def test_a_note_on_the_chart(self, supervisor, robin):
        history(robin, [5] * 6)
        page = supervisor.get(URL)
        assert calm(page) == []
        assert not_yet(page) == [("R-1", ["The same answers each time"], "note on the chart")]
        assert "Nothing for your list yet (1)" in page.content.decode()

    def test_what_is_in_the_clinicians_list(self, supervisor, robin):
        session = SessionFactory(client=robin)
        rate(session, 6)
        rate(session, 6, rater=Rater.CLIENT, strain="clear", strain_discussed="no")
        page = supervisor.get(URL)
        assert listed(page) == calm(page) == []
        assert not_yet(page) == [("R-1", ["A strain was reported"], "in the clinician's list")]

    def test_a_strain_without_a_signal(self, supervisor, robin, ada):
        strain = mark_rupture(history(robin, [5, 6, 5])[-1], kind="unsure", note="", by=ada)
        change_rupture(strain, says="work", note="", by=ada)
        assert not_yet(supervisor.get(URL)) == [("R-1", ["Strain: working on it"], "with the clinician")]

    def test_signals_that_are_paused(self, supervisor, fallen, ada):
        pause_signals(fallen.episodes.get(), reason="On leave", by=ada)
        ((code, what, where),) = not_yet(supervisor.get(URL))
        assert (code, what[0], where) == ("R-1", "Unusually low", "signals are paused")

    def test_a_follow_up_until_it_is_done(self, supervisor, robin, sue):
        history(robin, [5, 6, 5])
        todo = FollowUp.objects.create(
            episode=robin.episodes.get(), what="Call", due_on=timezone.localdate(), made_by=sue
        )
        assert not_yet(supervisor.get(URL)) == [("R-1", ["To do: Call"], "follow-up")]
        finish_follow_up(todo, by=sue)
        page = supervisor.get(URL)
        assert (not_yet(page), calm(page)) == ([], ["R-1"])

    @pytest.mark.usefixtures("fallen")
    def test_the_three_lists_together_are_all_open_clients(self, supervisor, ada):
        with time_machine.travel(timezone.now() - timedelta(days=9), tick=False):
            rate(SessionFactory(client=ClientFactory(code="K-2", clinician=ada)), 6, strain="clear")
        history(ClientFactory(code="FLAT", clinician=ada), [5] * 6)
        history(ClientFactory(code="WELL", clinician=ada), [6, 5, 6])
        ClientFactory(code="NEW", clinician=ada)
        page = supervisor.get(URL)
        all_three = [*listed(page), *(code for code, *_ in not_yet(page)), *calm(page)]
        assert sorted(all_three) == ["FLAT", "K-2", "NEW", "R-1", "WELL"]


class TestTheSmallLine:
    """The line beside a sentence is that of the rater whose ratings it speaks of, and says so."""

    def test_beside_the_clients_sentence(self, supervisor, robin):
        for session, score in zip(history(robin, [6, 5, 6, 6, 5]), RED, strict=True):
            rate(session, score, rater=Rater.CLIENT)
        row = row_of(supervisor.get(URL))
        assert "Rated by the client" in row
        assert "spark--client" in row
        assert "client's ratings" in row

    @pytest.mark.usefixtures("fallen")
    def test_beside_the_clinicians_sentence(self, supervisor):
        row = row_of(supervisor.get(URL))
        assert "spark--client" not in row
        assert "clinician's ratings" in row

    def test_beside_the_elements_of_the_chosen_rater(self, supervisor, robin):
        rate(history(robin, [6])[0], 5, rater=Rater.CLIENT)
        assert "spark--client" not in supervisor.get(URL).content.decode()
        assert "spark--client" in supervisor.get(f"{URL}?rater=client").content.decode()


def test_what_else_is_open_is_one_list(supervisor, robin):
    with time_machine.travel(timezone.now() - timedelta(days=9), tick=False):
        *_, last = history(robin, [6, 5, 6, 6, 2, 2, 2, None])
        rate(last, 2, strain="clear", strain_discussed="no")
    row = row_of(supervisor.get(URL))
    assert row.count("Also") == 1
    assert "Also: strain without repair in sight, a strain was reported<" in row
