"""Looking back at a closed strain: there was one, or there was none. One click, never asked for, and taken back."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.audit.models import AuditEvent
from ratings.models import Rupture, RuptureEvent, Signal
from ratings.standing.refresh import rebuild_standing
from ratings.standing.rule_counts import Outcomes, count_rules, outcome_counts
from ratings.strains.actions import change_rupture, say_outcome
from tests.doors import check_doors
from tests.factories import ClientFactory, UserFactory, history

pytestmark = pytest.mark.django_db
DROP = [6, 5, 6, 6, 3]
LONG_AGO = timezone.now() - timedelta(days=90)


@pytest.fixture
def rupture(robin) -> Rupture:
    return Rupture.objects.get(session=history(robin, DROP)[-1])


@pytest.fixture
def closed(rupture, ada) -> Rupture:
    change_rupture(rupture, says="repaired", note="", by=ada)
    return rupture


@pytest.fixture
def send(as_user, ada, closed):
    return lambda outcome: as_user(ada).post(reverse("say_outcome", args=[closed.pk]), {"outcome": outcome})


@pytest.fixture
def page(as_user, ada, robin):
    def read() -> str:
        return as_user(ada).get(reverse("client", args=[robin.pk])).content.decode()

    return read


def test_doors(closed, ada, ben, sue, adam):
    check_doors("say_outcome", closed.pk, opens_to=[ada], not_to=[ben, sue, adam], methods="post")


def test_one_click_says_it_and_one_takes_it_back(closed, send, page, ada, robin):
    assert "There was a strain</button>" in page()
    assert send("strain").url == reverse("client", args=[robin.pk])
    closed.refresh_from_db()
    assert (closed.outcome, closed.outcome_by) == ("strain", ada)
    assert "There was a strain, said Ada Osei" in page()
    assert "There was none</button>" not in page()
    send("")
    closed.refresh_from_db()
    assert (closed.outcome, closed.outcome_by, closed.outcome_at) == ("", None, None)
    said = AuditEvent.objects.filter(action__startswith="rupture.outcome").order_by("pk")
    assert [(event.action, event.target_id, event.client_id) for event in said] == [
        ("rupture.outcome_said", closed.pk, robin.pk),
        ("rupture.outcome_taken_back", closed.pk, robin.pk),
    ]


@pytest.mark.parametrize("outcome", ["perhaps", "STRAIN", "\x00"])
def test_another_word_changes_nothing(closed, send, outcome):
    assert send(outcome).status_code == 400
    closed.refresh_from_db()
    assert closed.outcome == ""
    assert not AuditEvent.objects.filter(action__startswith="rupture.outcome").exists()


def test_an_open_strain_has_no_outcome_yet(rupture, as_user, ada):
    answer = as_user(ada).post(reverse("say_outcome", args=[rupture.pk]), {"outcome": "none"})
    assert answer.status_code == 409
    assert "This strain is not closed" in answer.content.decode()
    with pytest.raises(ValidationError, match="not closed"):
        say_outcome(rupture, outcome="none", by=ada)


def test_not_a_strain_says_that_there_was_none_and_opening_again_takes_it_back(rupture, ada):
    change_rupture(rupture, says="not_a_strain", note="", by=ada)
    rupture.refresh_from_db()
    assert (rupture.outcome, rupture.outcome_by) == ("none", ada)
    change_rupture(rupture, says="reopen", note="", by=ada)
    rupture.refresh_from_db()
    assert (rupture.outcome, rupture.outcome_by, rupture.outcome_at) == ("", None, None)


def test_repaired_alone_says_nothing_of_whether_there_was_one(closed):
    closed.refresh_from_db()
    assert closed.outcome == ""


def test_it_is_no_word_on_how_the_strain_stands(closed, send, robin):
    events = RuptureEvent.objects.count()
    send("none")
    assert RuptureEvent.objects.count() == events
    assert not rebuild_standing(robin.episodes.get(), timezone.now(), write=False)


def test_outcomes_are_counted_by_rule(closed, send):
    assert outcome_counts(LONG_AGO) == {}
    send("strain")
    assert outcome_counts(LONG_AGO) == {"unusually-low-red": Outcomes(strains=1, with_outcome=1, clinicians=1)}
    send("")
    send("none")
    assert outcome_counts(LONG_AGO) == {"unusually-low-red": Outcomes(strains=0, with_outcome=1, clinicians=1)}
    Rupture.objects.update(state="withdrawn")
    assert outcome_counts(LONG_AGO) == {}


def test_the_page_holds_back_what_is_under_ten_and_says_what_is_not(page, rupture):
    for clinician in (UserFactory() for _ in range(3)):
        for _ in range(4):
            history(ClientFactory(clinician=clinician), DROP, days_apart=1)
    said = Rupture.objects.exclude(pk=rupture.pk)
    closing = {"state": "ended", "closed_at": timezone.now(), "outcome_at": timezone.now()}
    for each in said[:9]:
        Rupture.objects.filter(pk=each.pk).update(outcome="strain", outcome_by=each.session.clinician, **closing)
    count_rules(timezone.now())
    assert "people said of too few of them whether there was a strain for a number here." in page()
    for each in said.filter(outcome=""):
        Rupture.objects.filter(pk=each.pk).update(outcome="strain", outcome_by=each.session.clinician, **closing)
    count_rules(timezone.now())
    assert "people said of 12 of them whether there was a strain. There was in 100%." in page()
    assert Signal.objects.count() == 13


def test_a_supervisor_reads_it_and_has_no_button(closed, send, as_user, sue, robin):
    send("strain")
    text = as_user(sue).get(reverse("client", args=[robin.pk])).content.decode()
    assert "There was a strain, said Ada Osei" in text
    assert 'name="outcome"' not in text
