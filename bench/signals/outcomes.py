"""What a rule's alarms are worth on simulated clients, and where it alarms falsely as often as another."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean

from bench.signals.raters import ORDINARY, STRAINED, Course
from bench.signals.rivals import Rival

EARLY = range(1, 5)
STEPS = 12


@dataclass(frozen=True)
class Outcome:
    """Shares in per cent; `false` per 100 ordinary sessions; delay in sessions from where the strain began."""

    rater: str
    rule: str
    threshold: str
    caught: float
    false: float
    right: float
    delay: float
    caught_early: float
    false_early: float

    def row(self) -> dict[str, str | float]:
        return asdict(self)


def alarms_of(rival: Rival, threshold: float, course: Course) -> list[bool | None]:
    """Return whether a rule alarms at each held session; None where there was no score or it is the first one."""
    places = [index for index, score in enumerate(course.scores) if score is not None]
    given = rival.alarms([score for score in course.scores if score is not None], threshold)
    found: list[bool | None] = [None] * len(course.scores)
    for index, alarm in list(zip(places, given, strict=True))[1:]:
        found[index] = alarm
    return found


def share(hits: Sequence[bool]) -> float:
    return 100 * sum(hits) / len(hits) if hits else 0.0


def at_ordinary(
    courses: Sequence[Course], alarms: Sequence[list[bool | None]], held: range | None = None
) -> list[bool]:
    """Collect the alarms at ordinary rated sessions, of all of them or of some by index."""
    return [
        alarm
        for course, given in zip(courses, alarms, strict=True)
        for index, alarm in enumerate(given)
        if alarm is not None and course.states[index] == ORDINARY and (held is None or index in held)
    ]


def delays(
    courses: Sequence[Course], alarms: Sequence[list[bool | None]], held: range | None = None
) -> list[int | None]:
    """Return for each strain that some rating could show how many sessions passed before an alarm; None if missed."""
    found: list[int | None] = []
    for course, given in zip(courses, alarms, strict=True):
        for strain in course.strains:
            window = range(strain.start, strain.end + 1)
            if (held is None or strain.start in held) and any(given[index] is not None for index in window):
                found.append(next((index - strain.start for index in window if given[index]), None))
    return found


def outcome(rater: str, rival: Rival, threshold: float, label: str, courses: Sequence[Course]) -> Outcome:
    alarms = [alarms_of(rival, threshold, course) for course in courses]
    late, early = delays(courses, alarms), delays(courses, alarms, EARLY)
    noise = at_ordinary(courses, alarms)
    right = sum(
        bool(alarm) and course.states[index] == STRAINED
        for course, given in zip(courses, alarms, strict=True)
        for index, alarm in enumerate(given)
    )
    return Outcome(
        rater=rater,
        rule=rival.name,
        threshold=label,
        caught=share([delay is not None for delay in late]),
        false=share(noise),
        right=100 * right / max(right + sum(noise), 1),
        delay=fmean([delay for delay in late if delay is not None] or [0]),
        caught_early=share([delay is not None for delay in early]),
        false_early=share(at_ordinary(courses, alarms, EARLY)),
    )


def tuned(rival: Rival, courses: Sequence[Course], false: float) -> float:
    """Return the lowest threshold at which a rule alarms falsely no more often than so many times in 100 sessions."""
    low, high = 0.0, rival.highest
    for _ in range(STEPS):
        middle = (low + high) / 2
        alarms = [alarms_of(rival, middle, course) for course in courses]
        if share(at_ordinary(courses, alarms)) > false:
            low = middle
        else:
            high = middle
    return high
