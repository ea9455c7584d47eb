"""What the rules say is true of the numbers, can be redone by hand, and is kind."""

import re
from math import log, sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ratings.analysis.all_rules import RULES
from ratings.analysis.derived import AMBER, RED, STRAIN, UNRESOLVED, derive
from ratings.analysis.reading import CLIENT, CLINICIAN, Reading, SessionAnswers
from tests.ratings.analysis.cases import answered, answers, reading

STEADY = [5.4, 5.6, 5.4, 5.6, 5.4]
SCORE = st.integers(5, 35).map(lambda fifths: fifths / 5)
NUMBER = r"-?\d+\.\d+"
SAID = [
    (
        RED,
        reading(client=[*STEADY, 3.8]),
        """
        Rated by the client, overall 3.8 is lower than this client's own usual level of 5.5 by more than these
        ratings normally move. Furthest below their own usual level: working alliance and client engagement.
        """,
    ),
    (
        RED,
        reading(clinician=[*STEADY, 4.4, 4.2]),
        """
        Rated by the clinician, overall 4.2 is lower than this client's own usual level of 5.2 by more than these
        ratings normally move, for the second rated session running. Furthest below their own usual level: client
        engagement and empathy.
        """,
    ),
    (
        AMBER,
        reading(client=[*STEADY, 4.4]),
        """
        Rated by the client, overall 4.4 is lower than this client's own usual level of 5.5 by more than these
        ratings normally move. Furthest below their own usual level: empathy and working alliance.
        """,
    ),
    (
        STRAIN,
        reading(client=[answers(5, strain="slight", talked="no")]),
        "The client reported a slight strain, misunderstanding or disagreement, not talked about.",
    ),
    (
        STRAIN,
        reading(client=[answers(5, strain="slight", talked="partly")], clinician=[answers(5, strain="clear")]),
        """
        The client reported a slight strain, misunderstanding or disagreement, talked about in part. The clinician
        reported a clear strain, misunderstanding or disagreement.
        """,
    ),
    (
        STRAIN,
        reading(
            client=[answers(5, strain="slight", talked="yes")], clinician=[answers(5, strain="clear", talked="no")]
        ),
        "The clinician reported a clear strain, misunderstanding or disagreement, not talked about.",
    ),
    (
        "gap",
        reading(client=[5.4] * 4 + [3.6], clinician=[5.0] * 4 + [4.6]),
        """
        The client rated 1.0 lower than the clinician (3.6 and 4.6), while until now the client rated higher on
        average. A gap is a topic, not an error.
        """,
    ),
    (
        UNRESOLVED,
        reading(client=[*STEADY, 3.8, 4.0, 4.2, 4.0]),
        "Three rated sessions later, the client's ratings have not been back in the usual range twice running.",
    ),
    (
        "low-from-start",
        reading(client=[3.2, 3.4, 3.2]),
        """
        Rated by the client, the alliance has been below the middle of the scale from the start: its usual level is
        3.4. It may help to ask what would make these sessions more useful.
        """,
    ),
    (
        "low-from-start",
        reading(client=[5, 4, 3.6, 3.4, 3.2, 3.2, 3.2]),
        """
        Rated by the client, the alliance has been below the middle of the scale: its usual level is 3.6. It may
        help to ask what would make these sessions more useful.
        """,
    ),
    (
        "not-rated",
        Reading([SessionAnswers(), SessionAnswers()]),
        "2 sessions were held and wait for the clinician's rating.",
    ),
    (
        "erosion",
        reading(client=[6, 6, 6, 6, 6, 5.6, 5.2, 4.8, 4.6, 4.4]),
        """
        Rated by the client, the alliance has come down over several sessions: a running average of the ratings was
        6.0 at its best and is 4.8 now.
        """,
    ),
    (
        "little-information",
        reading(client=[5.4] * 4),
        """
        The client gave the same seven answers in 4 rated sessions running. They may be exactly right, or say
        little. It is unclear which.
        """,
    ),
    (
        "little-information",
        reading(clinician=[7] * 4),
        """
        The clinician gave a 7 on every row in 4 rated sessions running. They may be exactly right, or say little.
        It is unclear which.
        """,
    ),
    (
        "phase-change",
        reading(client=[4.0] * 3 + [5.0] * 3),
        """
        Rated by the client, the last three ratings are reliably higher than the first three: 5.0 on average, after
        4.0.
        """,
    ),
    (
        "phase-change",
        reading(clinician=[4.6] * 3 + [3.6] * 3),
        """
        Rated by the clinician, the last three ratings are reliably lower than the first three: 3.6 on average,
        after 4.6.
        """,
    ),
]
EPISODES = {rule: episode for rule, episode, _ in SAID}


def finding(rule, episode):
    return next(item.finding for item in derive(episode)[1] if item.rule == rule)


def numbers(line):
    return [float(number) for number in re.findall(NUMBER, line)]


@pytest.mark.parametrize(("rule", "episode", "sentence"), SAID)
def test_a_rule_says_what_it_saw(rule, episode, sentence):
    assert finding(rule, episode).sentence == " ".join(sentence.split())


def test_every_rule_has_its_sentence_here():
    assert {rule for rule, _, _ in SAID} == set(RULES)


@pytest.mark.parametrize(("rule", "episode", "sentence"), SAID)
def test_a_sentence_is_plain_and_kind(rule, episode, sentence):
    for text in (sentence, RULES[rule].title, RULES[rule].sees, RULES[rule].caution):
        assert not re.search(
            r"[!;]|sigma|deviat|statist|signific|threshold|\bz\b|fail|poor|\bbad|wrong|declin|detect|well done",
            text,
            re.IGNORECASE,
        )
    assert re.fullmatch(r"([A-Z0-9].*?\.(?= [A-Z]|$) ?)+", " ".join(sentence.split()))


@pytest.mark.parametrize(("rule", "episode", "sentence"), SAID)
def test_every_finding_shows_its_arithmetic_and_names_the_form(rule, episode, sentence):
    found = finding(rule, episode)
    assert found.arithmetic
    assert all(line for line in found.arithmetic)
    assert found.rater in {CLIENT, CLINICIAN}


@pytest.mark.parametrize(("rule", "episode", "sentence"), SAID)
def test_the_arithmetic_is_told_in_plain_words_too(rule, episode, sentence):
    found = finding(rule, episode)
    assert found.in_words
    for line in found.in_words:
        assert line.endswith(".")
        assert not re.search(r"[=+*^]|sqrt|\bz\b|\bw\b|\d\.\d{3}", line)


@given(st.lists(SCORE, min_size=2, max_size=12))
def test_the_words_of_an_alarm_are_its_numbers_rounded(scores):
    items = [item for item in derive(reading(client=scores))[1] if item.rule in {RED, AMBER}]
    assume(items)
    level, spread, _, z_line, _ = items[0].finding.arithmetic
    told = re.findall(r"\d+\.\d", items[0].finding.in_words[0])
    values = [numbers(level)[0], numbers(spread)[0], items[0].finding.values["score"], numbers(z_line)[-1]]
    assert [float(each) for each in told[:4]] == pytest.approx(values, abs=0.051)


def test_an_alarm_says_how_often_chance_alone_looks_like_it():
    said = (
        "About 2 or 3 ordinary sessions in 100 look like this by chance: it may mean nothing, and asking is the way to "
        "find out."
    )
    assert [rule.id for rule in RULES.values() if rule.caution == said] == [RED, AMBER]


@given(st.lists(SCORE, min_size=2, max_size=12))
def test_the_arithmetic_of_an_alarm_can_be_redone_by_hand(scores):
    items = [item for item in derive(reading(client=scores))[1] if item.rule in {RED, AMBER}]
    assume(items)
    level, spread, t_line, z_line, _ = items[0].finding.arithmetic
    (b,), (w,) = numbers(level), numbers(spread)
    *_, t = numbers(t_line)
    assert t == pytest.approx((b - scores[items[0].session]) / w, abs=0.002)
    nu, z = float(re.search(r"n = ([\d.]+)", z_line)[1].rstrip(".")), numbers(z_line)[-1]
    assert z == pytest.approx((8 * nu + 1) / (8 * nu + 3) * sqrt(nu * log(1 + t * t / nu)), abs=0.002)


def test_the_arithmetic_of_the_slow_rules_can_be_redone_by_hand():
    *_, division = finding("erosion", EPISODES["erosion"]).arithmetic
    best, average, scale, fallen = numbers(division)
    assert fallen == pytest.approx((best - average) / scale, abs=0.001)
    *_, division = finding("phase-change", EPISODES["phase-change"]).arithmetic
    last, first, error, change = numbers(division)
    assert change == pytest.approx((last - first) / error, abs=0.001)
    level, doubt, edge = finding("low-from-start", EPISODES["low-from-start"]).arithmetic
    assert numbers(edge)[1] == pytest.approx(numbers(level)[0] + 1.28 * numbers(doubt)[0], abs=0.001)


def test_the_arithmetic_names_the_session_before_only_where_it_counts():
    lines = finding(AMBER, reading(client=[*STEADY, 4.6, 4.6])).arithmetic
    assert numbers(lines[-1]) == [pytest.approx(1.6868, abs=5e-5)]
    second = finding(RED, reading(clinician=[*answered(STEADY, "A"), *answered([6.0, 3.6], "B")])).arithmetic
    assert second[-1] == "The rated session before was the first of its series and has no z."


@given(st.lists(st.none() | SCORE, max_size=15), st.lists(st.none() | SCORE, max_size=15))
def test_no_sentence_is_unfinished_whatever_the_ratings(client, clinician):
    for item in derive(reading(client=client, clinician=clinician))[1]:
        assert not re.search(r"None|nan|inf|  |\.\.|\{|-\d", item.finding.sentence)
        assert item.finding.sentence[-1] == "."
