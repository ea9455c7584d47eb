"""Low, and said: a rule in which a strain that somebody reported counts as part of the drop.

It decides only in a service that has switched it on. Source: docs/measures.md#low-and-said. Scores are overall
alliance, 1 to 7, in the order of the sessions; a list has a place for each session.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ratings.analysis.usual import AMBER, STANDARD, Prior, Usual, flag_of, usual_levels

POINTS = {"none": -0.25, "slight": 0.5, "clear": 1.0}
REPORTED = {"slight", "clear"}
STANDARD_PRIOR = Prior()
Word = str | None


@dataclass(frozen=True)
class Evidence:
    """One session as this rule reads it, on the ratings of the rater whose usual level counts (`form`).

    `score`, `level`, `spread`, `scale`, `nu` and `z` are that rater's, as in `Usual`; z is None at their first rated
    session, and counts as 0. `points_client` and `points_clinician` are what either said of a strain. `evidence` is
    the sum; `evidence_before` that of the session before it which has one. `reported` is whether either reported a
    strain. `flag` is "red", "amber" or None.
    """

    form: str
    score: float
    level: float
    spread: float
    scale: float
    nu: float
    z: float | None
    points_client: float
    points_clinician: float
    evidence: float
    evidence_before: float | None
    reported: bool
    flag: str | None


def low_and_said(  # noqa: PLR0917 - two ratings, two answers, two priors
    client: Sequence[float | None],
    clinician: Sequence[float | None],
    client_strain: Sequence[Word],
    clinician_strain: Sequence[Word],
    prior: Prior = STANDARD_PRIOR,
    clinician_prior: Prior = STANDARD_PRIOR,
) -> list[Evidence | None]:
    """Return each session's evidence, None where neither rater has an overall score.

    `client` and `clinician` are scores, None where there is none or staff may not see it yet. `client_strain` and
    `clinician_strain` are "none", "slight", "clear", or None where the question was not answered. `prior` is that of
    the client's ratings. Raises ValueError for lists of different lengths, another answer, or a score off the scale.
    """
    check_answers(client, clinician, client_strain, clinician_strain)
    levels = zip(usual_levels(client, prior), usual_levels(clinician, clinician_prior), strict=True)
    return list(evidence_in(levels, zip(client_strain, clinician_strain, strict=True)))


def evidence_in(
    levels: Iterable[tuple[Usual | None, Usual | None]], answers: Iterable[tuple[Word, Word]]
) -> Iterator[Evidence | None]:
    """Yield each session's evidence from the usual levels and the answers about strain, the client's first of each."""
    before: float | None = None
    for (by_client, by_clinician), said in zip(levels, answers, strict=True):
        usual = by_client or by_clinician
        if usual is None:
            yield None
            continue
        found = evidence_of("client" if by_client else "clinician", usual, said, before)
        before = found.evidence
        yield found


def evidence_of(rater: str, usual: Usual, said: tuple[Word, Word], before: float | None) -> Evidence:
    """Weigh one session: `said` is the client's answer and the clinician's, `before` the evidence before it."""
    of_client, of_clinician = (POINTS.get(word or "", 0.0) for word in said)
    evidence = (usual.z or 0.0) + of_client + of_clinician
    reported = bool(REPORTED & set(said))
    drop = usual.score - usual.level
    flag = flag_of(evidence, before, min(drop, -STANDARD.least_drop) if reported else drop)
    return Evidence(
        form=rater,
        score=usual.score,
        level=usual.level,
        spread=usual.spread,
        scale=usual.scale,
        nu=usual.nu,
        z=usual.z,
        points_client=of_client,
        points_clinician=of_clinician,
        evidence=evidence,
        evidence_before=before,
        reported=reported,
        flag=flag,
    )


def first_session_of_alarm(evidence: Sequence[Evidence | None], flagged: int) -> int:
    """Return the first session of an alarm: the flagged one, or the one before it where it took two.

    The flagged one too where nothing flags it any more: a person has spoken of its rupture, and its ratings changed.
    """
    found = evidence[flagged]
    if found is None or found.flag is None or found.evidence >= AMBER:
        return flagged
    return max(index for index in range(flagged) if evidence[index])


def check_answers(*lists: Sequence[float | Word]) -> None:
    """Raise ValueError unless the four lists are of one length and the last two hold known answers."""
    if len({len(each) for each in lists}) > 1:
        raise ValueError(f"lists of different lengths: {', '.join(str(len(each)) for each in lists)}")
    unknown = {str(word) for each in lists[2:] for word in each if word is not None and word not in POINTS}
    if unknown:
        raise ValueError(f"not an answer about a strain: {', '.join(sorted(unknown))}")
