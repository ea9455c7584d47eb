"""After a rating is saved: what the saving opened comes first, then the numbers; a name's full stop is not doubled."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from alliance_tracker.sentences import stopped
from ratings.models import Rater, Signal
from tests.factories import history, rate

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[3]
USUAL = [6, 5, 6, 6]


@pytest.fixture
def last(robin):
    """Robin's newest session, not rated yet: four earlier ones are by both."""
    *earlier, last = history(robin, [*USUAL, None])
    for session, score in zip(earlier, USUAL, strict=True):
        rate(session, score, rater=Rater.CLIENT, strain="none")
    return last


@pytest.fixture
def notice(as_user, ada, robin):
    """The notice on the client's page after the session was saved: its lines."""

    def shown(session) -> list[str]:
        page = as_user(ada).get(f"/clients/{robin.pk}/?saved={session.pk}").content.decode()
        found = page.split('id="saved"')[1].split('<span class="acts')[0].replace("</span>", "\n")
        return [line for line in re.sub(r"<[^>]+>", "", found.partition(">")[2]).splitlines() if line.strip()]

    return shown


def test_the_clients_answers_a_strain_a_gap_and_signals_stand_in_the_first_line(last, notice):
    rate(last, 4, rater=Rater.CLIENT, strain="clear", strain_discussed="no")
    rate(last, 6)
    first, second = (line.strip() for line in notice(last))
    assert first == (
        "Saved for Robin A. Their answers are open now, overall 2.0 lower than yours. They reported a "
        "clear strain, not talked about. New signals: unusually low, a strain was reported."
    )
    assert second == "Overall 6.0, the same as last time (6.0)."


def test_answers_that_agree_are_said_to_be_open(last, notice):
    rate(last, 6, rater=Rater.CLIENT, strain="none")
    rate(last, 6)
    assert notice(last)[0].strip() == "Saved for Robin A. Their answers are open now."


def test_a_signal_from_ones_own_rating_stands_first(robin, notice):
    *_, low = history(robin, [6, 5, 6, 6, 2])
    assert notice(low)[0].strip() == "Saved for Robin A. New signal: unusually low."


def test_a_note_on_the_chart_is_no_news(robin, notice):
    *_, session = history(robin, [5, 5, 5, 5])
    assert [signal.rule for signal in Signal.objects.all()] == ["little-information"]
    assert "signal" not in " ".join(notice(session))


def test_where_saving_opened_nothing_the_numbers_follow_at_once(robin, notice):
    *_, session = history(robin, USUAL)
    (line,) = notice(session)
    assert line.strip() == "Saved for Robin A. Overall 6.0, the same as last time (6.0)."


def test_answers_that_were_open_before_are_no_news(last, notice):
    rate(last, 6, rater=Rater.CLIENT, strain="clear")
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        rate(last, 6)
        assert "answers are open now" not in " ".join(notice(last))


def test_what_the_client_answers_afterwards_was_not_opened_by_the_saving(last, notice):
    rate(last, 6)
    rate(last, 2, rater=Rater.CLIENT, strain="clear")
    assert "answers are open now" not in " ".join(notice(last))


@pytest.mark.parametrize(
    ("text", "ended"), [("Robin A.", "Robin A."), ("Robin", "Robin."), ("Robin!", "Robin!"), ("", ".")]
)
def test_a_sentence_ends_in_one_full_stop(text, ended):
    assert stopped(text) == ended


def test_no_page_and_no_message_adds_a_full_stop_to_what_a_person_typed():
    typed = r"(?:label|name|code|reason|note|what|clinician_name)"
    in_template = re.compile(rf"\.{typed}(?:\|default:[^}}]*)? ?}}}}(?:</\w+>)?\.(?:\W|$)")
    in_message = re.compile(rf"\.{typed}\}}\.[ \"]")
    templates = [path for path in (ROOT / "templates").rglob("*.html") if in_template.search(path.read_text())]
    code = [
        path
        for folder in ("alliance_tracker", "clients", "ratings")
        for path in (ROOT / folder).rglob("*.py")
        if in_message.search(path.read_text())
    ]
    assert [*templates, *code] == []
