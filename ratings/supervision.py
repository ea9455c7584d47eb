"""What a supervisor's page shows beyond the rows: coverage a clinician, and clients by element."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from alliance_tracker.accounts.models import User
from clients.models import TherapySession
from ratings.caseload import Row, rated_by_clinician
from ratings.coverage import COUNTS, with_answers
from ratings.elements import COMPONENTS, ELEMENTS

COVERAGE_DAYS = 30
FIRST_ROWS = 12
COLUMNS = ("overall", *COMPONENTS, *(key for key in ELEMENTS if key != "working_alliance"))
HEAT_STEPS = ("n3", "n2", "n1", "0", "p1", "p2", "p3")
STEPS = ((1.75, "3"), (0.9, "2"), (0.4, "1"))


@dataclass(frozen=True)
class Coverage:
    """One clinician's clients here, and their sessions of the last 30 days: rated, asked of the client, answered."""

    clinician: User
    clients: int
    unrated: int
    held: int = 0
    rated: int = 0
    asked: int = 0
    answered: int = 0
    declined: int = 0


def coverage(supervisor: User, caseload: list[Row], now: datetime) -> list[Coverage]:
    """Return one line a clinician, alphabetical: coverage and open work, never an average."""
    sessions = TherapySession.objects.supervised_by(supervisor, now).held(now)
    recent = with_answers(sessions.filter(starts_at__gte=now - timedelta(days=COVERAGE_DAYS)), now)
    rated = Count("pk", filter=Q(is_rated=True))
    lines = recent.annotate(is_rated=rated_by_clinician()).order_by().values("clinician")
    counted = {line.pop("clinician"): line for line in lines.annotate(held=Count("pk"), rated=rated, **COUNTS)}
    clinicians = {row.clinician.pk: row.clinician for row in caseload}.values()
    return [
        Coverage(
            clinician,
            sum(row.clinician == clinician for row in caseload),
            sum(row.unrated for row in caseload if row.clinician == clinician),
            **counted.get(clinician.pk, {}),
        )
        for clinician in sorted(clinicians, key=lambda person: person.name)
    ]


@dataclass(frozen=True)
class Cell:
    """The latest score of one column, and how far it lies from this client's usual level ("n3" to "p3")."""

    score: float | None
    step: str

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


def cells(row: Row, rater: str) -> list[Cell]:
    """Return the eight cells of one client's row; empty without a rating by this rater."""
    scores = row.documents[rater].get("scores", {})
    return [Cell(scores[key], step_of(row.from_usual(rater, key))) for key in COLUMNS if scores]
