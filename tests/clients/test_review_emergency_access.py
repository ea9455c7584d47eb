"""The review of emergency access: by a supervisor of the client, of someone else's access, once."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from clients import notices
from clients.emergency import review_emergency_access
from clients.models import EmergencyAccess
from tests.accounts.doors import signed_in
from tests.factories import EmergencyAccessFactory, SupervisionFactory, UserFactory

pytestmark = pytest.mark.django_db
WHY, REMARK = "The client called the duty line.", "The duty doctor had asked for it."
REVIEW = {"verdict": "justified", "remark": REMARK}


@pytest.fixture
def access(monday, ben, robin) -> EmergencyAccess:
    """Ben reads Robin's record since Monday at ten."""
    return EmergencyAccessFactory(client=robin, user=ben, reason=WHY)


@pytest.fixture
def url(access) -> str:
    return reverse("review_emergency_access", args=[access.pk])


def queue(person) -> str:
    return signed_in(person).get(reverse("supervision")).content.decode()


def test_it_is_for_those_who_supervise_the_client_now(url, ada, ben, sue, adam):
    assert [signed_in(person).get(url).status_code for person in (ada, ben, adam)] == [403] * 3
    other = UserFactory(is_supervisor=True)
    assert signed_in(other).get(url).status_code == 404
    assert WHY not in queue(other)
    assert WHY in signed_in(sue).get(url).content.decode()
    sue.supervises.update(ends_at=timezone.now())
    assert signed_in(sue).get(url).status_code == 404


def test_the_queue_shows_what_waits_and_for_how_long_in_words(access, monday, sue):
    assert WHY in queue(sue)
    for days, marked in ((7, "Not reviewed yet"), (8, "Not reviewed for 8 days")):
        with time_machine.travel(monday + timedelta(days=days), tick=False):
            assert marked in queue(sue)


def test_seven_days_and_a_second_are_red(access, monday, sue):
    with time_machine.travel(monday + timedelta(days=7), tick=False):
        assert "Not reviewed for" not in queue(sue)
    with time_machine.travel(monday + timedelta(days=7, seconds=1), tick=False):
        assert 'class="sev sev--high"' in queue(sue)


def test_a_review_is_kept_with_who_and_when_and_leaves_the_queue(access, url, monday, sue, trail):
    assert signed_in(sue).post(url, REVIEW).url == reverse("supervision")
    access.refresh_from_db()
    assert (access.verdict, access.remark) == ("justified", REMARK)
    assert (access.reviewed_by, access.reviewed_at) == (sue, monday)
    assert trail()[-1] == "emergency_access.reviewed"
    assert WHY not in queue(sue)


@pytest.mark.parametrize("sent", [{}, {"verdict": "justified"}, {"remark": REMARK}, REVIEW | {"verdict": "maybe"}])
def test_a_verdict_and_a_sentence_are_needed(access, url, sue, sent):
    assert signed_in(sue).post(url, sent).status_code == 422
    access.refresh_from_db()
    assert access.reviewed_at is None


def test_it_is_reviewed_once(access, url, sue):
    signed_in(sue).post(url, REVIEW)
    response = signed_in(sue).post(url, REVIEW | {"verdict": "not_justified"})
    assert response.status_code == 422
    assert "This was reviewed already." in response.content.decode()
    access.refresh_from_db()
    assert access.verdict == "justified"


def test_nobody_reviews_their_own(robin, ada):
    supervisor = UserFactory(is_supervisor=True)
    own = EmergencyAccessFactory(client=robin, user=supervisor, reason=WHY)
    SupervisionFactory(supervisor=supervisor, clinician=ada)
    assert WHY not in queue(supervisor)
    address = reverse("review_emergency_access", args=[own.pk])
    assert signed_in(supervisor).post(address, REVIEW).status_code == 404
    with pytest.raises(ValidationError, match="Someone else reviews"):
        review_emergency_access(own, **REVIEW, by=supervisor)


def test_nobody_reviews_access_to_a_client_of_their_own(access, url, ada):
    ada.is_supervisor = True
    ada.save()
    assert WHY not in queue(ada)
    assert signed_in(ada).get(url).status_code == 404
    assert signed_in(ada).post(url, REVIEW).status_code == 404


def test_administrators_know_how_many_there_were_wait_and_wait_too_long(access, monday, robin, stella, sue):
    late = monday + timedelta(days=8)
    EmergencyAccessFactory(client=robin, user=stella, opened_at=late - timedelta(hours=1))
    assert notices.counts(late) == {"lately": 2, "waiting": 2, "overdue": 1}
    review_emergency_access(access, **REVIEW, by=sue)
    assert notices.counts(late) == {"lately": 2, "waiting": 1, "overdue": 0}
    assert notices.counts(monday + timedelta(days=31)) == {"lately": 1, "waiting": 1, "overdue": 1}
