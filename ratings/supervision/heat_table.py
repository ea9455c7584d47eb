"""A supervisor's clients by element: the latest scores, shaded by how far each is from the client's usual level."""

from dataclasses import dataclass

from ratings.caseload.cells import heat_cell
from ratings.caseload.lists import CaseloadRow
from ratings.elements import COMPONENTS, ELEMENTS

FIRST_ROWS = 12
COLUMNS = ("overall", *COMPONENTS, *(key for key in ELEMENTS if key != "working_alliance"))
HEAT_STEPS = ("n3", "n2", "n1", "0", "p1", "p2", "p3")
STEPS = ((1.75, "3"), (0.9, "2"), (0.4, "1"))


@dataclass(frozen=True)
class Cell:
    """The latest score of one column, and how far it lies from this client's usual level ("n3" to "p3")."""

    score: float | None
    step: str

    def __html__(self) -> str:
        return heat_cell(self.score, self.step, self.direction)

    @property
    def direction(self) -> str:
        """Return "down" or "up" from 0.9 points below or above the usual level, else nothing."""
        far = self.step[-1] in "23"
        return {"n": "down", "p": "up"}.get(self.step[0], "") if far else ""


def step_of(difference: float | None) -> str:
    """Return the step of the scale for a difference in points: "n3" for 1.75 or more below, "0", "p3" for above."""
    size = next((name for limit, name in STEPS if difference is not None and abs(difference) >= limit), "")
    if difference is None or not size:
        return "0"
    return ("n" if difference < 0 else "p") + size


def heat_cells(row: CaseloadRow, rater: str) -> list[Cell]:
    """Return the eight cells of one client's row; empty without a rating by this rater."""
    scores = row.documents[rater].get("scores", {})
    return [Cell(scores[key], step_of(row.from_usual(rater, key))) for key in COLUMNS if scores]
