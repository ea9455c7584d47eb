"""What is typed and not saved: kept for its author alone, given back, gone once saved."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from uuid_utils.compat import uuid7

from clients.actions import hand_on
from ratings.models import DRAFT_LASTS, RatingDraft
from ratings.saving.actions import log_rating
from ratings.saving.drafts import drop_outdated_drafts, keep_draft
from tests.factories import ClientFactory, SessionFactory, answers, rate

pytestmark = pytest.mark.django_db
TYPED = {"goals": "6", "tasks": "na", "note": "Half a sentence that nobody else"}


def keep(session, by=None, key=None, **typed):
    keep_draft(session, TYPED | typed, by=by or session.clinician, key=key)


def test_a_draft_is_kept_and_replaced_by_the_next(yesterday, ada, trail):
    keep(yesterday)
    keep(yesterday, goals="7")
    draft = RatingDraft.objects.get()
    assert (draft.session, draft.user) == (yesterday, ada)
    assert draft.fields == TYPED | {"goals": "7"}
    assert trail() == []


def test_what_is_typed_is_encrypted(yesterday):
    keep(yesterday)
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM ratings_ratingdraft")
        assert "sentence" not in cursor.fetchone()[0]


def test_it_comes_back_with_the_form(yesterday, as_user, ada):
    keep(yesterday)
    page = as_user(ada).get(reverse("rate", args=[yesterday.pk]))
    assert page.context["form"].initial | TYPED == page.context["form"].initial
    assert "Half a sentence" in page.content.decode()
    assert "Your draft from" in page.content.decode()


def test_it_comes_back_with_the_form_of_its_own_session_alone(yesterday, as_user, ada):
    keep(yesterday)
    for other in (SessionFactory(client=yesterday.episode.client), SessionFactory(client=ClientFactory(clinician=ada))):
        page = as_user(ada).get(reverse("rate", args=[other.pk]))
        assert page.status_code == 200
        assert "Half a sentence" not in page.content.decode()


def test_the_empty_form_that_all_share_holds_nothing_of_anyone(yesterday, as_user, ada, ben):
    theirs = SessionFactory(client=ClientFactory(clinician=ben))
    asked = [(ada, yesterday), (ben, theirs)]
    for user, session in asked:
        assert "checked" not in as_user(user).get(reverse("rate", args=[session.pk])).content.decode()
    keep(yesterday)
    filled, empty = (as_user(user).get(reverse("rate", args=[session.pk])).content.decode() for user, session in asked)
    assert ("checked" in filled, "checked" in empty) == (True, False)
    assert "Half a sentence" not in empty


def test_who_takes_over_the_client_does_not_get_it(yesterday, as_user, ben, adam):
    keep(yesterday)
    hand_on(yesterday.episode, to=ben, by=adam)
    page = as_user(ben).get(reverse("rate", args=[yesterday.pk]))
    assert page.status_code == 200
    assert "Half a sentence" not in page.content.decode()


def test_two_people_keep_a_draft_each(yesterday, ada, ben):
    keep(yesterday)
    keep(yesterday, by=ben, goals="2")
    assert RatingDraft.objects.count() == 2
    assert RatingDraft.objects.kept_by(ada, yesterday).fields["goals"] == "6"


def test_saving_removes_ones_own_draft(yesterday, ben):
    keep(yesterday)
    keep(yesterday, by=ben)
    rate(yesterday)
    assert RatingDraft.objects.get().user == ben


def test_the_clients_answer_leaves_the_draft(yesterday):
    keep(yesterday)
    rate(yesterday, rater="client")
    assert RatingDraft.objects.exists()


def test_an_autosave_that_comes_after_the_save_brings_nothing_back(yesterday, ada):
    key = uuid7()
    keep(yesterday, key=key)
    log_rating(yesterday, answers(), rater="clinician", by=ada, key=key)
    keep(yesterday, key=key)
    assert not RatingDraft.objects.exists()


def test_drafts_last_14_days(yesterday, ada, ben):
    now = timezone.now()
    keep(yesterday)
    keep(yesterday, by=ben)
    RatingDraft.objects.filter(user=ada).update(changed_at=now - DRAFT_LASTS)
    RatingDraft.objects.filter(user=ben).update(changed_at=now - DRAFT_LASTS + timedelta(minutes=1))
    assert drop_outdated_drafts(now) == 1
    assert RatingDraft.objects.get().user == ben


def test_the_night_drops_them(yesterday, capsys):
    keep(yesterday)
    RatingDraft.objects.update(changed_at=timezone.now() - DRAFT_LASTS)
    call_command("nightly")
    assert not RatingDraft.objects.exists()
