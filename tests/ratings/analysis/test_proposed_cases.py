"""Which cases a meeting begins with."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ratings.analysis.proposed_cases import Candidate, propose

DAY = date(2026, 3, 2)


def case(code: str, **known) -> Candidate:
    return Candidate(key=code, code=code, **{"started_on": DAY, "reviewed": True} | known)


def strained(code: str, rank: int, day: int, **known) -> Candidate:
    since = date(2026, 11, day)
    return case(code, place=(rank, since), signal="Unusually low", signal_since=since, open_since=since, **known)


def well(code: str, above: tuple[float | None, float | None] = (0.5, 0.5), **known) -> Candidate:
    return case(code, rated=known.pop("rated", (8, 8)), above=above, **known)


def keys(*cases: Candidate, **how) -> list[str]:
    return [key for key, _ in propose(cases, **how)]


def test_one_of_each_kind_then_the_next_worst():
    mixed = [
        strained("WORST", 1, 20),
        strained("SECOND", 1, 21),
        strained("OLD", 6, 2),
        case("NEVER", reviewed=False),
        well("WELL"),
        well("BETTER", (0.9, 0.6)),
    ]
    assert keys(*mixed) == ["WORST", "OLD", "NEVER", "BETTER", "SECOND"]


def test_each_comes_with_its_reason():
    chosen = dict(propose([strained("A", 1, 12), strained("B", 5, 2), case("C", reviewed=False), well("D")]))
    assert chosen == {
        "A": "Needs attention first: unusually low, since 12 November.",
        "B": "Open for long: something has waited since 2 November.",
        "C": "Not reviewed in supervision yet, in therapy since 2 March 2026.",
        "D": "Going well: nothing open, and both latest ratings are at or above usual. What helps here?",
    }


def test_the_next_worst_is_not_called_the_first():
    words = list(dict(propose([strained("A", 1, 12), strained("B", 1, 13), strained("C", 1, 14)])).values())
    assert [text.split(":")[0] for text in words] == ["Needs attention first", "Open for long", "Needs attention too"]


def test_who_was_never_reviewed_longest_in_therapy_comes_first():
    assert keys(case("NEW", reviewed=False, started_on=date(2026, 5, 1)), case("LONG", reviewed=False)) == [
        "LONG",
        "NEW",
    ]


def test_who_waits_for_a_follow_up_only_can_be_the_oldest():
    assert keys(strained("A", 1, 20), case("ASKED", open_since=date(2026, 11, 1))) == ["A", "ASKED"]


def test_going_well_is_never_said_of_what_cannot_be_read_or_is_open():
    for unreadable in (
        well("A", rated=(3, 8)),
        well("A", rated=(8, 3)),
        well("A", (None, 0.5)),
        well("A", (0.5, None)),
    ):
        assert not unreadable.goes_well
    is_open = [{"has_open_item": True}, {"open_since": DAY}, {"place": (1, DAY)}]
    for known in is_open:
        assert not well("A", **known).goes_well
    assert well("A", (0.0, 0.0)).goes_well


def test_going_well_takes_both_raters():
    assert not well("A", (2.0, -0.1)).goes_well
    assert not well("A", (-0.1, 2.0)).goes_well
    both, one = well("BOTH", (0.3, 0.4)), well("ONE", (2.0, 0.1))
    assert keys(both, one) == ["BOTH"]


def test_whom_a_meeting_spoke_of_lately_is_not_the_one_going_well():
    assert keys(well("LATELY", (0.9, 0.9), lately=True), well("OTHER", (0.1, 0.1))) == ["OTHER"]


def test_those_taken_are_not_proposed_and_the_room_is_kept():
    cases = [strained(f"S{number}", 1, number) for number in range(1, 9)]
    assert keys(*cases) == ["S1", "S2", "S3", "S4", "S5"]
    assert keys(*cases, size=2, taken=["S1", "S2"]) == ["S3", "S4"]
    assert keys(*cases, size=0) == []


def test_nobody_to_review_is_no_case():
    assert propose([]) == []
    assert keys(case("DONE")) == []


any_case = st.builds(
    Candidate,
    key=st.integers(0, 30),
    code=st.text(max_size=3),
    started_on=st.dates(),
    place=st.none() | st.tuples(st.integers(1, 8), st.dates()),
    open_since=st.none() | st.dates(),
    reviewed=st.booleans(),
    lately=st.booleans(),
    has_open_item=st.booleans(),
    rated=st.tuples(st.integers(0, 30), st.integers(0, 30)),
    above=st.tuples(st.none() | st.floats(-6, 6), st.none() | st.floats(-6, 6)),
)


@given(st.lists(any_case, max_size=12, unique_by=(lambda each: each.key, lambda each: each.code)), st.randoms())
def test_no_one_twice_and_the_order_of_the_list_does_not_matter(cases, chance):
    chosen = propose(cases)
    assert len({key for key, _ in chosen}) == len(chosen) <= 5
    shuffled = list(cases)
    chance.shuffle(shuffled)
    assert propose(shuffled) == chosen
