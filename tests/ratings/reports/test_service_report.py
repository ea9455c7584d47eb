"""The service report: the whole service against its own past, and no way to a clinician or to fewer than ten."""

from datetime import timedelta
from itertools import combinations

import pytest
from django.core.management import call_command
from django.utils import timezone

from alliance_tracker.accounts.models import User
from ratings.models import ServiceMonth
from ratings.reports.service_report import ServiceReport
from tests.doors import check_doors_of_role
from tests.factories import SupervisionFactory, UserFactory
from tests.ratings.reports.service import OCTOBER, fill_service, three_clinicians

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
URL = "/report/"
CLINICAL = ("ratings by element", "Open strains", "What became of strains", "not right", "measures here")


@pytest.fixture
def filled(monday) -> list[User]:
    """Three clinicians with four clients each, and the months of their service."""
    clinicians = three_clinicians()
    fill_service(clinicians)
    call_command("nightly")
    return clinicians


def text_of(page) -> str:
    return page.content.decode()


def table(page, title: str):
    return next(table for table in page.context["report"].tables if table.title == title)


def cells(page, title: str) -> list[list[str]]:
    return [list(line.cells) for line in table(page, title).lines]


def test_doors(ada, sue, adam):
    check_doors_of_role("service_report", opens_to=[sue, adam], not_to=[ada])


def test_without_a_month_it_says_so(as_user, sue):
    assert "No months yet" in text_of(as_user(sue).get(URL))


def test_a_supervisor_sees_every_table_newest_month_first(filled, as_user, sue):
    page = as_user(sue).get(URL)
    assert [line.name for line in table(page, "Coverage").lines] == ["October 2026", "September 2026"]
    assert all(words in text_of(page) for words in CLINICAL)
    assert "service-ratings" not in text_of(page)
    assert "/report/ratings.csv" in text_of(page)


def test_an_admin_sees_coverage_and_time_to_log_only(filled, as_user, adam):
    page = as_user(adam).get(URL)
    assert [table.title for table in page.context["report"].tables] == ["Coverage", "Time to log a rating"]
    assert not any(words in text_of(page) for words in CLINICAL)
    assert ".csv" not in text_of(page)


def test_one_who_is_both_sees_it_as_a_supervisor(filled, as_user, adam):
    adam.is_supervisor = True
    adam.save()
    assert len(as_user(adam).get(URL).context["report"].tables) == 11


def test_looking_is_one_event(as_user, sue, trail):
    as_user(sue).get(URL)
    assert trail() == ["report.viewed"]


def test_means_come_with_their_interval(filled, as_user, sue):
    (newest, _) = cells(as_user(sue).get(URL), "Clinicians' ratings by element")
    assert all(cell[1] == "." and " to " in cell for cell in newest)


def test_months_with_under_sixty_per_cent_are_greyed(filled, as_user, sue):
    month = ServiceMonth.objects.order_by("-month").first()
    month.figures["rated"] = 28
    month.save()
    page = as_user(sue).get(URL)
    greyed = {t.title: [line.greyed for line in t.lines] for t in page.context["report"].tables}
    assert greyed["Coverage"] == greyed["Clinicians' ratings by element"] == [True, False]
    assert greyed["Clients' ratings by element"] == greyed["Time to log a rating"] == [False, False]
    assert text_of(page).count("too few ratings to read") == 2


def test_measurement_is_hidden_below_a_hundred_clients_and_shown_from_there(filled, as_user, sue):
    page = as_user(sue).get(URL)
    assert cells(page, "How the form measures here") == [["not shown"] * 4] * 2
    assert text_of(page).count("fewer than 100 clients") == 1
    assert "means go together" not in text_of(page)
    month = ServiceMonth.objects.order_by("-month").first()
    found = {"clients": 100, "ratings": 500, "alpha": 0.912, "within": None, "between": 0.554, "at_seven": 60}
    month.figures["year"]["measurement"] = {"clinician": found, "client": found, "pairs": {"clients": 100, "r": 0.437}}
    month.save()
    page = as_user(sue).get(URL)
    assert cells(page, "How the form measures here") == [["0.91", "cannot be said", "0.55", "12%"]] * 2
    assert "r = 0.44" in table(page, "How the form measures here").words


LOW_TITLE = "After a low rating by the client"


def follow(low: dict[str, int], other: dict[str, int]) -> ServiceMonth:
    """Put these counts in the newest month, and return it."""
    month = ServiceMonth.objects.latest("month")
    month.figures["year"]["after_low"] = {"low": low, "other": other}
    month.save()
    return month


def test_ratings_that_are_missing_after_a_low_one_are_told_with_their_counts(filled, as_user, sue):
    follow(
        {"n": 61, "by": 4, "answered": 37, "not_asked": 11},
        {"n": 412, "by": 6, "answered": 309, "not_asked": 60},
    )
    page = as_user(sue).get(URL)
    assert cells(page, LOW_TITLE) == [["60", "61%", "21%", "18%"], ["410", "75%", "10%", "15%"]]
    assert "missing more often than otherwise: 39% of 60 sessions, against 25% of 410." in text_of(page)


def test_few_that_are_missing_after_a_low_rating_are_kept_back(filled, as_user, sue):
    follow(
        {"n": 40, "by": 4, "answered": 31, "not_asked": 0},
        {"n": 400, "by": 6, "answered": 399, "not_asked": 0},
    )
    page = as_user(sue).get(URL)
    assert cells(page, LOW_TITLE)[0] == ["40", "over 75%", "under 25%", "0%"]
    assert "Too few to say" in table(page, LOW_TITLE).words
    follow({"n": 9, "by": 4, "answered": 0, "not_asked": 9}, {"n": 400, "by": 2, "answered": 200, "not_asked": 200})
    page = as_user(sue).get(URL)
    assert cells(page, LOW_TITLE) == [["under 10"] * 4, ["not shown"] * 4]


def test_a_month_from_before_this_table_has_none_of_it(filled, as_user, sue):
    month = ServiceMonth.objects.latest("month")
    del month.figures["year"]["after_low"]
    month.save()
    assert LOW_TITLE not in text_of(as_user(sue).get(URL))


def test_the_year_stands_beside_the_one_before_it_and_none_that_overlaps(filled, as_user, sue):
    newest = ServiceMonth.objects.order_by("-month").first()
    for number in range(1, 13):
        month = (newest.month.replace(day=1) - timedelta(days=30 * number + 1)).replace(day=1)
        ServiceMonth.objects.update_or_create(
            month=month, defaults={"figures": newest.figures, "written_at": timezone.now()}
        )
    page = as_user(sue).get(URL)
    names = [line.name for line in table(page, "What became of strains").lines]
    assert names == ["Year to October 2026", "Year to October 2025"]


ASKED = {
    "clinician": "{pk}",
    "user": "{pk}",
    "supervisor": "{sue}",
    "client": "C-1",
    "month": "2026-10",
    "from": "2026-10-01",
    "to": "2026-10-02",
    "rater": "client",
    "show": "all",
    "sort": "clinician",
    "q": "Ida",
    "format": "json",
    "page": "2",
}


def asked_by(filled, sue) -> dict[str, str]:
    return {name: value.format(pk=filled[0].pk, sue=sue.pk) for name, value in ASKED.items()}


@pytest.mark.parametrize("url", [URL, "/report/ratings.csv", "/report/strains.csv"])
def test_no_parameter_and_no_two_together_change_anything(filled, as_user, sue, url):
    asked, browser = asked_by(filled, sue), as_user(sue)
    plain = told(browser.get(url))
    for chosen in [*combinations(asked, 1), *combinations(asked, 2), tuple(asked)]:
        assert told(browser.get(url, {name: asked[name] for name in chosen})) == plain, chosen


@pytest.mark.parametrize("url", [URL, "/report/ratings.csv", "/report/strains.csv"])
def test_no_clinician_is_named(filled, as_user, sue, url):
    page = text_of(as_user(sue).get(url))
    for clinician in filled:
        assert clinician.name not in page
        assert str(clinician.pk) not in page
        assert clinician.email not in page


def test_it_is_the_same_whoever_one_supervises(filled, as_user, sue):
    before = cells(as_user(sue).get(URL), "Coverage")
    sue.supervises.all().delete()
    SupervisionFactory(supervisor=sue, clinician=filled[0])
    assert cells(as_user(sue).get(URL), "Coverage") == before


def test_two_clinicians_are_too_few_for_any_figure(monday, as_user, sue):
    fill_service([UserFactory(), UserFactory()], each=6)
    call_command("nightly")
    page = as_user(sue).get(URL)
    assert sum(ServiceMonth.objects.latest("month").figures["asked"].values()) > 0
    for shown in page.context["report"].tables:
        printed = {cell for line in shown.lines for cell in line.cells}
        assert printed <= {"not shown", "under 10", "none", "0"}, shown.title


def test_a_figure_from_one_clinician_in_a_large_service_is_not_shown(filled, as_user, sue):
    month = ServiceMonth.objects.latest("month")
    month.figures["seconds"]["by"] = 1
    month.save()
    assert cells(as_user(sue).get(URL), "Time to log a rating")[0] == ["not shown"] * 3


def test_nothing_under_ten_is_printed(filled, as_user, sue):
    for shown in as_user(sue).get(URL).context["report"].tables:
        if "days" in " ".join(shown.columns).lower() or "element" in shown.title or shown.title.startswith("Time"):
            continue
        numbers = [int(cell) for line in shown.lines for cell in line.cells if cell.isdigit()]
        assert all(number == 0 or number >= 10 for number in numbers), shown.title


def told(page) -> str:
    """Return what a page says, without what is another at every look."""
    return text_of(page).split("<main", 1)[-1]


def test_months_of_the_report_come_in_one_query(filled, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(ServiceReport(clinical=True).tables) == 11
    assert ServiceMonth.objects.count() == 2
    assert OCTOBER.month == ServiceMonth.objects.latest("month").month.month
