"""The rows behind the service report: whose they are nobody can read, and its numbers follow from them."""

import csv
import re
from collections import defaultdict
from datetime import UTC, datetime
from io import StringIO
from statistics import fmean, median, quantiles, stdev

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from alliance_tracker.audit.models import AuditEvent
from clients.models import Client, TherapySession
from ratings.models import Rater, ServiceMonth, Signal
from tests.doors import check_doors_of_role
from tests.factories import ClientFactory, SessionFactory, rate
from tests.ratings.reports.service import OCTOBER, fill_service, three_clinicians

pytestmark = pytest.mark.django_db
RATINGS, STRAINS = "/report/ratings.csv", "/report/strains.csv"
T_OF_11 = 2.201  # Student's t, 97.5%, 11 degrees of freedom


@pytest.fixture
def filled(monday) -> None:
    fill_service(three_clinicians())
    call_command("nightly")


def lines(browser, url) -> list[dict[str, str]]:
    response = browser.get(url)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(StringIO(response.content.decode(), newline="")))


def printed(browser, title: str, name: str) -> list[str]:
    tables = {table.title: table for table in browser.get("/report/").context["report"].tables}
    return next(list(line.cells) for line in tables[title].lines if line.name == name)


@pytest.mark.parametrize("name", ["service_ratings_csv", "service_strains_csv"])
def test_doors(ada, sue, adam, name):
    check_doors_of_role(name, opens_to=[sue], not_to=[ada, adam])


@pytest.mark.parametrize(("url", "name"), [(RATINGS, "service-ratings.csv"), (STRAINS, "service-strains.csv")])
def test_it_is_a_file_and_one_event(as_user, sue, url, name):
    response = as_user(sue).get(url)
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert len(response.content.splitlines()) == 1
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_id) == ("report.exported", sue.pk)


@pytest.mark.parametrize("url", [RATINGS, STRAINS])
def test_nobody_can_be_read_from_it(filled, as_user, sue, url):
    Client.objects.update(name="Canary-Name")
    page = as_user(sue).get(url).content.decode()
    hidden = {str(value) for row in Client.objects.values_list("pk", "code") for value in row}
    hidden |= {str(pk) for pk in TherapySession.objects.values_list("pk", flat=True)} | {"Canary-Name"}
    assert not any(text in page for text in hidden)
    assert not re.search(r"\d{4}-\d\d-\d\d|\d\d:\d\d", page)
    assert {line["client"] for line in lines(as_user(sue), url)} == {str(number) for number in range(1, 13)}


def test_a_cell_is_no_formula(filled, as_user, sue):
    Signal.objects.filter(pk=Signal.objects.filter(withdrawn_at=None).first().pk).update(rule="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in {line["rule"] for line in lines(as_user(sue), STRAINS)}


def test_only_months_that_are_over_are_in_it(monday, as_user, sue, robin):
    SessionFactory(client=robin, starts_at=OCTOBER)
    SessionFactory(client=robin)
    assert {line["month"] for line in lines(as_user(sue), RATINGS)} == {"2026-10"}


def test_of_a_hidden_rating_only_that_it_was_given(monday, as_user, sue, robin):
    with time_machine.travel(datetime(2026, 10, 30, 15, tzinfo=UTC)):
        rate(SessionFactory(client=robin, starts_at=timezone.now()), 2, rater=Rater.CLIENT, strain="clear")
    with time_machine.travel(datetime(2026, 11, 2, 9, tzinfo=UTC)):
        own, client = lines(as_user(sue), RATINGS)
        assert (own["answered"], client["answered"], client["trust"], client["overall"]) == ("no", "yes", "", "")
        assert lines(as_user(sue), STRAINS)[1:] == []
    assert lines(as_user(sue), RATINGS)[1]["trust"] == "2"


def test_coverage_can_be_worked_out_by_hand(filled, as_user, sue):
    rows = [line for line in lines(as_user(sue), RATINGS) if line["month"] == "2026-10"]
    own = [row for row in rows if row["rater"] == "clinician"]
    asked = [row for row in rows if row["rater"] == "client" and row["asked"] == "yes"]
    rated, answered = (sum(row["answered"] == "yes" for row in some) for some in (own, asked))
    found = printed(as_user(sue), "Coverage", "October 2026")
    assert (len(own), rated, len(asked), answered) == (48, 38, 40, 32)
    assert found[:4] == ["48", f"{100 * rated / 48:.0f}%", "over 79%", "over 75%"]
    assert ServiceMonth.objects.latest("month").figures["asked"]["declined"] == sum(
        row["declined"] == "yes" for row in asked
    )


@pytest.mark.parametrize(("rater", "title"), [("clinician", "Clinicians'"), ("client", "Clients'")])
def test_a_mean_and_its_interval_can_be_worked_out_by_hand(filled, as_user, sue, rater, title):
    by_client = defaultdict(list)
    for row in lines(as_user(sue), RATINGS):
        if row["month"] == "2026-10" and row["rater"] == rater and row["trust"]:
            by_client[row["client"]].append(int(row["trust"]))
    means = [fmean(scores) for scores in by_client.values()]
    margin = T_OF_11 * stdev(means) / 12**0.5
    trust = printed(as_user(sue), f"{title} ratings by element", "October 2026")[1]
    numbers = [float(number) for number in re.findall(r"\d\.\d", trust)]
    assert len(means) == 12
    assert numbers == pytest.approx([fmean(means), fmean(means) - margin, fmean(means) + margin], abs=0.051)


def test_the_time_to_log_can_be_worked_out_by_hand(filled, as_user, sue):
    rows = lines(as_user(sue), RATINGS)
    times = [float(row["seconds"]) for row in rows if row["month"] == "2026-10" and row["seconds"]]
    nine_in_ten = quantiles(times, n=10, method="inclusive")[-1]
    found = printed(as_user(sue), "Time to log a rating", "October 2026")
    assert found == [f"{median(times):.0f} s", f"{nine_in_ten:.0f} s", str(len(times))]


def test_what_became_of_strains_can_be_worked_out_by_hand(filled, as_user, sue):
    rows = lines(as_user(sue), STRAINS)
    strains = [row for row in rows if row["kind"] == "strain" and "2025-11" <= row["month"] <= "2026-10"]
    spoken, repaired = (
        [float(row[f"days_to_{what}"]) for row in strains if row[f"month_{what}"]] for what in ("spoken_of", "repaired")
    )
    found = printed(as_user(sue), "What became of strains", "Year to October 2026")
    assert (len(strains), len(spoken), len(repaired)) == (12, 11, 10)
    assert found[:3] == ["10", f"{median(spoken):.0f}", f"{median(repaired):.0f}"]


def test_open_strains_can_be_worked_out_by_hand(filled, as_user, sue):
    rows = lines(as_user(sue), STRAINS)

    def open_in(kind: str, month: str) -> set[str]:
        return {
            row["client"]
            for row in rows
            if row["kind"] == kind and row["month"] <= month and (not row["until"] or row["until"] > month)
        }

    stored = {f"{row.month:%Y-%m}": row.figures["strains"] for row in ServiceMonth.objects.all()}
    for month, found in stored.items():
        open_now = open_in("therapy", month) & open_in("strain", month)
        assert (found["therapies"], found["open"]) == (len(open_in("therapy", month)), len(open_now))
    assert stored["2026-10"]["open"] == 2


def test_signals_by_rule_and_endings_can_be_worked_out_by_hand(filled, as_user, sue):
    signal = Signal.objects.filter(withdrawn_at=None).earliest("opened_at")
    Signal.objects.filter(pk=signal.pk).update(not_right_at=OCTOBER)
    ended = ClientFactory().episodes.get()
    ended.ended_on, ended.ending = OCTOBER.date(), "planned"
    ended.save()
    call_command("nightly")
    rows = lines(as_user(sue), STRAINS)
    year = ServiceMonth.objects.latest("month").figures["year"]
    for rule, found in year["rules"].items():
        raised = [row for row in rows if row["kind"] == "signal" and row["rule"] == rule]
        assert (found["n"], found["part"]) == (len(raised), sum(bool(row["month_not_right"]) for row in raised))
    assert len(year["rules"]) > 1
    assert sum(found["part"] for found in year["rules"].values()) == 1
    endings = [row for row in rows if row["kind"] == "therapy" and row["until"]]
    assert [(row["ending"], row["after_a_strain"]) for row in endings] == [("planned", "no")]
    assert sum(year["endings"].values()) == 0
