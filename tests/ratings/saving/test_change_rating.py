"""Changing a rating freely: by its author, for 15 minutes, until the client's rating is open beside it."""

from datetime import timedelta

import pytest
import time_machine

from ratings.models import FREE_EDIT, Rater, Rating, Standing
from ratings.saving.actions import AlreadySavedError, ClosedForChangesError, log_rating
from tests.factories import SessionFactory, answers, rate

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def rating(monday, yesterday):
    return rate(yesterday, 5)


def change(rating, score, *, by=None, version=None, after=timedelta(0)):
    with time_machine.travel(rating.saved_at + after, tick=False):
        return log_rating(
            rating.session, answers(score), rater="clinician", by=by or rating.author, version=version or rating.version
        )


def test_a_change_within_15_minutes_keeps_the_earlier_state(rating, trail):
    change(rating, 6, after=FREE_EDIT)
    rating.refresh_from_db()
    assert (rating.goals, rating.version) == (6, 2)
    assert list(rating.versions.order_by("version").values_list("version", "goals")) == [(1, 5), (2, 6)]
    assert Standing.objects.get().clinician["scores"]["overall"] == 6
    assert trail() == ["rating.logged", "rating.changed"]


def test_after_15_minutes_nothing_is_changed(rating, trail):
    with pytest.raises(ClosedForChangesError) as closed:
        change(rating, 6, after=FREE_EDIT + SECOND)
    assert closed.value.rating == rating
    rating.refresh_from_db()
    assert (rating.goals, rating.version, rating.versions.count()) == (5, 1, 1)
    assert trail() == ["rating.logged"]


def test_the_15_minutes_count_from_the_first_save(rating):
    changed = change(rating, 6, after=FREE_EDIT - SECOND)
    with pytest.raises(ClosedForChangesError):
        change(changed, 7, after=2 * SECOND)


def test_only_the_author_changes_it(rating, ben):
    with pytest.raises(ClosedForChangesError):
        change(rating, 6, by=ben)


@pytest.mark.parametrize("version", [2, 7])
def test_a_change_of_another_version_is_refused_with_the_one_that_stands(rating, version):
    with pytest.raises(AlreadySavedError) as conflict:
        change(rating, 6, version=version)
    assert conflict.value.rating == rating


def test_of_two_changes_of_one_version_the_second_is_refused(rating):
    first = change(rating, 6)
    with pytest.raises(AlreadySavedError) as conflict:
        change(first, 7, version=1)
    assert conflict.value.rating.goals == 6


def test_the_clients_answer_closes_the_time_for_changes(rating):
    rate(rating.session, 4, rater=Rater.CLIENT)
    with pytest.raises(ClosedForChangesError):
        change(rating, 6, after=SECOND)


def test_a_pair_that_opens_with_the_save_is_closed_at_once(monday, yesterday):
    rate(yesterday, 4, rater=Rater.CLIENT)
    with pytest.raises(ClosedForChangesError):
        change(rate(yesterday, 5), 6)
    assert Rating.objects.get(rater="clinician").goals == 5


def test_the_clients_answer_of_another_session_closes_nothing(rating, robin):
    rate(SessionFactory(client=robin), 4, rater=Rater.CLIENT)
    assert change(rating, 6).goals == 6


def test_the_time_the_form_was_opened_stays_that_of_the_first_one(rating):
    before = rating.opened_at
    assert change(rating, 6).opened_at == before
