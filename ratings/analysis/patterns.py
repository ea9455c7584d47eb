"""Rules that see a pattern over several sessions: low from the start, not rated, erosion, flat answers, phase change.

Source: docs/measures.md#the-rules. Scores are overall alliance, 1 to 7.
"""

from ratings.analysis.reading import CLIENT, CLINICIAN, Reading
from ratings.analysis.rule import WHO, Finding, Rule, Verdict, of_alarm_rater
from ratings.analysis.several_sessions import (
    EROSION_BEST_FROM,
    EROSION_FROM,
    EROSION_GAIN,
    EROSION_LIMIT,
    LOW_FROM,
    LOW_Z,
    MIDDLE,
    PHASE_FROM,
    PHASE_LIMIT,
    PHASE_WIDTH,
    SAME_RUNNING,
    all_sevens,
)
from ratings.analysis.words import spoken

UNRATED = 2


def low_from_start(reading: Reading, index: int, rater: str) -> Verdict:
    """Hold where the upper limit of this rater's usual level is below the middle of the scale."""
    edge, usual = reading.low_edges[rater][index], reading.levels[rater][index]
    if edge is None or usual is None:
        return None
    if edge >= MIDDLE:
        return False
    scores = [score for score in reading.scores[rater][reading.start_of(rater, index) : index + 1] if score is not None]
    since = " from the start" if max(scores) < MIDDLE else ""
    return Finding(
        f"Rated by {WHO[rater]}, the alliance has been below the middle of the scale{since}: its usual level "
        f"is {spoken(usual.next_level)}. It may help to ask what would make these sessions more useful.",
        (
            f"Usual level after the session: b = {usual.next_level:.4f}",
            f"What is uncertain about it: sqrt(S C) = {(edge - usual.next_level) / LOW_Z:.4f}",
            f"b + {LOW_Z} sqrt(S C) = {edge:.4f}, below {MIDDLE:g}",
        ),
        rater,
        {"edge": edge},
        (f"Usual level {spoken(usual.next_level)}; at most {spoken(edge)}, with little doubt.",),
    )


def not_rated(reading: Reading, index: int) -> Verdict:
    """Hold where two held sessions or more wait for the clinician's rating, whether or not others were rated since."""
    if not reading.sessions[index].waits and reading.sessions[index].clinician is None:
        return None
    waiting = reading.unrated[index]
    if waiting < UNRATED:
        return False
    return Finding(
        f"{waiting} sessions were held and wait for the clinician's rating.",
        (f"Held sessions that wait for a rating: {waiting}",),
        CLINICIAN,
        {"waiting": waiting},
        (f"{waiting} held sessions without a rating by the clinician; named from {UNRATED} on.",),
    )


def erosion(reading: Reading, index: int, rater: str) -> Verdict:
    """Hold where the running average of the scores is 2 scales or more below its own best."""
    found = reading.erosion[rater][index]
    if found is None:
        return None
    if found.fallen < EROSION_LIMIT:
        return False
    return Finding(
        f"Rated by {WHO[rater]}, the alliance has come down over several sessions: a running average of the ratings "
        f"was {spoken(found.best)} at its best and is {spoken(found.average)} now.",
        (
            f"Running average now: {found.average:.4f}",
            f"Its best since the rated session {EROSION_BEST_FROM}: {found.best:.4f}",
            f"Scale after the session: sqrt(S) = {found.scale:.4f}",
            f"G = ({found.best:.4f} - {found.average:.4f}) / {found.scale:.4f} = {found.fallen:.4f}",
        ),
        rater,
        {"G": found.fallen},
        (
            f"Running average {spoken(found.average)} now, {spoken(found.best)} at its best.",
            f"That is {spoken(found.fallen)} times the ordinary ups and downs of {spoken(found.scale)} lower.",
            f"Named from {EROSION_LIMIT:g} times on.",
        ),
    )


def little_information(reading: Reading, index: int) -> Verdict:
    """Hold where either rater's answers have not differed for four rated sessions; the client's are read first."""
    verdicts = [same_answers(reading, index, rater) for rater in (CLIENT, CLINICIAN)]
    told = [verdict for verdict in verdicts if verdict is not None]
    return next((verdict for verdict in told if verdict), False) if told else None


def same_answers(reading: Reading, index: int, rater: str) -> Verdict:
    """Hold where this rater's answers have not differed for four rated sessions running."""
    answers, running = reading.sessions[index].by(rater), reading.same_answers[rater][index]
    if answers is None:
        return None
    if running < SAME_RUNNING:
        return False
    same = "a 7 on every row" if all_sevens(answers.items) else "the same seven answers"
    return Finding(
        f"{WHO[rater].capitalize()} gave {same} in {running} rated sessions running. They may be exactly right, "
        "or say little. It is unclear which.",
        (f"Rated sessions running with the same answers: {running}",),
        rater,
        {"running": running},
        (f"The same answers in {running} rated sessions running; named from {SAME_RUNNING} on.",),
    )


def phase_change(reading: Reading, index: int, rater: str) -> Verdict:
    """Hold where the last three scores differ reliably from the first three, in either direction."""
    found = reading.phases[rater][index]
    if found is None:
        return None
    if abs(found.change) <= PHASE_LIMIT:
        return False
    way = "higher" if found.change > 0 else "lower"
    return Finding(
        f"Rated by {WHO[rater]}, the last three ratings are reliably {way} than the first three: "
        f"{spoken(found.last)} on average, after {spoken(found.first)}.",
        (
            f"Mean of the first three: {found.first:.4f}. Mean of the last three: {found.last:.4f}",
            f"Scale after the session: sqrt(S) = {found.scale:.4f}",
            f"Standard error: {PHASE_WIDTH} sqrt(S) sqrt(2/3) = {found.error:.4f}",
            f"({found.last:.4f} - {found.first:.4f}) / {found.error:.4f} = {found.change:.4f}",
        ),
        rater,
        {"difference": found.change},
        (
            f"{spoken(found.last)} on average in the last three, {spoken(found.first)} in the first three.",
            f"That is {spoken(abs(found.change))} times what such a difference is uncertain by.",
            f"Named from {PHASE_LIMIT} times on.",
        ),
    )


PATTERNS = (
    Rule(
        id="low-from-start",
        version=1,
        title="Below the middle of the scale",
        severity="low",
        tier="review",
        rank=5,
        find=of_alarm_rater(low_from_start),
        judge=low_from_start,
        sees="a usual level below the middle of the scale, with little doubt",
        threshold=f"from rated session {LOW_FROM}: b + {LOW_Z} sqrt(S C) below {MIDDLE:g}",
        citation="Upper limit of the running level of the local level model.",
        parameters={"middle": MIDDLE, "z": LOW_Z, "from rated session": LOW_FROM},
    ),
    Rule(
        id="not-rated",
        version=2,
        title="Sessions not rated",
        severity="low",
        tier="review",
        rank=6,
        find=not_rated,
        sees="held sessions that wait for the clinician's rating",
        threshold=f"{UNRATED} or more, in a row or not",
        citation="In a mandatory national scheme most courses of therapy were rated once or never.",
        parameters={"waiting": UNRATED},
        counts=True,
    ),
    Rule(
        id="erosion",
        version=1,
        title="Lower over several sessions",
        severity="low",
        tier="note",
        rank=7,
        find=of_alarm_rater(erosion),
        judge=erosion,
        sees="ratings that have come down over several sessions, even where no single one stands out",
        threshold=f"from {EROSION_FROM} rated sessions: G of {EROSION_LIMIT:g} or more",
        citation="Exponentially weighted average against its own best.",
        parameters={"G": EROSION_LIMIT, "weight": EROSION_GAIN, "from rated session": EROSION_FROM},
    ),
    Rule(
        id="little-information",
        version=1,
        title="The same answers each time",
        severity="low",
        tier="note",
        rank=8,
        find=little_information,
        judge=same_answers,
        sees="ratings that may say little",
        threshold=f"the same seven answers, or nothing but 7s, in {SAME_RUNNING} rated sessions running",
        citation="A rule of this project; unclear is not well.",
        parameters={"running": SAME_RUNNING},
    ),
    Rule(
        id="phase-change",
        version=1,
        title="A reliable change over the therapy",
        severity="none",
        tier="note",
        rank=None,
        find=of_alarm_rater(phase_change),
        judge=phase_change,
        sees="the last ratings reliably above or below the first",
        threshold=f"from {PHASE_FROM} rated sessions: beyond {PHASE_LIMIT} either way",
        citation="After reliable change, Jacobson and Truax 1991.",
        parameters={"limit": PHASE_LIMIT, "from rated session": PHASE_FROM, "width": PHASE_WIDTH},
    ),
)
