"""How the rule for an unusually low session does on this service's ratings: counted by `nightly`, read by pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ratings.analysis.rule_check import BlindAnswers, alarm_z, blind_answers, client_z
from ratings.analysis.usual import AMBER
from ratings.models import Rater, RuleCheck
from ratings.standing.rule_counts import COUNTED
from ratings.standing.series import Series, SeriesSession, all_series


@dataclass(frozen=True, slots=True)
class ReadSession:
    """One session as the rule read it: the z of the rating that may raise an alarm, and that of the client's.

    `blind_word` is what the clinician had answered about a strain before the client's rating could be seen; empty where
    that is not known.
    """

    starts_at: datetime
    clinician: UUID
    z: float | None
    client_z: float | None
    blind_word: str

    @property
    def is_low(self) -> bool:
        return self.z is not None and self.z >= AMBER

    @property
    def is_high(self) -> bool:
        return self.z is not None and self.z <= -AMBER


def read_sessions(now: datetime) -> Iterator[ReadSession]:
    """Yield every session of the service that has a z."""
    for series in all_series(now):
        reading = series.reading
        for index, session in enumerate(series.held):
            z, of_client = alarm_z(reading, index), client_z(reading, index)
            if z is not None or of_client is not None:
                word = blind_word(series, session)
                yield ReadSession(session.starts_at, session.clinician, z, of_client, word)


def blind_word(series: Series, session: SeriesSession) -> str:
    """Return the clinician's answer about a strain where it was last saved before the client's rating opened."""
    opened = series.opened(session)
    own, theirs = opened.get(Rater.CLINICIAN), opened.get(Rater.CLIENT)
    if own is None or theirs is None or theirs.opens_at is None or own.saved_at > theirs.opens_at:
        return ""
    return own.answers.strain


@transaction.atomic
def check_rule(now: datetime) -> int:
    """Write anew how the rule does here; how many sessions of 90 days it read."""
    check = counts_of_check(now)
    RuleCheck.objects.all().delete()
    check.save()
    return check.sessions


def counts_of_check(now: datetime) -> RuleCheck:
    """Count how the rule does here; the row is not saved."""
    recent, blind = [], []
    for session in read_sessions(now):
        if session.z is not None and session.starts_at >= now - COUNTED:
            recent.append(session)
        if session.client_z is not None and session.blind_word:
            blind.append(session)
    answers = blind_answers((session.client_z or 0.0, session.blind_word) for session in blind)
    return RuleCheck(
        counted_at=now,
        sessions=len(recent),
        unusually_low=sum(session.is_low for session in recent),
        unusually_high=sum(session.is_high for session in recent),
        clinicians=len({session.clinician for session in recent}),
        blind_clinicians=len({session.clinician for session in blind}),
        **vars(answers),
    )


def last_check() -> RuleCheck | None:
    """Return what was counted last night; None before the first night."""
    return RuleCheck.objects.first()


def answers_of(check: RuleCheck) -> BlindAnswers:
    return BlindAnswers(check.low, check.low_reported, check.ordinary, check.ordinary_reported)
