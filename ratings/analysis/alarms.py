"""Rules that see a strain: unusually low today, a strain reported, a strain that stays open, a gap.

Source: docs/measures.md#the-rules, and docs/measures.md#the-usual-level for z. Scores are overall alliance, 1 to 7.
"""

from collections.abc import Callable

from ratings.analysis.chance import PER_SESSION
from ratings.analysis.reading import CLIENT, CLINICIAN, Reading
from ratings.analysis.rule import WHO, Finding, Rule, Verdict
from ratings.analysis.ruptures import BACK_WITHIN, SESSIONS_ALLOWED, SESSIONS_BACK, RuptureCourse
from ratings.analysis.usual import AMBER, AMBER_TWICE, LEAST_DROP, RED, RED_TWICE, Usual
from ratings.analysis.words import against, spoken, usually
from ratings.elements import ELEMENTS

GAP, GAP_PAIRS = 1.0, 4  # points; sessions that both rated
ROUNDING = 1e-9  # how far a difference of two scores may be off by its representation
TALKED = {"partly": ", talked about in part", "no": ", not talked about"}


def numbers(usual: Usual) -> tuple[str, ...]:
    """Write out the arithmetic of one session's z, a line for each step."""
    z = usual.z if usual.z is not None else 0.0
    t = (usual.level - usual.score) / usual.spread
    nu = f"{usual.nu:g}"
    return (
        f"Usual level before the session: b = {usual.level:.4f}",
        f"Spread of the prediction: w = {usual.spread:.4f}",
        f"t = (b - score) / w = ({usual.level:.4f} - {usual.score:.4f}) / {usual.spread:.4f} = {t:.4f}",
        f"z = (8 n + 1) / (8 n + 3) x sqrt(n ln(1 + t^2 / n)) with n = {nu}: z = {z:.4f}",
    )


def spreads_below(usual: Usual) -> str:
    """Say how far below usual a rating is, in a clinician's words."""
    z = usual.z if usual.z is not None else 0.0
    plain, counted = spoken((usual.level - usual.score) / usual.spread), spoken(z)
    few = "" if plain == counted else f" ({plain} by division, counted down while ratings are few)"
    return (
        f"Usual {spoken(usual.level)}, expected spread {spoken(usual.spread)}, this rating {spoken(usual.score)}: "
        f"{counted} spreads below{few}."
    )


def flagged_from(usual: Usual, before: Usual | None) -> str:
    """Say from how many spreads on a rating is flagged, and where it took two running, how far the one before was."""
    alone, twice = (RED, RED_TWICE) if usual.flag == "red" else (AMBER, AMBER_TWICE)
    said = f"Flagged from {alone} spreads below, or from {twice} twice running, and at least half a point below usual."
    if before is None or before.z is None or usual.z is None or usual.z >= alone:
        return said
    return f"{said} The rated session before was {spoken(before.z)} below."


def fallen(reading: Reading, rater: str, index: int) -> str:
    """Name the elements furthest below their own usual level, as a sentence; empty where none is below."""
    named = reading.fell_most(rater, index)
    return (
        f" Furthest below their own usual level: {' and '.join(ELEMENTS[key].lower() for key in named)}."
        if named
        else ""
    )


def unusually_low(flag: str) -> Callable[[Reading, int], Verdict]:
    """Return the function of a rule that holds where the session has this flag, "red" or "amber"."""

    def find(reading: Reading, index: int) -> Verdict:
        rater = reading.alarm_rater(index)
        usual = reading.levels[rater][index] if rater else None
        if rater is None or usual is None or usual.z is None:
            return None
        if usual.flag != flag:
            return False
        before = reading.rated_before(rater, index)
        return Finding(
            f"Rated by {WHO[rater]}, overall {spoken(usual.score)} is lower than this client's own usual level of "
            f"{spoken(usual.level)} by more than these ratings normally move{twice(usual)}."
            f"{fallen(reading, rater, index)}",
            (*numbers(usual), before_it(before)),
            rater,
            {"z": usual.z, "score": usual.score, "level": usual.level},
            (spreads_below(usual), flagged_from(usual, before)),
        )

    return find


def twice(usual: Usual) -> str:
    """Say that two rated sessions running made the flag, where one alone would not have."""
    alone = RED if usual.flag == "red" else AMBER
    return ", for the second rated session running" if usual.z is not None and usual.z < alone else ""


def before_it(before: Usual | None) -> str:
    """Write the z of the rated session before as a line of the arithmetic."""
    if before is None or before.z is None:
        return "The rated session before was the first of its series and has no z."
    return f"z at the rated session before: {before.z:.4f}"


def strain_reported(reading: Reading, index: int) -> Verdict:
    """Hold where a rater reports a strain that was not talked about fully; None where neither answered the question."""
    session = reading.sessions[index]
    said = {rater: answers for rater in (CLIENT, CLINICIAN) if (answers := session.by(rater)) and answers.strain}
    if not said:
        return None
    reports = [rater for rater, answers in said.items() if answers.reports_strain]
    if not reports:
        return False
    return Finding(
        " ".join(
            f"{WHO[rater].capitalize()} reported a {said[rater].strain} strain, misunderstanding or disagreement"
            f"{TALKED.get(said[rater].talked, '')}."
            for rater in reports
        ),
        tuple(
            f"By {WHO[rater]}: strain {answers.strain}; talked about: {answers.talked or 'not said'}."
            for rater, answers in said.items()
        ),
        reports[0],
        in_words=tuple(f"{WHO[rater].capitalize()} answered: {said[rater].strain} strain." for rater in reports),
    )


def gap(reading: Reading, index: int) -> Verdict:
    """Hold where the client rates at least one point below the clinician, though usually above.

    "Usually" is the mean of the earlier sessions that both rated, four at least. None without such a mean or without
    both scores today.
    """
    today, usual, pairs = reading.gaps[index]
    client, clinician = reading.scores[CLIENT][index], reading.scores[CLINICIAN][index]
    if today is None or client is None or clinician is None or pairs < GAP_PAIRS:
        return None
    if not (today <= -GAP + ROUNDING and usual > 0):
        return False
    return Finding(
        f"The client rated {against(client, clinician)} than the clinician ({spoken(client)} and "
        f"{spoken(clinician)}), while until now the client rated higher on average. A gap is a topic, not an error.",
        (
            f"Gap today: {client:.4f} - {clinician:.4f} = {today:.4f}",
            f"Usual gap, mean of {pairs} earlier pairs: {usual:.4f}",
        ),
        CLIENT,
        {"gap": today, "usual": usual},
        (f"{against(client, clinician).capitalize()} today; usual over {pairs} earlier sessions: {usually(usual)}.",),
    )


def stays_open(course: RuptureCourse, rater: str) -> Finding:
    """Return the finding on a rupture that counts as unresolved. The rupture's course decides that, not one session."""
    return Finding(
        f"Three rated sessions later, {WHO[rater]}'s ratings have not been back in the usual range twice running.",
        (
            f"Level and scale before it opened: b* = {course.level:.4f}, s* = {course.scale:.4f}",
            f"Back in range from b* - 0.5 s* = {course.back_from:.4f}",
        ),
        rater,
        {"level": course.level, "scale": course.scale},
        (
            f"Usual {spoken(course.level)} before it, ordinary ups and downs {spoken(course.scale)}.",
            f"Back in the usual range from {spoken(course.back_from)} on.",
        ),
    )


def nothing(reading: Reading, index: int) -> Verdict:
    """Find nothing at any session: whether a rupture is unresolved is read from its course (`follow`)."""
    del reading, index
    return None


LOCAL_LEVEL = "Local level model with learned spread (Durbin and Koopman 2012); t to z by Wallace 1959."
RUBEL = "Rubel and colleagues 2018: ruptures asked for directly predicted the next session in 1,210 patients."
ALARMS = (
    Rule(
        id="unusually-low-red",
        version=1,
        title="Unusually low",
        severity="high",
        tier="supervision",
        rank=1,
        find=unusually_low("red"),
        sees="a rating far below this client's own usual level",
        threshold=f"z of {RED} or more, or {RED_TWICE} twice running; and at least {LEAST_DROP} points below",
        citation=LOCAL_LEVEL,
        parameters={"z": RED, "z twice running": RED_TWICE, "least drop": LEAST_DROP},
        closes="rupture",
        opens_rupture=True,
        caution=PER_SESSION,
    ),
    Rule(
        id="unresolved-rupture",
        version=1,
        title="Strain without repair in sight",
        severity="high",
        tier="supervision",
        rank=2,
        find=nothing,
        sees="an open strain whose ratings have not come back",
        threshold=f"no {SESSIONS_BACK} sessions running back in range by the rated session {SESSIONS_ALLOWED} after it",
        citation="From simulation (bench/signals): one session back would clear three times as many strains that last.",
        parameters={"sessions": SESSIONS_ALLOWED, "back running": SESSIONS_BACK, "back within scales": BACK_WITHIN},
        closes="rupture",
    ),
    Rule(
        id="unusually-low-amber",
        version=1,
        title="Lower than usual",
        severity="medium",
        tier="review",
        rank=3,
        find=unusually_low("amber"),
        sees="a rating below this client's own usual level by more than the ratings normally move",
        threshold=f"z of {AMBER} or more, or {AMBER_TWICE} twice running; and at least {LEAST_DROP} points below",
        citation=LOCAL_LEVEL,
        parameters={"z": AMBER, "z twice running": AMBER_TWICE, "least drop": LEAST_DROP},
        closes="rupture",
        opens_rupture=True,
        caution=PER_SESSION,
    ),
    Rule(
        id="strain-reported",
        version=1,
        title="A strain was reported",
        severity="medium",
        tier="review",
        rank=3,
        find=strain_reported,
        sees="the strain question answered slight or clear, and not talked about fully",
        threshold="any such answer, on either form",
        citation=RUBEL,
        closes="rupture",
        opens_rupture=True,
    ),
    Rule(
        id="gap",
        version=1,
        title="Seen differently",
        severity="medium",
        tier="review",
        rank=4,
        find=gap,
        sees="a client who rates well below the clinician, where usually it is the other way round",
        threshold=f"{GAP:g} or more lower today; usual gap positive over at least {GAP_PAIRS} earlier pairs",
        citation="Differences between two raters: Bland and Altman 1986.",
        parameters={"gap": GAP, "earlier pairs": GAP_PAIRS},
        seen_closes=True,
    ),
)
