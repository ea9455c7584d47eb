"""Double click, resend and two tabs: one rating, nothing lost."""

import pytest
from uuid_utils.compat import uuid7

from ratings.models import Rating, RatingVersion
from ratings.saving.actions import AlreadySavedError, ClosedForChangesError, log_rating
from tests.factories import SessionFactory, answers, rate

pytestmark = pytest.mark.django_db
KEY = uuid7()


def send(session, score=5, *, key=KEY, by=None, version=0, **given):
    return log_rating(
        session, answers(score, **given), rater="clinician", by=by or session.clinician, key=key, version=version
    )


def test_the_same_sending_again_gives_the_same_rating(yesterday, trail):
    first = send(yesterday)
    assert send(yesterday) == first
    assert (Rating.objects.count(), RatingVersion.objects.count()) == (1, 1)
    assert trail() == ["rating.logged"]


def test_also_when_the_time_for_changes_has_passed(yesterday):
    first = send(yesterday)
    rate(yesterday, rater="client")
    assert send(yesterday) == first


def test_also_when_a_later_sending_changed_it(yesterday):
    first = send(yesterday)
    send(yesterday, 6, key=uuid7(), version=1)
    assert send(yesterday) == first
    assert Rating.objects.get().goals == 6


def test_the_key_of_a_change_is_remembered_too(yesterday):
    send(yesterday)
    key = uuid7()
    changed = send(yesterday, 6, key=key, version=1)
    assert send(yesterday, 6, key=key, version=1) == changed
    assert Rating.objects.get().version == 2


@pytest.mark.parametrize("other", [{"score": 6}, {"note": "More"}, {"strain": "clear"}, {"bond": None}])
def test_the_same_key_with_other_content_is_refused_with_what_stands(yesterday, other):
    rating = send(yesterday)
    with pytest.raises(AlreadySavedError) as conflict:
        send(yesterday, **other)
    assert conflict.value.rating == rating
    assert RatingVersion.objects.count() == 1


def test_the_key_of_another_session_is_refused(yesterday, robin):
    send(yesterday)
    other = SessionFactory(client=robin)
    with pytest.raises(AlreadySavedError) as conflict:
        send(other)
    assert conflict.value.rating is None
    assert not other.ratings.exists()


def test_another_persons_key_is_no_key_of_mine(yesterday, ben):
    send(SessionFactory(client__clinician=ben))
    assert send(yesterday).session == yesterday
    assert Rating.objects.count() == 2


def test_a_second_tab_is_refused_with_what_stands(yesterday):
    rating = send(yesterday)
    with pytest.raises(AlreadySavedError) as conflict:
        send(yesterday, 6, key=uuid7())
    assert conflict.value.rating == rating
    assert Rating.objects.get().goals == 5


def test_without_a_key_a_second_sending_is_refused_as_well(yesterday):
    send(yesterday, key=None)
    with pytest.raises(AlreadySavedError):
        send(yesterday, key=None)


def test_a_colleague_who_takes_over_cannot_write_over_it(yesterday, ben):
    send(yesterday)
    with pytest.raises(ClosedForChangesError):
        send(yesterday, 6, key=uuid7(), by=ben, version=1)
