"""A service in figures: each with its number, and with how many clinicians it is from."""

import pytest

from ratings.analysis.service_figures import (
    CountedCase,
    HeldSession,
    StrainCourse,
    mean_of,
    median_and_p90,
    of_sessions,
    of_strains,
)
from ratings.elements import ELEMENTS, ITEM_KEYS


def all_of(score, **given):
    return dict.fromkeys(ITEM_KEYS, score) | given


def visit(client, clinician="ada", own=None, clients=None, **known):
    said = {form: items for form, items in (("clinician", own), ("client", clients)) if items}
    return HeldSession(client, clinician, said, **known)


def test_a_month_without_sessions():
    found = of_sessions([])
    assert (found["held"], found["by"], found["rated"]) == (0, 0, 0)
    assert found["asked"] == {"n": 0, "by": 0, "answered": 0, "declined": 0}
    assert found["seconds"] == {"n": 0, "by": 0, "median": None, "p90": None}
    assert found["elements"]["client"]["trust"] == {"mean": None, "low": None, "high": None, "n": 0, "by": 0}


def test_coverage_counts_sessions_with_what_was_asked_as_a_whole_of_its_own():
    visits = [
        visit("a", own=all_of(5), clients=all_of(6), asked=True, answered=True),
        visit("a", own=all_of(5), asked=True, declined=True),
        visit("b", "ben", asked=True),
        visit("c", "ben"),
        visit("d", "eva", own=all_of(4)),
    ]
    found = of_sessions(visits)
    assert (found["held"], found["by"], found["rated"]) == (5, 3, 3)
    assert found["asked"] == {"n": 3, "by": 2, "answered": 1, "declined": 1}


def test_a_client_with_many_sessions_counts_once():
    visits = [visit("a", own=all_of(7))] * 9 + [visit("b", "ben", own=all_of(3, trust=None))]
    found = of_sessions(visits)["elements"]["clinician"]
    assert found.keys() == ELEMENTS.keys()
    assert (found["empathy"]["mean"], found["empathy"]["n"], found["empathy"]["by"]) == (5, 2, 2)
    assert (found["trust"]["mean"], found["trust"]["n"], found["trust"]["by"]) == (7, 1, 1)


def test_the_interval_is_that_of_students_t():
    values = [4.1, 4.9, 5.0, 5.2, 5.3, 5.5, 5.8, 5.9, 6.0, 6.3]
    found = mean_of(values)
    assert found["mean"] == pytest.approx(5.4)
    assert found["high"] - found["mean"] == pytest.approx(2.262 * 0.6446 / 10**0.5, abs=2e-3)
    assert found["mean"] - found["low"] == pytest.approx(found["high"] - found["mean"])


def test_an_interval_ends_with_the_scale():
    found = mean_of([7.0] * 9 + [4.0])
    assert found["high"] == 7
    assert found["low"] < 6.1


def test_median_and_ninetieth_percentile():
    found = median_and_p90([("ada", float(value)) for value in range(11)] + [("ben", None)])
    assert found == {"n": 11, "by": 1, "median": 5.0, "p90": 9.0}
    assert median_and_p90([("ada", 4.0)]) == {"n": 1, "by": 1, "median": 4.0, "p90": 4.0}


def test_what_became_of_strains():
    courses = [StrainCourse("ada", 1.0, 20.0), StrainCourse("ada", 3.0), StrainCourse("ben")]
    signals = [
        CountedCase("ada", "gap"),
        CountedCase("ben", "gap", is_so=False),
        CountedCase("ben", "erosion", is_so=False),
    ]
    endings = [CountedCase("ada", "planned"), CountedCase("ben", "unplanned"), CountedCase("ben", "unplanned")]
    discussed = [CountedCase("ada", "yes"), CountedCase("ada", "not_yet", is_so=False)]
    found = of_strains(courses, signals, endings, discussed)
    assert found["strains"] == {"n": 3, "by": 2}
    assert (found["acknowledged"]["median"], found["acknowledged"]["n"], found["acknowledged"]["by"]) == (2.0, 2, 1)
    assert (found["repaired"]["median"], found["repaired"]["n"]) == (20.0, 1)
    assert found["rules"] == {"erosion": {"part": 0, "n": 1, "by": 1}, "gap": {"part": 1, "n": 2, "by": 2}}
    assert found["endings"] == {"by": 2, "planned": 1, "unplanned": 2, "other": 0}
    assert found["discussed"] == {"part": 1, "n": 2, "by": 1}
