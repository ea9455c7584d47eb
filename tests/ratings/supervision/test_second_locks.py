"""What hangs on a client is asked for in the name of whoever looks, also where the client was fetched before.

Pages fetch the client by the rule first, so none of this shows there: it stands for the day when the first rule moves.
"""

from datetime import timedelta

import pytest
from django.http import Http404, HttpRequest, QueryDict
from django.test import RequestFactory
from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.actions import hand_on
from clients.client_pages import open_episode
from clients.models import Episode, TherapySession
from ratings.asking.ask_status import AskStatus
from ratings.asking.asked import AskedCounts
from ratings.caseload import lists
from ratings.caseload.client_page.page import ClientPage
from ratings.caseload.open_items import open_items
from ratings.caseload.views.rate import rating_page
from ratings.models import FollowUp, Rater, Rating, Signal
from ratings.saving.forms import RatingForm
from ratings.saving.saved_message import saved_message
from ratings.saving.views.corrections import session_of
from ratings.supervision.attention import attention, signals_named
from ratings.supervision.coverage import next_meetings
from ratings.supervision.follow_ups import assign_follow_up
from ratings.supervision.meeting_page import briefs
from tests.factories import ClientFactory, SessionFactory, history, rate
from tests.world import TEXTS, World

pytestmark = pytest.mark.django_db
PARTS = {
    "episodes": lambda page: page.episodes,
    "sessions": lambda page: page.sessions.rows,
    "follow-ups": lambda page: page.follow_ups.all,
    "decisions": lambda page: page.follow_ups.decisions,
    "disagreements": lambda page: page.rectifications,
    "questions": lambda page: page.asking.counts != AskedCounts(),
    "strains": lambda page: page.strains.ruptures,
    "signals": lambda page: page.signals.all,
    "sessions to come": lambda page: page.visible.coming,
    "sessions to change": lambda page: page.planned,
}


@pytest.fixture
def world(world) -> World:
    """Robin's record, with a session to come."""
    SessionFactory(client=world.client, starts_at=timezone.now() + timedelta(days=2))
    return world


@pytest.fixture
def rated(world) -> TherapySession:
    return world.client.episodes.get().sessions.earliest("starts_at")


def asked_by(person: User) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = person
    return request


def parts_for(person: User, world: World) -> set[str]:
    """Return which parts of the client's page have something on them for this person."""
    page = ClientPage(world.client, person, timezone.now(), QueryDict())
    found = {"episodes"} if page.episodes else set()
    page.episode = world.client.episodes.get()
    return found | {name for name, part in PARTS.items() if part(page)}


def test_no_part_of_the_clients_page_is_for_someone_who_may_not_see_the_client(world):
    assert parts_for(world.people["ada"], world) == set(PARTS)
    assert parts_for(world.people["sue"], world) == set(PARTS) - {"sessions to change"}
    assert parts_for(world.people["ben"], world) == set()


def test_whose_client_it_is_decides_what_the_page_offers(world):
    for name, expected in (("ada", (True, False)), ("sue", (False, True)), ("eve", (False, False))):
        page = ClientPage(world.client, world.people[name], timezone.now(), QueryDict())
        assert (page.is_mine, page.is_supervised) == expected


def test_links_that_still_work_are_for_the_clinician(world, rated):
    mine, theirs = (AskStatus(rated, world.people[name], timezone.now()) for name in ("ada", "sue"))
    assert len(mine.open_links) == 1
    assert theirs.open_links == []


def test_that_an_answer_is_hidden_is_said_to_the_clinician_alone(world):
    session = SessionFactory(client=world.client)
    rate(session, rater=Rater.CLIENT)
    hidden = {name: AskStatus(session, world.people[name], timezone.now()).is_hidden for name in ("ada", "sue", "ben")}
    assert hidden == {"ada": True, "sue": False, "ben": False}


def test_that_something_is_open_is_said_to_the_clinician_alone(world, rated):
    for name, expected in (("ada", True), ("sue", False)):
        page = rating_page(asked_by(world.people[name]), rated, RatingForm())
        assert page.context_data["something_open"] is expected


def test_an_open_therapy_is_the_clinicians_also_when_the_client_is_in_hand(world):
    assert open_episode(asked_by(world.people["ada"]), world.client) == world.client.episodes.get()
    for name in ("sue", "ben"):
        with pytest.raises(Http404):
            open_episode(asked_by(world.people[name]), world.client)


def test_the_session_of_a_rating_is_for_those_responsible_also_when_the_rating_is_in_hand(world, rated):
    rating = rated.ratings.get(rater=Rater.CLINICIAN)
    for name in ("ada", "sue"):
        assert session_of(asked_by(world.people[name]), rating) == rated
    for name in ("ben", "eve"):
        with pytest.raises(Http404):
            session_of(asked_by(world.people[name]), rating)


def test_what_was_just_saved_goes_with_the_client(world, rated):
    ada, key = world.people["ada"], str(rated.pk)
    assert saved_message(ada, key, timezone.now()).rating == rated.ratings.get(rater=Rater.CLINICIAN)
    hand_on(rated.episode, to=world.people["ben"], by=ada)
    assert saved_message(ada, key, timezone.now()) is None


class TestSupervision:
    """Rows were read while the pair was current; what belongs to them is asked for when it has ended."""

    @pytest.fixture
    def sue(self, world) -> User:
        return world.people["sue"]

    @pytest.fixture
    def fallen(self, world, sue) -> Episode:
        """Another client of Ada's far below usual, which Sue has seen and given a follow-up for."""
        episode = history(ClientFactory(clinician=world.people["ada"]), [6, 5, 6, 6, 2])[0].episode
        signals = list(Signal.objects.filter(episode=episode))
        given = {"what": "Call", "owner": None, "due_on": timezone.localdate(), "by": sue}
        assign_follow_up(episode, signals=signals, **given)
        return episode

    @pytest.fixture
    def rows(self, sue) -> list[lists.CaseloadRow]:
        return lists.rows(lists.supervised(sue, timezone.now()), timezone.now())

    def end(self, sue) -> None:
        sue.supervises.update(ends_at=timezone.now())

    def test_reviews_follow_ups_and_signals(self, fallen, rows, sue):
        def found() -> tuple[bool, bool, bool]:
            follow_ups = FollowUp.objects.supervised_by(sue, timezone.now()).with_people(timezone.now())
            (item,) = attention(sue, rows, timezone.now(), follow_ups)
            assert item.row.episode == fallen
            named = [signal.summary["id"] for signal in item.signals]
            assert named
            return bool(item.reviews), bool(item.follow_ups), bool(signals_named(item, named, timezone.now()))

        assert found() == (True, True, True)
        self.end(sue)
        assert found() == (False, False, False)

    def test_the_next_meeting(self, rows, sue):
        assert next_meetings(sue, rows, timezone.now())
        self.end(sue)
        assert next_meetings(sue, rows, timezone.now()) == {}

    def test_the_five_lines(self, world, sue):
        episode = world.client.episodes.get()
        Rating.objects.filter(rater=Rater.CLINICIAN).update(note=TEXTS["note"])

        def said() -> str:
            return str(dict(briefs([episode], sue, timezone.now())[episode.pk]))

        assert TEXTS["note"] in said()
        assert "No session yet." not in said()
        self.end(sue)
        assert TEXTS["note"] not in said()
        assert "No session yet." in said()

    def test_answers_that_say_little(self, world, sue):
        theirs = ClientFactory(clinician=world.people["ada"])
        history(theirs, [7] * 8)
        assert [item.what for item in open_items(sue, [], timezone.now(), [])[theirs.episodes.get().pk]] == [
            "The same answers each time"
        ]
        self.end(sue)
        assert open_items(sue, [], timezone.now(), []) == {}
