"""The progress report of one client: what its two kinds say, and what the client's own leaves out."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Episode
from ratings.models import Rater, Rating
from tests.doors import check_doors
from tests.factories import SessionFactory, history, rate

pytestmark = pytest.mark.django_db
SUPERVISION, CLIENT = "", "?for=client"
SIGNAL = "lower than this client's own usual level"


@pytest.fixture
def url(robin):
    return reverse("client_report", args=[robin.pk])


@pytest.fixture
def fallen(robin):
    """Eight sessions which the client rated too; the last one is far below all others in both ratings."""
    sessions = history(robin, [6, 6, 6, 6, 6, 6, 6, 2])
    for session, score in zip(sessions, [5, 5, 5, 5, 5, 5, 5, 1], strict=True):
        rate(session, score, rater=Rater.CLIENT)
    return sessions


def report(browser, url, query=""):
    return browser.get(url + query).context["report"]


def text(browser, url, query=""):
    return unescape(browser.get(url + query).content.decode())


def test_doors(robin, ada, sue, ben, adam):
    check_doors("client_report", robin.pk, opens_to=[ada, sue], not_to=[ben, adam], methods="get head")


def test_who_looks_is_recorded(as_user, ada, url, trail):
    as_user(ada).get(url)
    assert trail() == ["client.viewed"]


def test_it_says_who_it_is_about_and_who_made_it_when(monday, as_user, sue, robin, url):
    history(robin, [5, 6])
    shown = report(as_user(sue), url)
    assert shown.facts == [
        ("Client", "Robin A., R-1"),
        ("Clinician", "Ada Osei"),
        ("Period", "15 November 2026 to 22 November 2026"),
        ("Sessions", "2 held, 2 rated, 0 by the client, 0 missed"),
    ]
    assert shown.made == "R-1. Made by Sue Brandt, 23 Nov 2026, 10:00"
    assert "R-1. Made by Sue Brandt" in text(as_user(sue), url)


def test_the_table_has_the_last_six_sessions_newest_first(monday, as_user, ada, robin, url):
    sessions = history(robin, [1, 2, 3, 4, 5, 6, None, 7])
    rate(sessions[-1], 5, rater=Rater.CLIENT, trust=None)
    shown = report(as_user(ada), url)
    assert [session for session, _ in shown.table.rows] == [
        "8, 22 Nov",
        "7, 15 Nov",
        "6, 8 Nov",
        "5, 1 Nov",
        "4, 25 Oct",
        "3, 18 Oct",
    ]
    assert shown.table.rows[0][1] == ["7.0 / 5.0", "7 / 5", "7 / 5", "7 / 5", "7 / n/o", "7 / 5", "7 / 5", "7 / 5"]
    assert set(shown.table.rows[1][1]) == {"– / –"}  # noqa: RUF001
    assert len(shown.table.columns) == len(shown.table.rows[0][1])


def test_for_supervision_it_has_the_signals_and_what_may_help(as_user, ada, fallen, url):
    page = text(as_user(ada), url)
    assert SIGNAL in page
    assert "Possible rupture" not in page
    assert report(as_user(ada), url).questions
    assert 'aria-current="true">For supervision' in page


def test_the_clients_own_has_neither_signals_nor_anything_of_the_clinicians(as_user, ada, fallen, url):
    shown = report(as_user(ada), url, CLIENT)
    page = text(as_user(ada), url, CLIENT).partition("<article")[2]
    assert (shown.signals, shown.questions) == ([], [])
    assert (shown.trend.has_usual_range, shown.trend.has_strains) == (False, False)
    assert {trace["name"] for trace in shown.trend.figure.figure["data"]} == {
        f"{panel}, client"
        for panel in (
            "Overall",
            "Working alliance",
            "Trust",
            "Empathy",
            "Client engagement",
            "Therapist responsiveness",
        )
    }
    assert [cells[0] for _, cells in shown.table.rows] == ["1.0", "5.0", "5.0", "5.0", "5.0", "5.0"]
    for word in (SIGNAL, "signal", "rupture", "strain", "usual range", "clinician<", "6.0", "Signals"):
        assert word not in page, word
    assert "you 1.0" in page


def test_notes_and_words_of_the_staff_are_on_neither(as_user, ada, sue, robin, url):
    history(robin, [5, 6])
    rate(SessionFactory(client=robin), 4, note="Said at the door.", strain="slight")
    for who in (ada, sue):
        assert not any("Said at the door" in text(as_user(who), url, query) for query in (SUPERVISION, CLIENT))


@pytest.mark.parametrize("query", [SUPERVISION, CLIENT])
def test_what_is_hidden_changes_nothing(robin, as_user, ada, url, query):
    rate(history(robin, [5, 5, None])[0], 4, rater=Rater.CLIENT)
    session = robin.episodes.get().sessions.latest("starts_at")
    hidden = rate(session, 2, rater=Rater.CLIENT, strain="clear")
    paper = [report(as_user(ada), url, query).for_paper()]
    Rating.objects.filter(pk=hidden.pk).update(goals=7, bond=None, trust=7, strain="none")
    paper.append(report(as_user(ada), url, query).for_paper())
    rate(session, 5)
    paper.append(report(as_user(ada), url, query).for_paper())
    first, second, opened = ({**given, "made": ""} for given in paper)
    assert first == second != opened


@pytest.mark.parametrize("query", [SUPERVISION, CLIENT])
def test_before_the_first_rating_there_is_no_chart(as_user, ada, robin, url, query):
    for _ in range(2):
        shown = report(as_user(ada), url, query)
        assert (shown.trend.figure, shown.sentences) == (None, ["There are no ratings to show yet."])
        assert 'class="figure"' not in text(as_user(ada), url, query)
        history(robin, [None])


def test_only_the_other_rated(as_user, ada, robin, url):
    history(robin, [5])
    assert report(as_user(ada), url).trend.figure
    assert report(as_user(ada), url, CLIENT).trend.figure is None


def test_each_therapy_has_its_own(as_user, ada, robin, url):
    history(robin, [5])
    ended = Episode.objects.get()
    Episode.objects.update(ended_on=timezone.localdate() - timedelta(days=1), ending="planned")
    page = text(as_user(ada), url, f"?episode={ended.pk}&for=client")
    assert f"report.pdf?episode={ended.pk}&for=client" in page or f"report.pdf?for=client&episode={ended.pk}" in page


def test_the_clients_page_leads_to_it(as_user, ada, sue, robin, url):
    for who in (ada, sue):
        assert f"{url}?episode={robin.episodes.get().pk}" in text(as_user(who), reverse("client", args=[robin.pk]))
