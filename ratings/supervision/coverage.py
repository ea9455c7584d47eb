"""Coverage by clinician, for the supervisor's page: what was rated, asked and answered, and what is open."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.models import TherapySession
from ratings.asking.asked import NOT_ASKED, asked_states
from ratings.caseload.lists import CaseloadRow, OpenSignal
from ratings.models import AgendaItem, Meeting
from ratings.supervision.attention import SEVERITIES
from ratings.supervision.supervision_page import COVERED, SupervisionPage

COUNTED = ("held", "rated", "asked", "answered", "declined")


@dataclass(frozen=True)
class ClinicianCoverage:
    """One clinician: how many clients and sessions, what was rated and asked of the last 30 days, and what is open.

    `unrated` counts all sessions that wait for a rating; the counts from `held` on are of the last 30 days.
    """

    clinician: User
    clients: int
    unrated: int
    held: int = 0
    rated: int = 0
    asked: int = 0
    answered: int = 0
    declined: int = 0
    signals: Sequence[OpenSignal] = ()
    meeting: Meeting | None = None
    now: datetime = field(default_factory=timezone.now)

    @property
    def by_severity(self) -> list[tuple[str, str, int]]:
        """Each severity that occurs, the highest first: its key, its word, how many signals."""
        found = Counter(signal.rule.severity for signal in self.signals)
        return [(key, word.lower(), found[key]) for key, word in SEVERITIES.items() if found[key]]

    @property
    def unseen_days(self) -> int | None:
        """How many days ago the oldest signal opened that the clinician has not seen; None where there is none."""
        unseen = [signal.opened_at for signal in self.signals if not signal.is_touched]
        return (timezone.localdate(self.now) - timezone.localdate(min(unseen))).days if unseen else None


def coverage_by_clinician(page: SupervisionPage) -> list[ClinicianCoverage]:
    """Return one line a clinician, by name: coverage and open work, never an average of scores."""
    counted = recent_counts([episode.pk for episode in page.episodes], page.now)
    meetings = next_meetings(page.supervisor, page.rows, page.now)
    lines = []
    for clinician in page.clinicians.values():
        unrated = [row.unrated for row in page.rows if row.clinician.pk == clinician.pk]
        items = [item for item in page.all_attention if item.row.clinician.pk == clinician.pk]
        lines.append(
            ClinicianCoverage(
                clinician,
                len(unrated),
                sum(unrated),
                **counted.get(clinician.pk, {}),
                signals=[signal for item in items for signal in item.signals],
                meeting=meetings.get(clinician.pk),
                now=page.now,
            )
        )
    return lines


def recent_counts(episodes: Sequence[UUID], now: datetime) -> dict[UUID, dict[str, int]]:
    """Count the sessions of these episodes in the days of coverage, by the clinician who held them."""
    recent = TherapySession.objects.held(now).filter(episode__in=episodes, starts_at__gte=now - COVERED)
    sessions = list(recent.values_list("pk", "clinician", "rated"))
    states = asked_states(recent, now)
    found: dict[UUID, list[tuple[bool, ...]]] = {}
    for key, clinician, rated in sessions:
        state = states.get(key, NOT_ASKED)
        found.setdefault(clinician, []).append((True, rated, state.asked, state.answered, state.declined))
    return {key: dict(zip(COUNTED, map(sum, zip(*rows, strict=True)), strict=True)) for key, rows in found.items()}


def next_meetings(supervisor: User, caseload: list[CaseloadRow], now: datetime) -> dict[UUID, Meeting]:
    """Return for each clinician the next meeting of this supervisor that has a client of theirs as a case."""
    holders = {row.episode.pk: row.clinician.pk for row in caseload}
    cases = AgendaItem.objects.supervised_by(supervisor, now).filter(dropped=False, meeting__supervisor=supervisor)
    coming = cases.filter(meeting__closed_at=None, meeting__held_on__gte=timezone.localdate(now))
    latest_first = coming.select_related("meeting").order_by("-meeting__held_on", "-meeting")
    latest_first = latest_first.only("episode", "meeting__held_on")
    return {holders[case.episode_id]: case.meeting for case in latest_first if case.episode_id in holders}
