"""Where a service has switched on "low, and said": new signals carry its version, old ones keep theirs."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from ratings.models import Rater, RuleCheck, SaidSwitch, Signal
from ratings.saving.actions import log_rating
from ratings.standing.rule_check import check_rule, last_check, read_sessions
from ratings.standing.series import all_series, series_of
from tests.factories import ClientFactory, SessionFactory, answers, history, rate

pytestmark = pytest.mark.django_db
DROP = [6, 5, 6, 6, 3]
DAY = timedelta(days=1)


def switch(*, on: bool, days_ago: float) -> None:
    SaidSwitch.objects.create(since=timezone.now() - days_ago * DAY, on=on)


def clean() -> bool:
    call_command("rebuild_standing", check=True)
    return True


def versions() -> list[tuple[str, int]]:
    return list(Signal.objects.order_by("session__starts_at", "rule").values_list("rule", "rule_version"))


def test_old_signals_keep_their_version_and_new_ones_carry_the_other(robin):
    history(robin, DROP)
    assert versions() == [("unusually-low-red", 1)]
    switch(on=True, days_ago=0.5)
    assert clean()
    assert versions() == [("unusually-low-red", 1)]
    other = ClientFactory(clinician=robin.episodes.get().assignments.get().clinician)
    history(other, [6, 6, 6, 6])
    now = SessionFactory(client=other, starts_at=timezone.now() - timedelta(hours=1))
    rate(now, 5, strain="slight")
    assert ("unusually-low-amber", 2) in versions()
    signal = Signal.objects.get(rule_version=2)
    assert signal.of_rule.version == 2
    assert "E = z + points" in "".join(signal.finding["arithmetic"])
    assert clean()


def test_switching_off_again_leaves_what_was_raised_meanwhile(robin):
    switch(on=True, days_ago=2)
    history(robin, [6, 6, 6, 6])
    rate(SessionFactory(client=robin, starts_at=timezone.now() - timedelta(hours=20)), 5, strain="slight")
    assert ("unusually-low-amber", 2) in versions()
    switch(on=False, days_ago=0.1)
    assert clean()
    assert ("unusually-low-amber", 2) in versions()
    assert clean()


def test_a_signal_of_the_other_version_that_no_longer_holds_is_withdrawn(robin, ada):
    switch(on=True, days_ago=2)
    history(robin, [6, 6, 6, 6])
    session = SessionFactory(client=robin, starts_at=timezone.now() - timedelta(hours=20))
    rating = rate(session, 5, strain="slight")
    assert ("unusually-low-amber", 2) in versions()
    log_rating(session, answers(6, strain="none"), rater="clinician", by=ada, version=rating.version)
    assert Signal.objects.get(rule_version=2).withdrawn_at
    assert not Signal.objects.get(rule_version=2).is_open
    assert clean()


def test_the_page_explains_the_version_that_raised_it(robin, as_user, ada):
    switch(on=True, days_ago=2)
    history(robin, [6, 6, 6, 6])
    rate(SessionFactory(client=robin, starts_at=timezone.now() - timedelta(hours=20)), 5, strain="slight")
    page = as_user(ada).get(f"/clients/{robin.pk}/").content.decode()
    assert "Threshold: E of 1.8 or more" in page
    assert "Rule unusually-low-amber, version 2." in page


def test_a_series_is_read_alike_alone_and_with_all_others(robin, ada):
    switch(on=True, days_ago=10)
    history(robin, DROP)
    history(ClientFactory(clinician=ada), [5, None, 4])
    now = timezone.now()
    together = {series.episode.pk: series for series in all_series(now)}
    assert len(together) == 2
    for pk, series in together.items():
        alone = series_of(series.episode, now)
        assert (alone.sessions, alone.priors, alone.reading) == (series.sessions, series.priors, series.reading)
        assert pk == alone.episode.pk
    assert [session.said_counts for session in together[robin.episodes.get().pk].held] == [False] * 3 + [True] * 2


def test_all_series_take_the_same_queries_for_one_as_for_many(robin, ada, django_assert_num_queries):
    history(robin, [5, 6])
    with django_assert_num_queries(5):
        list(all_series(timezone.now()))
    for _ in range(4):
        history(ClientFactory(clinician=ada), [5, 6])
    with django_assert_num_queries(5):
        list(all_series(timezone.now()))


def test_sessions_are_counted_by_the_mirror_and_by_what_was_said_blind(robin, ada):
    sessions = history(robin, [4, 4, 4, 4, 4, 4])
    for session, score in zip(sessions, [6, 6, 6, 6, 3, 7], strict=True):
        rate(session, score, rater=Rater.CLIENT)
    sessions[4].ratings.filter(rater=Rater.CLINICIAN).update(strain="clear")
    sessions[5].ratings.filter(rater=Rater.CLINICIAN).update(strain="none")
    high = SessionFactory(client=robin, starts_at=timezone.now() - timedelta(hours=2))
    rate(high, 7, rater=Rater.CLIENT)
    rate(high, 7, strain="slight")
    assert check_rule(timezone.now()) == check_rule(timezone.now()) == 6
    check = last_check()
    assert (check.sessions, check.unusually_low, check.clinicians) == (6, 1, 1)
    assert (check.low, check.low_reported) == (1, 1)
    assert check.ordinary_reported <= check.ordinary


def test_an_answer_given_or_changed_after_the_clients_rating_was_seen_is_not_blind(robin):
    first, second = history(robin, [None, None])
    for session in (first, second):
        rate(session, 5, rater=Rater.CLIENT)
        rate(session, 5, strain="slight")
    [read] = [each for each in read_sessions(timezone.now()) if each.client_z is not None]
    assert read.blind_word == "slight"
    second.ratings.filter(rater=Rater.CLIENT).update(opens_at=timezone.now() - DAY)
    [read] = [each for each in read_sessions(timezone.now()) if each.client_z is not None]
    assert read.blind_word == ""


def test_a_clients_rating_that_is_still_closed_is_not_counted(robin):
    first, second = history(robin, [5, None])
    rate(first, 5, rater=Rater.CLIENT)
    rate(second, 1, rater=Rater.CLIENT)
    assert not [each for each in read_sessions(timezone.now()) if each.client_z is not None]


def test_an_old_session_is_no_part_of_the_90_days(robin):
    history(robin, [5, 6, 5], days_apart=40)
    check_rule(timezone.now())
    assert RuleCheck.objects.get().sessions == 2
    RuleCheck.objects.all().delete()
    check_rule(timezone.now() + timedelta(days=60))
    assert RuleCheck.objects.get().sessions == 1
