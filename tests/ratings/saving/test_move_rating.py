"""A rating that was saved for the wrong client: it is moved, and both clients are worked out again."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.audit.models import AuditEvent
from ratings.models import Rater, Signal, Standing
from ratings.saving.corrections import move_rating, sessions_to_move_to
from tests.doors import check_doors
from tests.factories import ClientFactory, SessionFactory, history, rate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("service")]
WHY = {"reason": "Saved for the wrong client"}


@pytest.fixture
def kim(ada):
    return ClientFactory(code="K-2", name="Kim B.", clinician=ada)


@pytest.fixture
def right(kim):
    return SessionFactory(client=kim, starts_at=timezone.now() - timedelta(hours=20))


@pytest.fixture
def rating(robin):
    """A low rating at the end of Robin's series, meant for Kim."""
    return history(robin, [6, 5, 6, 5, 6, 2])[-1].ratings.get()


def test_doors(rating, ada, ben, sue, adam):
    check_doors("move_rating", rating.pk, opens_to=[ada], not_to=[ben, sue, adam])


def test_both_clients_are_worked_out_again(as_user, ada, robin, right, rating):
    was, kim = rating.session, right.episode.client
    assert Standing.objects.get(episode__client=robin).open_signals
    response = as_user(ada).post(reverse("move_rating", args=[rating.pk]), {"to": right.pk} | WHY)
    assert response.url == f"/clients/{kim.pk}/"
    rating.refresh_from_db()
    assert (rating.session, rating.version, rating.goals) == (right, 2, 2)
    version = rating.versions.get(version=2)
    assert (version.moved_from, version.reason) == (was, WHY["reason"])
    assert Standing.objects.get(episode__client=robin).open_signals == 0
    assert not Signal.objects.filter(episode__client=robin, withdrawn_at=None, closed_at=None).exists()
    assert Standing.objects.get(episode__client=robin).clinician["scores"]["overall"] == 6
    assert Standing.objects.get(episode__client=kim).clinician["scores"]["overall"] == 2


def test_the_session_it_leaves_waits_for_its_own_rating(as_user, ada, robin, right, rating):
    was = rating.session
    move_rating(rating, to=right, by=ada, **WHY)
    was.refresh_from_db()
    right.refresh_from_db()
    assert (was.attendance, was.rated, right.rated) == ("planned", False, True)
    assert reverse("rate", args=[was.pk]) in as_user(ada).get(f"/clients/{robin.pk}/").content.decode()


def test_both_trails_have_it(ada, robin, kim, right, rating):
    move_rating(rating, to=right, by=ada, **WHY)
    moved = AuditEvent.objects.filter(action="rating.moved").values_list("client_id", flat=True)
    assert set(moved) == {robin.pk, kim.pk}
    assert not AuditEvent.objects.filter(reason__contains="wrong client").exists()


def test_the_clients_answer_at_the_new_place_opens(ada, right, rating):
    answered = rate(right, 4, rater=Rater.CLIENT)
    move_rating(rating, to=right, by=ada, **WHY)
    answered.refresh_from_db()
    assert answered.opens_at <= timezone.now()


def test_only_sessions_that_wait_for_a_rating_nearby_are_offered(ada, ben, robin, right, rating):
    now, kim = timezone.now(), right.episode.client
    rate(SessionFactory(client=kim))
    SessionFactory(client=kim, starts_at=now - timedelta(days=90))
    SessionFactory(client=kim, starts_at=now + timedelta(days=1))
    SessionFactory(client=kim, starts_at=now - timedelta(days=2), attendance="missed")
    SessionFactory(client=robin, starts_at=now - timedelta(days=3))
    SessionFactory(client=ClientFactory(clinician=ben))
    assert list(sessions_to_move_to(rating, ada, now)) == [right]


def test_another_session_is_refused_and_nothing_is_changed(as_user, ada, ben, rating):
    theirs = SessionFactory(client=ClientFactory(clinician=ben))
    response = as_user(ada).post(reverse("move_rating", args=[rating.pk]), {"to": theirs.pk} | WHY)
    assert response.status_code == 422
    rating.refresh_from_db()
    assert rating.version == 1


def test_a_place_taken_meanwhile_is_refused(ada, right, rating):
    rate(right, 5)
    with pytest.raises(ValidationError, match="cannot take the rating any more"):
        move_rating(rating, to=right, by=ada, **WHY)


def test_it_is_moved_once(ada, right, rating):
    move_rating(rating, to=right, by=ada, **WHY)
    with pytest.raises(ValidationError, match="no longer yours"):
        move_rating(rating, to=right, by=ada, **WHY)
