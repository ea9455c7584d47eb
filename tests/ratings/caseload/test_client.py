"""The client's page: one episode as a figure, in sentences and as a table."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.actions import hand_on, start_episode
from clients.models import Episode
from ratings.models import Rater
from tests.doors import check_doors
from tests.factories import SessionFactory, history, rate

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def url(robin):
    return reverse("client", args=[robin.pk])


def figure(page):
    found = re.search(
        r'<script type="application/json" id="trend-figure">(.*?)</script>', page.content.decode(), re.DOTALL
    )
    return json.loads(found[1]) if found else None


def rows(page):
    return [(entry.number, entry.cell("clinician", "overall")) for entry, _ in page.context["page"].sessions.rows]


def test_doors(robin, ada, sue, ben, adam):
    check_doors("client", robin.pk, opens_to=[ada, sue], not_to=[ben, adam], methods="get head")


def test_it_shows_every_session_newest_first_with_gaps_as_gaps(as_user, ada, robin, url):
    history(robin, [5, None, 6])
    SessionFactory(client=robin, starts_at=timezone.now() - 3 * DAY, attendance="missed")
    page = as_user(ada).get(url)
    assert rows(page) == [(3, "6.0"), (None, "–"), (2, "–"), (1, "5.0")]  # noqa: RUF001
    assert figure(page)["data"]
    assert "1 missed" in page.content.decode()


def test_the_sentence_stands_above_and_says_what_was_rated(as_user, ada, sue, robin, url):
    history(robin, [5, 6])
    assert "Rated by you: overall 5.0 then 6.0." in as_user(ada).get(url).content.decode()
    assert "Rated by the clinician: overall 5.0 then 6.0." in as_user(sue).get(url).content.decode()


@pytest.mark.parametrize("query", ["", "by=date", "split=1", "by=date&split=1"])
def test_the_figure_goes_by_session_or_date_and_shows_the_parts_on_demand(as_user, ada, robin, url, query):
    history(robin, [5, 6])
    drawn = figure(as_user(ada).get(f"{url}?{query}"))
    assert any("Goals" in note["text"] for note in drawn["layout"]["annotations"]) == ("split" in query)
    assert str(drawn["data"][0]["x"][0]).startswith("20") == ("by" in query)


def test_a_name_cannot_break_out_of_the_figure(as_user, ada, robin, url):
    robin.name = "</script><script>alert(1)</script>&<!--"
    robin.save()
    history(robin, [5])
    rate(robin.episodes.get().sessions.get(), rater=Rater.CLIENT)
    page = as_user(ada).get(url)
    assert "alert(1)</script>" not in page.content.decode()
    assert robin.name in json.dumps(figure(page))


def test_only_the_clinician_is_offered_what_changes_the_record(as_user, ada, sue, yesterday, url):
    changes = [reverse("edit_client", args=[yesterday.episode.client_id]), reverse("rate", args=[yesterday.pk])]
    pages = [as_user(who).get(url).content.decode() for who in (ada, sue)]
    assert [all(each in page for each in changes) for page in pages] == [True, False]
    assert not any(each in pages[1] for each in changes)


def test_a_supervisor_reads_notes_too(as_user, sue, yesterday, url):
    rate(yesterday, note="A long pause.")
    assert "A long pause." in as_user(sue).get(url).content.decode()


def test_long_histories_show_the_last_sessions_and_all_on_demand(as_user, ada, robin, url):
    for day in range(1, 31):
        SessionFactory(client=robin, starts_at=timezone.now() - day * DAY)
    rate(robin.episodes.get().sessions.latest("starts_at"))
    page = as_user(ada).get(url)
    assert [number for number, _ in rows(page)] == list(range(30, 4, -1))
    assert "Show all 30 sessions" in page.content.decode()
    assert len(rows(as_user(ada).get(f"{url}?sessions=all"))) == 30


def test_each_therapy_has_its_own_figure(as_user, ada, robin, url):
    history(robin, [5, 6])
    earlier = robin.episodes.get()
    Episode.objects.update(ended_on=timezone.localdate(), ending="planned")
    start_episode(robin, clinician=ada, by=ada)
    assert figure(as_user(ada).get(url)) is None
    page = as_user(ada).get(f"{url}?episode={earlier.pk}")
    assert len(rows(page)) == 2
    assert "This therapy ended on" in page.content.decode()


def test_the_whole_history_comes_with_the_client(as_user, ben, adam, robin, url):
    history(robin, [5, 6])
    hand_on(robin.episodes.get(), to=ben, by=adam)
    page = as_user(ben).get(url)
    assert [number for number, _ in rows(page)] == [2, 1]
    assert "Ben Lind" in page.content.decode()


def test_strain_late_and_partial_are_marked(as_user, ada, robin, url):
    history(robin, [5])
    rate(
        SessionFactory(client=robin, starts_at=timezone.now() - 5 * DAY),
        4,
        trust=None,
        strain="clear",
        strain_discussed="no",
    )
    page = as_user(ada).get(url).content.decode()
    assert "Clinician: clear strain, talked about it: no" in page
    assert "Late" in page
    assert "n/o" in page


def test_without_a_rating_there_is_no_figure_but_a_next_step(as_user, ada, robin, yesterday, url):
    page = as_user(ada).get(url)
    assert figure(page) is None
    assert "The chart starts with the first rating" in page.content.decode()
    assert reverse("rate", args=[yesterday.pk]) in page.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "?episode=x",
        "?episode=%00",
        "?sessions=-1",
        "?by=x",
        "?split=2",
        "?saved=x",
        "?saved=%00",
        "?by=date&by=x",
        "?q[]=1",
    ],
)
def test_unknown_parts_of_the_address_change_nothing(as_user, ada, robin, url, query):
    history(robin, [5, 6])
    assert figure(as_user(ada).get(url + query)) == figure(as_user(ada).get(url))


def test_another_clients_episode_is_not_shown_here(as_user, ada, ben, robin, url):
    other = SessionFactory(client__clinician=ben).episode
    assert as_user(ada).get(f"{url}?episode={other.pk}").context["page"].episode == robin.episodes.get()


def test_after_saving_it_opens_with_the_last_marks_beside_the_new_ones(as_user, ada, robin, url):
    first, second = history(robin, [5, 6])
    page = as_user(ada).get(f"{url}?saved={second.pk}")
    assert page.context["saved"].marks[0] == ("Goals", 6, 5)
    assert "Overall 6.0, 1.0 higher than last time (5.0)." in page.content.decode()
    assert as_user(ada).get(f"{url}?saved={first.pk}").context["saved"].before is None


def test_looking_is_one_event_that_names_the_client(as_user, sue, robin, url, trail):
    as_user(sue).get(url)
    assert trail() == ["client.viewed"]
