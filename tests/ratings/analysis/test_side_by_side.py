"""A clinician's ratings beside their clients': the same sessions only, each client once, nothing of few."""

import pytest

from ratings.analysis.service_figures import HeldSession
from ratings.analysis.side_by_side import KEYS, side_by_side
from ratings.elements import ITEM_KEYS


def visit(client, own=None, theirs=None, **skipped):
    said = {"clinician": own, "client": theirs}
    items = {form: dict.fromkeys(ITEM_KEYS, score) | skipped for form, score in said.items() if score}
    return HeldSession(client, "ada", items)


def test_only_sessions_that_both_rated_count():
    visits = [visit("a", 6, 5)] * 4 + [visit("a", 1), visit("a", None, 7), visit("b")]
    found = side_by_side(visits)["overall"]
    assert (found.pairs, found.clients, found.own, found.theirs, found.near) == (4, 1, 6, 5, 0)
    assert found.apart == "1.0 lower"


def test_a_client_with_many_sessions_counts_once():
    found = side_by_side([visit("a", 6, 6)] * 9 + [visit("b", 4, 2)])["trust"]
    assert (found.own, found.theirs, found.near, found.pairs) == (5, 4, 9, 10)


def test_of_three_pairs_nothing_is_said():
    assert side_by_side([visit("a", 6, 5)] * 3) == {}
    assert side_by_side([visit("a", 6, 5)] * 3 + [visit("a", 6, 5, trust=None)]).keys() == set(KEYS) - {"trust"}


@pytest.mark.parametrize(("own", "theirs", "words"), [(5, 5, "the same"), (5, 6, "1.0 higher"), (6, 4, "2.0 lower")])
def test_how_far_apart_in_words(own, theirs, words):
    assert side_by_side([visit("a", own, theirs)] * 4)["overall"].apart == words


def test_the_difference_is_that_of_the_printed_means():
    visits = [visit("a", 5, 5), visit("b", 5, 5), visit("c", 5, 5), visit("d", 5, 6), visit("e", 6, 6)]
    found = side_by_side([*visits, visit("f", 5, 5), visit("g", 6, 6)])["overall"]
    assert (round(found.own, 1), round(found.theirs, 1), found.apart) == (5.3, 5.4, "0.1 higher")
