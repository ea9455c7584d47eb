"""The past sessions of a therapy and both raters' answers: no dates, the same numbers on every day."""

from dataclasses import dataclass
from math import exp, sqrt
from random import Random
from typing import Any

from clients.models import Attendance
from ratings.demo.course import Course, Dip
from ratings.demo.notes import client_note, clinician_note
from ratings.demo.people import PAUL, WIM
from ratings.elements import HIGHEST, ITEM_KEYS, LOWEST

Answers = dict[str, Any]

LOW_COVERAGE = {PAUL: 0.17, WIM: 0.27}
UNRATED = 0.12
ANSWERED = 0.7
MISSED, CANCELLED = 0.045, 0.05
NOT_OBSERVED = 0.012
CARRIED_OVER = 0.45


@dataclass(frozen=True)
class Side:
    """How a rater rates.

    `swing` and `noise` are the spreads of a session and of a single answer, `feels` the share of a fall that shows,
    `offsets` how far each item lies above the level.
    """

    swing: float
    noise: float
    feels: float
    offsets: dict[str, float]


SIDES = {
    "clinician": Side(0.3, 0.42, 0.92, dict(zip(ITEM_KEYS, (0.0, -0.25, 0.3, -0.05, 0.15, 0.0, -0.2), strict=True))),
    "client": Side(0.35, 0.52, 1.05, dict(zip(ITEM_KEYS, (0.05, -0.3, 0.35, -0.15, 0.1, 0.0, 0.05), strict=True))),
}


@dataclass
class Visit:
    """One past session: its attendance, and both raters' answers, None where there are none."""

    attendance: str = Attendance.ATTENDED
    clinician: Answers | None = None
    client: Answers | None = None
    not_suitable: bool = False
    by_former: bool = False


def visits(course: Course) -> list[Visit]:
    """Return the course's past sessions in their order, missed and cancelled ones among them."""
    rows = {side: rows_of(course, side) for side in SIDES}
    presence, chance = course.random("presence"), course.random("attendance")
    found: list[Visit] = []
    for index in range(course.held):
        visit = held_visit(course, index, rows, presence)
        roll = chance.random()
        if 1 < index < course.held - 3 and roll < MISSED + CANCELLED:
            lost = Attendance.MISSED if roll < MISSED else Attendance.CANCELLED
            found.append(Visit(lost, by_former=visit.by_former))
        found.append(visit)
    return found + [Visit(Attendance.MISSED) for _ in range(course.missed_last)]


def rows_of(course: Course, side: str) -> list[dict[str, int | None]]:
    """Return one rater's seven answers for each held session."""
    chance, how = course.random(side, "items"), SIDES[side]
    offsets = {key: offset + chance.gauss(0, 0.25) for key, offset in how.offsets.items()}
    found: list[dict[str, int | None]] = []
    for index, level in enumerate(levels(course, side)):
        falls = [(dip, how.feels * dip.fall(index, course.held)) for dip in dips_felt(course, side)]
        row: dict[str, int | None] = {}
        for key, offset in offsets.items():
            fall = sum(points * (1.3 if key in dip.most else 0.9) for dip, points in falls)
            score = round(level + offset - fall + chance.gauss(0, how.noise))
            unseen = chance.random() < NOT_OBSERVED and not strain_at(course, index)
            row[key] = None if unseen else min(HIGHEST, max(LOWEST, score))
        if same := all_the_same(course, side, index):
            row = dict.fromkeys(ITEM_KEYS, same)
        found.append(row)
    return found


def levels(course: Course, side: str) -> list[float]:
    """Return the level of each session without sudden falls: start, growth, fading, a gap, and a swing."""
    how, chance = SIDES[side], course.random("level")
    start = course.level if course.level is not None else chance.gauss(5.1, 0.4)
    apart, gain = chance.gauss(-0.1, 0.4), chance.uniform(0.3, 0.8)
    if side == "client":
        start = course.client_level if course.client_level is not None else start + apart
    gain = course.growth if course.growth is not None else gain
    shared, own = wave(course.random("shared"), course.held), wave(course.random(side), course.held)
    return [
        start
        + gain * (1 - exp(-index / 7))
        - lost(course, side, index)
        + how.swing * 0.7 * (shared[index] + own[index])
        for index in range(course.held)
    ]


def wave(chance: Random, length: int) -> list[float]:
    """Return a series around 0 with spread 1, in which some of each value carries over to the next."""
    values = [chance.gauss(0, 1)]
    while len(values) < length:
        values.append(CARRIED_OVER * values[-1] + chance.gauss(0, sqrt(1 - CARRIED_OVER**2)))
    return values


def lost(course: Course, side: str, index: int) -> float:
    """Return by how many points fading, and the gap in the client's ratings, lower a session."""
    amount, length = course.fading
    fading = amount * max(0, index - (course.held - 1 - length)) / length
    last = index - (course.held - len(course.gap))
    return fading + (course.gap[last] if side == "client" and last >= 0 else 0.0)


def dips_felt(course: Course, side: str) -> list[Dip]:
    """Return the falls that show in one rater's answers."""
    return [dip for dip in course.dips if dip.noticed or side == "client"]


def all_the_same(course: Course, side: str, index: int) -> int | None:
    """Return the score that this rater gives to every item of a session; None where the answers differ."""
    score, last = course.same
    if side == "client":
        return HIGHEST if course.client_sevens else None
    return score if index >= course.held - last else None


def strain_at(course: Course, index: int, side: str = "client") -> str:
    """Return "new" where a planted strain begins or lasts, "mending" while it is repaired, otherwise ""."""
    for dip in dips_felt(course, side):
        since = index - dip.at % course.held
        if since == 0 or (since > 0 and not dip.back):
            return "new"
        if 0 < since < dip.back:
            return "mending"
    return ""


def held_visit(course: Course, index: int, rows: dict[str, list[dict[str, int | None]]], chance: Random) -> Visit:
    unrated, answered = chance.random(), chance.random()
    planted = bool(strain_at(course, index)) or index >= course.held - len(course.gap)
    waiting = index >= course.held - course.waiting
    share = ANSWERED if course.answers is None else course.answers
    answers = bool(share) and (planted or answered < share)
    skipped = not planted and unrated < LOW_COVERAGE.get(course.clinician, UNRATED)
    settled = course.clinician not in LOW_COVERAGE or not course.is_open
    rated = not waiting and not (skipped and not (settled and answers))
    return Visit(
        clinician=rows["clinician"][index] | clinician_rest(course, index) if rated else None,
        client=rows["client"][index] | client_rest(course, index) if answers else None,
        not_suitable=settled and not rated and not waiting,
        by_former=course.before is not None and index < course.before[1],
    )


def clinician_rest(course: Course, index: int) -> Answers:
    """Return what a clinician adds to the seven rows: the strain question, what was discussed, and the note."""
    chance, strain = course.random("clinician", "rest", index), strain_at(course, index, "clinician")
    said, talked = {
        "new": (chance.choice(("slight", "clear")), chance.choice(("no", "partly"))),
        "mending": chance.choice((("slight", "partly"), ("slight", "yes"), ("none", ""))),
        "": ("none" if chance.random() < 0.65 else "", ""),
    }[strain]
    discussed = chance.choice(("yes", "yes", "not_yet")) if strain == "mending" else ""
    note = clinician_note(chance, strain) if index else ""
    return {"strain": said, "strain_discussed": talked, "discussed": discussed, "note": note}


def client_rest(course: Course, index: int) -> Answers:
    chance, strain = course.random("client", "rest", index), strain_at(course, index)
    said, talked = {
        "new": (chance.choice(("slight", "clear")), "no"),
        "mending": ("none", ""),
        "": ("none" if chance.random() < 0.7 else "", ""),
    }[strain]
    return {"strain": said, "strain_discussed": talked, "discussed": "", "note": client_note(chance, strain)}
