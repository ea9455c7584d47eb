from datetime import UTC, date, datetime

import pytest

from ratings.analysis.workdays import after_working_days, is_working_day

CHRISTMAS = {date(2026, 12, 25)}


def at(month, day):
    return datetime(2026, month, day, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(11, 2), at(11, 4)),
        (at(11, 5), at(11, 9)),
        (at(11, 6), at(11, 10)),
        (at(11, 7), at(11, 11)),
        (at(11, 8), at(11, 11)),
        (at(12, 24), at(12, 29)),
        (at(12, 25), at(12, 30)),
    ],
)
def test_two_working_days_skip_weekends_and_holidays(moment, expected):
    assert after_working_days(moment, 2, CHRISTMAS) == expected


def test_no_days_lead_to_the_next_working_day():
    assert after_working_days(at(11, 2), 0) == at(11, 2)
    assert after_working_days(at(11, 7), 0) == at(11, 9)


def test_a_working_day_is_a_weekday_and_no_holiday():
    assert is_working_day(date(2026, 12, 24), CHRISTMAS)
    assert not is_working_day(date(2026, 12, 25), CHRISTMAS)
    assert not is_working_day(date(2026, 12, 26), CHRISTMAS)


def test_days_below_nought_are_refused():
    with pytest.raises(ValueError, match="got -1"):
        after_working_days(at(11, 2), -1)
