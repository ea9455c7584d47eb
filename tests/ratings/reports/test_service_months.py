"""The stored months: written at night, whole ones only, and without anything of a rating that is still hidden."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from clients.models import TherapySession
from ratings.models import Rater, Rating, ServiceMonth, Signal
from ratings.reports.service_months import KEPT, kept_months, write_months
from tests.factories import ClientFactory, SessionFactory, UserFactory, rate
from tests.ratings.reports.service import OCTOBER, SEPTEMBER, add_link, fill_service, three_clinicians

pytestmark = pytest.mark.django_db
STEP = "months of the service report written"


def night(capsys) -> int:
    capsys.readouterr()
    call_command("nightly")
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.endswith(STEP)]
    return int(line.split()[0])


def months() -> list[date]:
    return list(ServiceMonth.objects.order_by("month").values_list("month", flat=True))


def figures(month: int = 10) -> dict:
    return ServiceMonth.objects.get(month=date(2026, month, 1)).figures


def test_a_service_without_sessions_has_no_months(monday, db, capsys):
    assert night(capsys) == 0
    assert months() == []


def test_nightly_writes_each_month_that_is_over_and_a_second_night_changes_nothing(monday, robin, capsys):
    SessionFactory(client=robin, starts_at=SEPTEMBER)
    SessionFactory(client=robin, starts_at=monday - timedelta(days=1))
    assert night(capsys) == 2
    assert months() == [date(2026, 9, 1), date(2026, 10, 1)]
    before = list(ServiceMonth.objects.order_by("month").values("month", "figures"))
    assert night(capsys) == 0
    assert list(ServiceMonth.objects.order_by("month").values("month", "figures")) == before


def test_the_running_month_is_not_told_until_it_is_over(monday, robin, capsys):
    SessionFactory(client=robin, starts_at=monday - timedelta(days=1))
    assert night(capsys) == 0
    with time_machine.travel(datetime(2026, 12, 1, 3, tzinfo=UTC)):
        assert night(capsys) == 1
    assert figures(11)["held"] == 1


def test_a_late_rating_reaches_back(monday, robin, capsys):
    session = SessionFactory(client=robin, starts_at=SEPTEMBER)
    night(capsys)
    assert figures(9)["rated"] == 0
    rate(session)
    assert night(capsys) == 2
    assert figures(9)["rated"] == 1
    assert figures(10)["year"]["measurement"]["clinician"]["ratings"] == 1


def test_thirteen_months_are_kept_up_to_date_across_the_turn_of_the_year(monday, robin):
    TherapySession.objects.all().delete()
    SessionFactory(client=robin, starts_at=monday - timedelta(days=900))
    kept = kept_months(timezone.now())
    assert (len(kept), kept[0], kept[-1]) == (KEPT, date(2025, 10, 1), date(2026, 10, 1))


def test_a_month_ends_by_the_services_own_clock(monday, robin, service):
    service.time_zone = "Pacific/Auckland"
    service.save()
    SessionFactory(client=robin, starts_at=datetime(2026, 9, 30, 12, tzinfo=UTC))
    call_command("nightly")
    assert months() == [date(2026, 10, 1)]


def test_sessions_that_did_not_take_place_do_not_count(monday, robin):
    SessionFactory(client=robin, starts_at=OCTOBER)
    SessionFactory(client=robin, starts_at=OCTOBER + timedelta(days=1), attendance="missed")
    SessionFactory(client=robin, starts_at=OCTOBER + timedelta(days=2), voided_at=monday, voided_reason="Twice")
    call_command("nightly")
    assert figures()["held"] == 1


def test_what_was_asked_counts_once_a_session(monday, robin):
    answered, declined, open_still = (SessionFactory(client=robin, starts_at=OCTOBER + timedelta(n)) for n in range(3))
    rate(answered, rater=Rater.CLIENT)
    add_link(answered, "used", declined=False)
    add_link(declined, "no", declined=True)
    add_link(open_still, "open", declined=False)
    call_command("nightly")
    assert figures()["asked"] == {"n": 3, "by": 1, "answered": 1, "declined": 1}


def test_nothing_of_a_hidden_rating_is_in_a_month_but_that_it_was_given(monday, robin):
    with time_machine.travel(datetime(2026, 10, 30, 15, tzinfo=UTC)):
        rate(SessionFactory(client=robin, starts_at=timezone.now()), 2, rater=Rater.CLIENT, strain="clear")
    with time_machine.travel(datetime(2026, 11, 2, 3, tzinfo=UTC)):
        call_command("nightly")
        hidden = figures()
        Rating.objects.update(trust=7, goals=7, strain="none")
        call_command("nightly")
        assert figures() == hidden
    assert hidden["asked"]["answered"] == 1
    assert hidden["elements"]["client"]["trust"]["n"] == 0
    assert hidden["year"]["measurement"]["client"]["ratings"] == 0
    assert hidden["year"]["strains"]["n"] == 0
    call_command("nightly")
    assert figures()["elements"]["client"]["trust"]["mean"] == 7


def test_a_year_tells_what_people_had_said_by_its_end(monday, robin, ada):
    fill_service([ada], each=1)
    rupture = ada.assignments.last().episode.ruptures.exclude(state="withdrawn").get()
    rupture.events.create(state="acknowledged", at=datetime(2026, 11, 10, tzinfo=UTC), by=ada)
    write_months(timezone.now())
    assert figures()["year"]["strains"]["n"] == 1
    assert figures()["year"]["acknowledged"]["n"] == 0
    with time_machine.travel(datetime(2026, 12, 2, tzinfo=UTC)):
        write_months(timezone.now())
        assert figures(11)["year"]["acknowledged"]["n"] == 1
        assert figures()["year"]["acknowledged"]["n"] == 0


def test_a_month_holds_no_id_and_no_name(monday, db):
    clients = fill_service(three_clinicians(), each=1)
    call_command("nightly")
    stored = json.dumps(list(ServiceMonth.objects.values_list("figures", flat=True)))
    people = [client.episodes.get().assignments.get().clinician for client in clients]
    for word in (*(p.name for p in people), *(str(p.pk) for p in people), *(str(c.pk) for c in clients)):
        assert word not in stored
    assert figures()["by"] == 3


def test_the_check_finds_nothing_after_a_night(monday, ada, capsys):
    fill_service([ada], each=2)
    call_command("nightly")
    capsys.readouterr()
    call_command("check_service_months")
    assert capsys.readouterr().out == "2 months, 0 differ from the rows behind them\n"


def test_the_check_says_which_figure_of_which_month_differs_and_fails(monday, ada, capsys):
    fill_service([ada], each=1)
    call_command("nightly")
    month = ServiceMonth.objects.get(month=date(2026, 10, 1))
    month.figures["held"] += 1
    month.figures["elements"]["client"]["trust"]["mean"] = 1.0
    month.save()
    capsys.readouterr()
    with pytest.raises(CommandError, match="Run nightly"):
        call_command("check_service_months")
    said = capsys.readouterr().out
    assert "October 2026: elements.client.trust.mean, held\n" in said
    assert "2 months, 1 differ" in said
    call_command("nightly")
    call_command("check_service_months")


def test_the_check_shows_a_changed_row(monday, ada):
    fill_service([ada], each=1)
    call_command("nightly")
    Signal.objects.all().delete()
    Rating.objects.filter(rater=Rater.CLINICIAN).update(empathy=1)
    with pytest.raises(CommandError):
        call_command("check_service_months")


def test_the_check_shows_a_missing_month_and_no_rating_that_opened_since(monday, robin, capsys):
    with time_machine.travel(datetime(2026, 10, 30, 15, tzinfo=UTC)):
        rate(SessionFactory(client=robin, starts_at=timezone.now()), 2, rater=Rater.CLIENT)
    with time_machine.travel(datetime(2026, 11, 2, 3, tzinfo=UTC)):
        call_command("nightly")
    call_command("check_service_months")
    ServiceMonth.objects.all().delete()
    capsys.readouterr()
    with pytest.raises(CommandError):
        call_command("check_service_months")
    assert "October 2026: missing\n" in capsys.readouterr().out


def test_a_clinician_of_an_ended_therapy_counts_with_its_ending(monday, ada):
    client = ClientFactory(clinician=UserFactory())
    assert client.episodes.get().is_open
    fill_service([ada], each=1)
    episode = ada.assignments.get().episode
    episode.ended_on, episode.ending = date(2026, 10, 31), "unplanned"
    episode.save()
    call_command("nightly")
    assert figures()["year"]["endings"] == {"by": 1, "planned": 0, "unplanned": 1, "other": 0}
    assert figures()["strains"]["therapies"] == 1
    assert figures(9)["strains"]["therapies"] == 2


def weekly(robin, *scores) -> None:
    """Robin's sessions a week apart from September on; each rated by the client with its score, None for no answer."""
    for week, score in enumerate(scores):
        session = SessionFactory(client=robin, starts_at=SEPTEMBER + timedelta(days=7 * week))
        if score is not None:
            rate(session, score, rater=Rater.CLIENT)
        else:
            add_link(session, f"of week {week}", declined=False)


def test_what_followed_a_low_rating_is_counted_for_the_year(monday, robin):
    weekly(robin, 6, 6, 3, None, 6, 6)
    call_command("nightly")
    low, other = ({"n": n, "by": 1, "answered": n - gone, "not_asked": 0} for n, gone in ((1, 1), (2, 0)))
    assert figures()["year"]["after_low"] == {"low": low, "other": other}
    assert figures(9)["year"]["after_low"]["other"]["n"] == 1


def test_what_followed_says_nothing_of_a_rating_that_is_closed(monday, robin):
    weekly(robin, 6, 6, 6, 2, None)
    Rating.objects.filter(goals=2).update(opens_at=monday + timedelta(days=1))
    write_months(timezone.now())
    closed = figures()
    Rating.objects.filter(goals=2).update(goals=7, trust=7, bond=7)
    write_months(timezone.now())
    assert figures() == closed
    assert closed["year"]["after_low"]["low"]["n"] == 0
