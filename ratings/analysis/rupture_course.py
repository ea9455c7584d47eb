"""The course of a rupture (a strain): what it is judged against, when repair is proposed, when it is unresolved.

Source: docs/measures.md#from-rupture-to-repair. Scores are overall alliance, 1 to 7. Sessions are named by their index.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ratings.analysis.usual import AMBER, Usual

BACK_WITHIN = 0.5  # scales below the level
SESSIONS_BACK = 2  # rated sessions running
SESSIONS_ALLOWED = 3  # rated sessions after the one that opened the rupture


@dataclass(frozen=True)
class RuptureCourse:
    """A rupture in one series of scores: where it opened, the level and scale (points) frozen at that time.

    `repair_proposed` and `unresolved` are the sessions at which the one or the other came about, None where it has not.
    """

    opened: int
    level: float
    scale: float
    repair_proposed: int | None
    unresolved: int | None

    @property
    def back_from(self) -> float:
        """The lowest score that counts as back in the usual range."""
        return self.level - BACK_WITHIN * self.scale


def first_of_alarm(levels: Sequence[Usual | None], flagged: int) -> int:
    """Return the first session of an alarm: the flagged one, or the one before it where two made the flag.

    Raises ValueError where the session has no z.
    """
    usual = levels[flagged]
    if usual is None or usual.z is None:
        raise ValueError(f"no flag at index {flagged}")
    if usual.z >= AMBER:
        return flagged
    return max(index for index in range(flagged) if levels[index])


def follow(scores: Sequence[float | None], opened: int, level: float, scale: float) -> RuptureCourse:
    """Follow a rupture through the scores after `opened`, against its frozen level and scale (points).

    Two rated sessions running back in the usual range propose the repair. None proposed by the third later rated
    session makes the rupture unresolved; it may still be repaired after that. Sessions without a score change nothing.
    """
    running = seen = 0
    proposed = unresolved = None
    for index in range(opened + 1, len(scores)):
        score = scores[index]
        if score is None:
            continue
        seen += 1
        running = running + 1 if score >= level - BACK_WITHIN * scale else 0
        if running == SESSIONS_BACK:
            proposed = index
            break
        if seen == SESSIONS_ALLOWED:
            unresolved = index
    return RuptureCourse(opened, level, scale, proposed, unresolved)


def from_flag(levels: Sequence[Usual | None], scores: Sequence[float | None], flagged: int) -> RuptureCourse:
    """Follow the rupture that a flag opens, against the level before the first session of the alarm.

    Raises ValueError where the session has no z.
    """
    before = levels[first_of_alarm(levels, flagged)]
    if before is None:
        raise ValueError(f"no score at index {flagged}")
    return follow(scores, flagged, before.level, before.scale)
