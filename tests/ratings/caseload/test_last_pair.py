"""The card of the last pair and the panel of signals on the client's page say the same of a gap."""

import pytest

from ratings.models import Rater
from tests.factories import history, rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(as_user, ada, robin):
    """The client's page after both have rated: the clinician always 6, the client these."""

    def opened(theirs: list[int]):
        for session, score in zip(history(robin, [6] * len(theirs)), theirs, strict=True):
            if score:
                rate(session, score, rater=Rater.CLIENT, strain="none")
        return as_user(ada).get(f"/clients/{robin.pk}/").context["page"]

    return opened


def test_a_gap_that_the_rule_does_not_signal_is_named_where_no_signal_is_open(page):
    found = page([6, 5, 6, 5, 4])
    assert [each.rule.id for each in found.signals.open if each.rule.id == "gap"] == []
    assert "This one, 2.0 lower, is outside that. It raises no signal" in found.pairs.sentence
    assert found.pairs.stands_out == "In session 5 Robin A. rated 2.0 lower than you: see the last session both rated."


def test_where_the_last_pair_is_usual_nothing_stands_out(page):
    found = page([6, 5, 6, 5, 5])
    assert found.no_signal.startswith("Nothing stands out in these ratings. No signal is no reassurance")
    assert "one of those" in found.pairs.sentence


def test_where_it_is_not_the_panel_does_not_say_that_nothing_stands_out(page):
    found = page([5, 5, 5, 5, 7])
    assert found.no_signal.startswith("No signal is open. In session 5 Robin A. rated 1.0 higher than you")


def test_before_any_rating_it_says_so(page, client, robin):
    assert page([]).no_signal == "No ratings yet."
    assert "Nothing stands out" not in client.get(f"/clients/{robin.pk}/").content.decode()
