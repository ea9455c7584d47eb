"""Which records are due, holds, and the pages of administrators about them: codes and counts, never a name."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Episode
from ratings.models import LegalHold, Tombstone
from ratings.privacy import actions as privacy
from ratings.privacy.retention import years_after, years_before
from tests.accounts.doors import check_doors
from tests.factories import ClientFactory, history

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(as_user, adam, service):
    """Adam's browser."""
    return as_user(adam)


def ended(client, on, ending="planned"):
    Episode.objects.filter(client=client).update(started_on=date(1999, 1, 4), ended_on=on, ending=ending)
    return client


@pytest.fixture
def due(monday, robin, ada):
    """Robin, whose record has been kept for twenty years today."""
    history(robin, [5, 6])
    return ended(robin, date(2006, 11, 23))


def codes(browser, query=""):
    return [row.episode.code for row in browser.get(f"/retention/?{query}").context["rows"]]


def test_doors(adam, ada, sue, robin):
    check_doors("retention", admin=adam, others=[ada, sue], sends=False)
    check_doors("what_is_stored", admin=adam, others=[ada, sue], sends=False)
    check_doors("hold_record", robin.pk, admin=adam, others=[ada, sue])
    check_doors("erase_client", robin.pk, admin=adam, others=[ada, sue])
    privacy.hold_record(robin, reason="A complaint", until=None, by=adam)
    check_doors("lift_hold", robin.pk, admin=adam, others=[ada, sue], shows=False)


def test_what_is_due_is_listed_by_code_the_oldest_first(due, ada, admin):
    names = ("Wanda", "Open", "Died long ago", "Died not so long ago", "Ended yesterday")
    wanda, _, died, died_later, yesterday = (
        ClientFactory(code=f"X-{number}", name=name, clinician=ada) for number, name in enumerate(names)
    )
    ended(wanda, date(2001, 2, 3))
    ended(died, date(2016, 11, 23), "died")
    ended(died_later, date(2016, 11, 24), "died")
    ended(yesterday, date(2026, 11, 22))
    assert codes(admin) == ["X-0", "R-1", "X-2"]
    assert codes(admin, "show=all") == ["R-1", "X-0", "X-1", "X-2", "X-3", "X-4"]
    assert codes(admin, "q=x-2") == ["X-2"]
    page = admin.get("/retention/").content.decode()
    assert "Due since 23 Nov 2026" in page
    assert not any(name in page for name in ("Robin", *names))


def test_the_years_are_the_services_own(due, admin, service):
    service.keep_years = 30
    service.save()
    assert codes(admin) == []
    assert "Records are kept for 30 years after the therapy has ended, 10 where the client has died" in (
        admin.get("/retention/").content.decode()
    )


def test_a_client_who_came_back_is_kept_from_the_last_end(due, admin, robin):
    Episode.objects.create(client=robin, started_on=date(2010, 1, 1), ended_on=date(2011, 1, 1), ending="planned")
    assert codes(admin) == []


def test_the_29th_of_february_has_a_day_in_every_year():
    assert years_after(date(2004, 2, 29), 10) == date(2014, 3, 1)
    assert years_before(date(2024, 2, 29), 10) == date(2014, 2, 28)
    for day in (date(2004, 2, 28) + timedelta(days=n) for n in range(3)):
        for today in (date(2014, 2, 27) + timedelta(days=n) for n in range(4)):
            assert (years_after(day, 10) <= today) == (day <= years_before(today, 10))


def test_a_hold_is_set_shown_and_lifted(due, admin, adam, trail):
    response = admin.post(reverse("hold_record", args=[due.pk]), {"reason": "A complaint", "until": "2027-03-01"})
    assert response.url == "/retention/"
    assert codes(admin) == []
    assert codes(admin, "show=held") == ["R-1"]
    page = admin.get("/retention/?show=held").content.decode()
    assert "Until 1 Mar 2027" in page
    assert "A complaint" in page
    assert admin.post(reverse("lift_hold", args=[due.pk])).url == "/retention/"
    assert codes(admin) == ["R-1"]
    hold = LegalHold.objects.get()
    assert (hold.held_by, hold.lifted_by) == (adam, adam)
    assert [action for action in trail() if action.startswith("hold.")] == ["hold.set", "hold.lifted"]


def test_a_hold_is_refused_twice_and_for_days_gone_by(monday, admin, robin):
    url = reverse("hold_record", args=[robin.pk])
    assert admin.post(url, {"reason": "A complaint", "until": "2026-11-22"}).status_code == 422
    assert admin.post(url, {"reason": "A complaint"}).status_code == 302
    assert admin.post(url, {"reason": "Another"}).status_code == 422
    assert LegalHold.objects.get().reason == "A complaint"


def test_a_hold_that_ran_out_makes_way_for_another(monday, robin, adam):
    first = privacy.hold_record(robin, reason="First", until=None, by=adam)
    LegalHold.objects.update(until=timezone.localdate() - timedelta(days=1))
    privacy.hold_record(robin, reason="Second", until=None, by=adam)
    first.refresh_from_db()
    assert first.lifted_at
    with pytest.raises(ValidationError, match="lifted already"):
        privacy.lift_hold(first, by=adam)


def test_the_preview_counts_what_would_go_and_erases_nothing(due, admin, trail):
    page = admin.get(reverse("erase_client", args=[due.pk]))
    assert dict(page.context["counts"]) == {"Therapies": 1, "Sessions": 2, "Ratings": 2}
    assert "Robin" not in page.content.decode()
    assert Client.objects.exists()
    assert trail()[-1] == "erasure.previewed"


def test_an_admin_erases_by_typing_the_code(due, admin, adam):
    response = admin.post(reverse("erase_client", args=[due.pk]), {"basis": "retention", "code": "R-1"})
    assert response.url == "/retention/"
    assert not Client.objects.exists()
    assert Tombstone.objects.get().approved_by_id == adam.pk
    assert admin.get(reverse("erase_client", args=[due.pk])).status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"basis": "request"},
        {"basis": "request", "code": "R-2"},
        {"basis": "request", "code": "r-1"},
        {"basis": "whim", "code": "R-1"},
        {"code": "R-1"},
        {"basis": "retention", "code": "R-1"},
    ],
)
def test_a_slip_erases_nothing(robin, admin, sent):
    page = admin.post(reverse("erase_client", args=[robin.pk]), sent)
    assert page.status_code == 422
    assert "There is a problem" in page.content.decode()
    assert Client.objects.exists()
    assert not Tombstone.objects.exists()


@pytest.mark.parametrize("query", ["show=dead", "q=%00", "q=" + "x" * 21])
def test_unknown_filters_are_refused(admin, query):
    assert admin.get(f"/retention/?{query}").status_code == 422


def test_purge_only_says_what_is_due(due, service, capsys):
    call_command("purge")
    said = capsys.readouterr().out
    assert "R-1: due since 23 November 2026. therapies 1, sessions 2, ratings 2\n" in said
    assert "1 due, 0 on hold.\nNothing was erased" in said
    assert Client.objects.exists()


@pytest.mark.parametrize("by", ["", "ada@example.org", "nobody@example.org"])
def test_purge_erases_nothing_without_the_word_of_an_administrator(due, service, by):
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("purge", "--confirm", by=by)
    assert Client.objects.exists()


def test_purge_erases_what_is_due_and_nothing_else(due, ada, adam, service, capsys):
    held, open_one = ClientFactory(code="H-2", clinician=ada), ClientFactory(code="O-3", clinician=ada)
    privacy.hold_record(ended(held, date(2001, 1, 1)), reason="A court", until=None, by=adam)
    call_command("purge", "--confirm", by="Adam@example.org")
    assert "1 due, 1 on hold." in capsys.readouterr().out
    assert set(Client.objects.all()) == {held, open_one}
    assert Tombstone.objects.values_list("client_id", "basis").get() == (due.pk, "retention")
    call_command("purge", "--confirm", by="adam@example.org")
    assert "0 due, 1 on hold." in capsys.readouterr().out
