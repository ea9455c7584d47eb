"""The plan of an invented therapy: how long it is, how the ratings go, and who answers."""

from dataclasses import dataclass
from random import Random
from typing import Any

from clients.models import Ending, Modality
from ratings.demo.people import Person

SEED = "alliance-tracker 631"  # chosen because the planted falls stand out from chance with it
AFTER_REPAIR, AFTER_REPAIR_LASTS = 0.3, 10


@dataclass(frozen=True)
class Dip:
    """A sudden fall of the alliance, and its repair over the next sessions.

    `at` is the index of a held session, counted from the end where negative; `back` is the number of sessions until
    it is made good, 0 for never; `most` are the items that fall most. With `noticed` unset only the client feels it.
    """

    at: int
    depth: float = 2.0
    back: int = 3
    most: tuple[str, ...] = ("bond", "trust")
    noticed: bool = True

    def fall(self, index: int, held: int) -> float:
        """Return by how many points this fall lowers a session; below 0 for a while after a repair."""
        since = index - self.at % held
        if since < 0:
            return 0.0
        if not self.back:
            return self.depth * (1.0 if since == 0 else 0.85)
        if since < self.back:
            return self.depth * (1 - since / self.back)
        return -AFTER_REPAIR * max(0.0, 1 - (since - self.back) / AFTER_REPAIR_LASTS)


@dataclass(frozen=True)
class Course:
    """One therapy of one invented client, with `held` past sessions up to this week.

    `ended` is how many weeks ago it ended, 0 while it is open. `level` and `client_level` are where the two raters
    begin, `growth` what is gained in time. `fading` is how many points are lost, over how many of the last sessions;
    `gap` by how much the client's last ratings are lower. `same` is a score that the clinician gives to every item,
    and in how many of the last sessions; `client_sevens` that the client always answers 7. `waiting` sessions are not
    rated yet. `every` is how many weeks apart sessions are, `pause` after how many of the last ones a break was, and
    its weeks. `before` is a former clinician and how many sessions they held. `asks` is how often the client is asked,
    `stopped` the session after which they stopped invitations.
    """

    code: str
    name: str
    clinician: Person
    held: int
    dips: tuple[Dip, ...] = ()
    level: float | None = None
    client_level: float | None = None
    growth: float | None = None
    fading: tuple[float, int] = (0.0, 1)
    gap: tuple[float, ...] = ()
    same: tuple[int, int] = (0, 0)
    client_sevens: bool = False
    waiting: int = 0
    missed_last: int = 0
    answers: float | None = None
    modality: str = Modality.IN_PERSON
    every: int = 1
    pause: tuple[int, int] = (0, 0)
    ended: int = 0
    ending: str = Ending.PLANNED
    before: tuple[Person, int] | None = None
    asks: int | None = None
    stopped: int | None = None

    @property
    def is_open(self) -> bool:
        return not self.ended

    def random(self, *parts: Any) -> Random:
        """Return the random numbers of this therapy for one purpose: the same on every run and every day."""
        return Random(f"{SEED} {self.code} {self.ended} {' '.join(map(str, parts))}")  # noqa: S311 - invented data
