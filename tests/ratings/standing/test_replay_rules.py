"""Other thresholds are tried on the stored ratings, and nothing is changed."""

import pytest
from django.core.management import CommandError, call_command

from ratings.models import Rupture, Signal, Standing
from ratings.strains.actions import change_rupture
from tests.factories import history

pytestmark = pytest.mark.django_db


def replay(capsys, **thresholds: float) -> dict[str, list[str]]:
    capsys.readouterr()
    call_command("replay_rules", **thresholds)
    return {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}


def test_it_counts_now_and_then_and_changes_nothing(robin, capsys):
    history(robin, [6, 5, 6, 6, 3])
    before = [list(model.objects.values()) for model in (Signal, Rupture, Standing)]
    assert replay(capsys)["unusually-low-red"] == ["1", "1", "20.0"]
    assert replay(capsys, red=9.0, red_twice=9.0)["unusually-low-red"] == ["1", "0", "0.0"]
    assert replay(capsys, red=9.0, red_twice=9.0)["unusually-low-amber"] == ["0", "1", "20.0"]
    assert [list(model.objects.values()) for model in (Signal, Rupture, Standing)] == before


def test_an_empty_service_has_nothing_to_count(capsys, db):
    assert replay(capsys)["unusually-low-red"] == ["0", "0", "0.0"]


def test_a_strain_that_was_reported_counts_as_part_of_the_drop_in_the_rule_on_trial(robin, capsys):
    sessions = history(robin, [6, 6, 6, 5])
    counted = replay(capsys)
    assert (counted["red"][:2], counted["amber"][:2]) == (["0", "0"], ["0", "0"])
    sessions[-1].ratings.update(strain="slight")
    counted = replay(capsys)
    assert (counted["red"][:2], counted["amber"][:2]) == (["0", "0"], ["0", "1"])


@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_a_threshold_that_makes_no_sense_is_refused(value, db):
    with pytest.raises(CommandError, match="above 0"):
        call_command("replay_rules", red=value)


def test_it_says_how_the_rule_does_here_and_holds_back_what_is_under_ten(robin, ada, capsys):
    history(robin, [6, 5, 6, 6, 3])
    change_rupture(Rupture.objects.get(), says="not_a_strain", note="", by=ada)
    call_command("replay_rules")
    out = capsys.readouterr().out
    assert "of under 10 sessions with a usual level: unusually low under 10, unusually high under 10." in out
    assert "unusually-low-red: people looked back at under 10; there was a strain: under 10." in out
    assert "It cannot be switched on yet: it takes 200 sessions" in out


def test_it_counts_the_sessions_on_which_the_two_rules_differ(robin, capsys):
    sessions = history(robin, [6, 6, 6, 5])
    sessions[-1].ratings.update(strain="slight")
    call_command("replay_rules")
    out = capsys.readouterr().out
    assert "Flagged only with what was said: 1." in out
    assert "Flagged only by the drop alone: 0." in out
