"""Which signals and ruptures open in an episode, and what closes them: docs/measures.md#the-rules."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ratings.analysis.all_rules import RULES
from ratings.analysis.derived import AMBER, RED, STRAIN, UNRESOLVED, SpokenRupture, derive
from ratings.analysis.reading import CLIENT, CLINICIAN, Answers, Reading, SessionAnswers
from tests.ratings.analysis.cases import answered, answers, found, items, reading

STEADY = [5.4, 5.6, 5.4, 5.6, 5.4]
BY_HAND = "by-hand"
SCORE = st.integers(5, 35).map(lambda fifths: fifths / 5)
STRAINS = st.sampled_from(["", "none", "slight", "clear"])
ANSWERS = st.builds(answers, SCORE, strain=STRAINS, talked=st.sampled_from(["", "no", "partly", "yes"]))
EPISODES = st.lists(
    st.builds(SessionAnswers, clinician=st.none() | ANSWERS, client=st.none() | ANSWERS, waits=st.booleans()),
    max_size=25,
).map(Reading)


def opened(ruptures):
    return [(each.opened, each.rater, each.source) for each in ruptures]


def spoken_of(rupture, closed):
    return SpokenRupture(rupture.opened, rupture.rater, rupture.source, closed)


def test_nothing_is_found_where_there_is_nothing():
    assert derive(Reading([])) == ([], [])
    assert derive(reading(client=[1])) == ([], [])
    assert derive(Reading([SessionAnswers(waits=False)] * 5)) == ([], [])


def test_a_flag_opens_a_rupture_judged_on_the_form_that_opened_it():
    episode = reading(client=[*STEADY, 4.0, 4.0, 4.2, 4.2], clinician=[*STEADY, 5.4, 5.4, 5.4, 5.4])
    ruptures, signals = derive(episode)
    assert opened(ruptures) == [(5, CLIENT, RED)]
    assert ruptures[0].course.unresolved == 8
    assert ruptures[0].course.level == episode.levels[CLIENT][5].level
    assert found(signals, RED) == [(5, None)]
    assert found(signals, UNRESOLVED) == [(8, None)]


def test_two_low_sessions_freeze_the_level_before_the_first_of_them():
    episode = reading(client=[*STEADY, 4.6, 4.6])
    ruptures, _ = derive(episode)
    assert opened(ruptures) == [(6, CLIENT, AMBER)]
    assert ruptures[0].course.level == episode.levels[CLIENT][5].level


def test_a_reported_strain_opens_a_rupture_unless_it_was_talked_about():
    strained = answers(5.4, strain="slight", talked="partly")
    ruptures, signals = derive(reading(client=[*STEADY, strained]))
    assert opened(ruptures) == [(5, CLIENT, STRAIN)]
    assert found(signals, STRAIN) == [(5, None)]
    ruptures, signals = derive(reading(client=[*STEADY, answers(5.4, strain="clear", talked="yes")]))
    assert (ruptures, found(signals, STRAIN)) == ([], [])


def test_a_flag_outranks_a_strain_at_the_same_session_and_both_are_shown():
    ruptures, found_items = derive(reading(client=[*STEADY, answers(4.4, strain="clear")]))
    assert opened(ruptures) == [(5, CLIENT, AMBER)]
    assert [signal.rule for signal in found_items if signal.rupture == 5] == [AMBER, STRAIN]


def test_while_a_rupture_is_open_nothing_opens_another_and_a_rule_has_one_signal():
    ruptures, signals = derive(reading(client=[*STEADY, 4.0, 3.6, 3.2, 2.8]))
    assert opened(ruptures) == [(5, CLIENT, RED)]
    assert found(signals, RED) == [(5, None)]


def test_an_amber_adds_nothing_to_a_red_but_a_red_adds_to_an_amber():
    _, red_first = derive(reading(client=[*STEADY, 4.0, 4.4]))
    assert found(red_first, AMBER) == []
    _, amber_first = derive(reading(client=[*STEADY, 4.4, 4.0]))
    assert (found(amber_first, AMBER), found(amber_first, RED)) == ([(5, None)], [(6, None)])


def test_a_proposed_repair_closes_nothing_until_a_person_confirms_it():
    episode = reading(client=[*STEADY, 4.0, 5.4, 5.4, 5.4, 5.4])
    ruptures, signals = derive(episode)
    assert ruptures[0].course.repair_proposed == 7
    assert ruptures[0].closed is None
    assert found(signals, RED) == [(5, None)]


def test_a_persons_word_ends_a_rupture_with_its_items_and_the_next_flag_opens_a_new_one():
    episode = reading(client=[*STEADY, 4.0, 5.4, 5.4, 5.4, 5.4, 3.6])
    (first,), _ = derive(episode)
    ruptures, signals = derive(episode, [spoken_of(first, closed=7)])
    assert opened(ruptures) == [(5, CLIENT, RED), (10, CLIENT, RED)]
    assert [each.closed for each in ruptures] == [7, None]
    assert found(signals, RED) == [(5, 7), (10, None)]


def test_a_session_that_an_ended_rupture_covers_opens_nothing():
    episode = reading(client=[*STEADY, 4.0, 3.6])
    (first,), _ = derive(episode)
    assert opened(derive(episode, [spoken_of(first, closed=6)])[0]) == [(5, CLIENT, RED)]
    assert opened(derive(episode, [spoken_of(first, closed=5)])[0]) == [(5, CLIENT, RED), (6, CLIENT, RED)]


def test_a_rupture_by_hand_is_judged_against_what_held_before_its_session():
    episode = reading(clinician=[*STEADY, 5.4, 5.4, 5.4])
    ruptures, signals = derive(episode, [SpokenRupture(5, CLINICIAN, BY_HAND)])
    assert opened(ruptures) == [(5, CLINICIAN, BY_HAND)]
    before = episode.levels[CLINICIAN][5]
    assert (ruptures[0].course.level, ruptures[0].course.scale) == (before.level, before.scale)
    assert ruptures[0].course.repair_proposed == 7
    assert [signal for signal in signals if signal.rupture is not None] == []


def test_a_word_stays_though_the_flag_behind_it_is_gone():
    ruptures, signals = derive(reading(client=[*STEADY, 5.4]), [SpokenRupture(5, CLIENT, RED)])
    assert opened(ruptures) == [(5, CLIENT, RED)]
    assert found(signals, RED) == []


def test_a_word_on_a_session_without_a_score_is_followed_from_there():
    ruptures, _ = derive(reading(client=[*STEADY, None, 5.4, 5.4]), [SpokenRupture(5, CLIENT, RED)])
    assert ruptures[0].course.repair_proposed == 7


def test_where_a_person_opens_a_rupture_the_one_before_it_ends():
    ruptures, _ = derive(reading(client=[*STEADY, 4.0, 5.4, 5.4]), [SpokenRupture(7, CLIENT, BY_HAND)])
    assert [(each.opened, each.closed) for each in ruptures] == [(5, 6), (7, None)]


def test_a_rule_that_watches_a_condition_opens_again_after_it_closed():
    client, clinician = [5.8] * 4 + [4.0, 5.8, 4.0], [5.0] * 7
    assert found(derive(reading(client=client, clinician=clinician))[1], "gap") == [(4, 5), (6, None)]


def test_what_counts_sessions_tells_how_many_there_are_by_now():
    rated, waiting = SessionAnswers(clinician=answers(5)), SessionAnswers()
    _, signals = derive(Reading([rated, waiting, waiting, waiting, rated, waiting, rated]))
    assert found(signals, "not-rated") == [(2, None)]
    (signal,) = [signal for signal in signals if signal.rule == "not-rated"]
    assert signal.finding.sentence == "4 sessions were held and wait for the clinician's rating."


def test_a_gap_closes_at_the_next_pair_without_it():
    client, clinician = [5.8] * 4 + [4.0, None, 4.0, 5.2], [5.0] * 8
    assert found(derive(reading(client=client, clinician=clinician))[1], "gap") == [(4, 7)]


def test_erosion_phase_change_and_the_same_answers_close_when_they_no_longer_hold():
    falling = [6, 6, 6, 6, 6, 5.6, 5.2, 4.8, 4.6, 4.4, 6, 6, 6]
    assert found(derive(reading(client=falling))[1], "erosion") == [(9, 10)]
    assert found(derive(reading(client=[4.0] * 3 + [5.0] * 3 + [4.0] * 2))[1], "phase-change") == [(5, 6)]
    assert found(derive(reading(client=[5.4] * 5 + [5.2]))[1], "little-information") == [(3, 5)]
    assert found(derive(reading(client=[3.4] * 3 + [6, 6]))[1], "low-from-start") == [(2, 3)]


def test_a_standing_item_is_judged_on_the_form_that_raised_it():
    eroded, fine = [6, 6, 6, 6, 6, 5.6, 5.2, 4.8, 4.6, 4.4], 6
    client = [*eroded, None, None, 4.4]
    clinician = [*[fine] * len(eroded), fine, fine, fine]
    _, seen = derive(reading(client=client, clinician=clinician))
    assert [signal.finding.rater for signal in seen if signal.rule == "erosion"] == [CLIENT]
    assert found(seen, "erosion") == [(9, None)]


def test_the_same_answers_of_one_form_stand_though_the_other_form_varies():
    client, clinician = [5.4] * 4 + [None, 5.4], [5.0, 5.2, 5.0, 5.2, 5.0, 5.2]
    assert found(derive(reading(client=client, clinician=clinician))[1], "little-information") == [(3, None)]


def test_every_item_is_listed_in_the_order_of_opening():
    _, signals = derive(reading(client=[*STEADY, 4.0, 3.6, 3.6, 3.4, 3.4]))
    assert [signal.session for signal in signals] == sorted(signal.session for signal in signals)


@given(EPISODES)
def test_nothing_opens_twice_at_a_session_and_ruptures_never_overlap(episode):
    ruptures, seen = derive(episode)
    assert len({(signal.session, signal.rule) for signal in seen}) == len(seen)
    assert len(ruptures) <= 1
    for rule in RULES:
        spans = found(seen, rule)
        closed = [end for _, end in spans]
        assert all(end is not None and end <= start for end, (start, _) in zip(closed, spans[1:], strict=False))


@given(EPISODES.filter(lambda episode: episode.sessions), st.data())
def test_with_peoples_words_at_most_one_rupture_is_open(episode, data):
    length = len(episode.sessions)
    starts = sorted(data.draw(st.sets(st.sampled_from(range(length)), max_size=4)))
    ends = [start + data.draw(st.integers(0, 3)) for start in starts]
    following = [*starts[1:], length][: len(starts)]
    words = [
        SpokenRupture(start, CLIENT, BY_HAND, min(end, after - 1))
        for start, end, after in zip(starts, ends, following, strict=True)
    ]
    ruptures, seen = derive(episode, words)
    assert len({each.opened for each in ruptures}) == len(ruptures)
    assert all(each.closed is not None for each in ruptures[:-1])
    assert len({(signal.session, signal.rule) for signal in seen}) == len(seen)
    spans = [(each.opened, each.closed) for each in ruptures]
    assert all(end < start for (_, end), (start, _) in pairwise(spans))


@given(EPISODES, st.lists(ANSWERS, max_size=5))
def test_later_sessions_never_take_back_what_was_found(episode, more):
    later = Reading([*episode.sessions, *(SessionAnswers(client=each) for each in more)])
    before, after = derive(episode)[1], derive(later)[1]
    kept = {(signal.session, signal.rule): signal for signal in after}
    for signal in before:
        found = kept[signal.session, signal.rule].finding
        assert found == signal.finding or RULES[signal.rule].counts


def test_a_thousand_sessions_are_read():
    low_and_high = [answers(6, strain="slight" if place % 7 == 0 else "none") for place in range(1000)]
    dips = [answers(3) if place % 10 == 9 else each for place, each in enumerate(low_and_high)]
    words = [SpokenRupture(place, CLIENT, STRAIN, place + 1) for place in range(0, 1000, 7)]
    ruptures, _ = derive(reading(client=dips), words)
    assert len(ruptures) > 100


def test_a_partial_rating_without_an_overall_score_neither_counts_nor_resets():
    partial = Answers(items(2) | {"bond": None, "trust": None})
    ruptures, _ = derive(reading(client=[*STEADY, 4.0, 5.4, partial, 5.4]))
    assert ruptures[0].course.repair_proposed == 8


def test_a_new_clinicians_low_first_rating_opens_nothing():
    assert opened(derive(reading(clinician=[*answered(STEADY, "A"), answers(2, "B")]))[0]) == []
