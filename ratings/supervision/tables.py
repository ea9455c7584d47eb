"""What a supervisor's page shows beyond the rows: coverage and open work a clinician, and clients by element."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.models import TherapySession
from ratings.asking.asked import NOT_ASKED, asked_states
from ratings.caseload.cells import heat_cell
from ratings.caseload.lists import CaseloadRow, OpenSignal
from ratings.elements import COMPONENTS, ELEMENTS
from ratings.models import AgendaItem, Meeting
from ratings.supervision.attention import SEVERITIES
from ratings.supervision.page import COVERED, SupervisionPage

COUNTED = ("held", "rated", "asked", "answered", "declined")
FIRST_ROWS = 12
COLUMNS = ("overall", *COMPONENTS, *(key for key in ELEMENTS if key != "working_alliance"))
HEAT_STEPS = ("n3", "n2", "n1", "0", "p1", "p2", "p3")
STEPS = ((1.75, "3"), (0.9, "2"), (0.4, "1"))


@dataclass(frozen=True)
class Coverage:
    """One clinician's clients here, their sessions of the last 30 days, and what is open: signals, the next meeting."""

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
        """Each severity that there is, the gravest first: its key, its word, how many signals."""
        found = Counter(signal.rule.severity for signal in self.signals)
        return [(key, word.lower(), found[key]) for key, word in SEVERITIES.items() if found[key]]

    @property
    def unseen_days(self) -> int | None:
        """How many days ago the oldest signal opened that the clinician has not seen; None where there is none."""
        unseen = [signal.opened_at for signal in self.signals if not signal.is_touched]
        return (timezone.localdate(self.now) - timezone.localdate(min(unseen))).days if unseen else None


def coverage(page: SupervisionPage) -> list[Coverage]:
    """Return one line a clinician, alphabetical: coverage and open work, never an average."""
    counted = recent_counts([episode.pk for episode in page.episodes], page.now)
    meetings = next_meetings(page.supervisor, page.rows, page.now)
    lines = []
    for clinician in page.clinicians.values():
        unrated = [row.unrated for row in page.rows if row.clinician.pk == clinician.pk]
        items = [item for item in page.all_attention if item.row.clinician.pk == clinician.pk]
        lines.append(
            Coverage(
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
    """Return the next prepared meeting of this supervisor that speaks of a client of each clinician."""
    holders = {row.episode.pk: row.clinician.pk for row in caseload}
    cases = AgendaItem.objects.supervised_by(supervisor, now).filter(dropped=False, meeting__supervisor=supervisor)
    coming = cases.filter(meeting__closed_at=None, meeting__held_on__gte=timezone.localdate(now))
    latest_first = coming.select_related("meeting").order_by("-meeting__held_on", "-meeting")
    latest_first = latest_first.only("episode", "meeting__held_on")
    return {holders[case.episode_id]: case.meeting for case in latest_first if case.episode_id in holders}


@dataclass(frozen=True)
class Cell:
    """The latest score of one column, and how far it lies from this client's usual level ("n3" to "p3")."""

    score: float | None
    step: str

    def __html__(self) -> str:
        return heat_cell(self.score, self.step, self.direction)

    @property
    def direction(self) -> str:
        """Return "down" or "up" from 0.9 points off, else nothing."""
        far = self.step[-1] in "23"
        return {"n": "down", "p": "up"}.get(self.step[0], "") if far else ""


def step_of(difference: float | None) -> str:
    """Return the step of the heat scale for a difference in points: "n3" (1.75 or more below) to "p3", "0" between."""
    size = next((name for limit, name in STEPS if difference is not None and abs(difference) >= limit), "")
    if difference is None or not size:
        return "0"
    return ("n" if difference < 0 else "p") + size


def cells(row: CaseloadRow, rater: str) -> list[Cell]:
    """Return the eight cells of one client's row; empty without a rating by this rater."""
    scores = row.documents[rater].get("scores", {})
    return [Cell(scores[key], step_of(row.from_usual(rater, key))) for key in COLUMNS if scores]
