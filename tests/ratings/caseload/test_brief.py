"""Five lines before the next session, on the client's page and on Today."""

from datetime import datetime, timedelta

import pytest
import time_machine

from tests.factories import SessionFactory, history, rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def later_today(monday, robin) -> datetime:
    """Five rated sessions, the last a week ago and far below; one more this afternoon."""
    with time_machine.travel(monday - timedelta(days=6), tick=False):
        last = history(robin, [6, 5, 6, 6])[-1]
        low = SessionFactory(client=robin, starts_at=last.starts_at + timedelta(hours=2))
        rate(low, 3, note="Agreed to look at the pace.")
        rate(low, 4, rater="client", strain="clear")
    SessionFactory(client=robin, starts_at=monday + timedelta(hours=4))
    return monday


def test_the_clients_page_says_all_five(later_today, robin, as_user, ada):
    lines = dict(as_user(ada).get(f"/clients/{robin.pk}/").context["page"].brief)
    assert lines["Last rating"] == "16 Nov: overall 3.0, 3.0 lower than last time (6.0)."
    assert lines["Strain"].startswith("Since 16 Nov, open. To ask or try: ")
    assert lines["Gap"] == "16 Nov: Robin A. 4.0, you 3.0."
    assert lines["Last note"] == "16 Nov: Agreed to look at the pace."
    assert lines["Dates"] == "Last session 16 Nov. Next 23 Nov, 14:00."


def test_today_says_the_same_before_the_session(later_today, as_user, ada):
    (coming,) = as_user(ada).get("/").context["coming"]
    assert dict(coming.lines)["Last note"] == "16 Nov: Agreed to look at the pace."
    assert coming.line.startswith("Since 16 Nov, open.")
    assert coming.signal.rule.id == "strain-reported"


def test_a_client_without_a_rating_has_nothing_to_say(monday, robin, as_user, ada):
    SessionFactory(client=robin, starts_at=monday + timedelta(hours=4))
    (coming,) = as_user(ada).get("/").context["coming"]
    assert [line for _, line in coming.lines][:4] == [
        "No rating yet.",
        "Nothing open.",
        "No session yet with an overall score from both.",
        "No note yet.",
    ]
