"""A clinician's ratings beside those of their clients for the same sessions; only that clinician sees them.

Source: docs/measures.md#a-service-in-figures. Scores are 1 to 7.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from statistics import fmean

from ratings.analysis.scores import all_scores
from ratings.analysis.service_figures import RATERS, HeldSession
from ratings.analysis.words import spoken
from ratings.elements import ELEMENTS

FEWEST_PAIRS = 4
NEAR = 1.0
KEYS = ("overall", *ELEMENTS)


@dataclass(frozen=True)
class SideBySide:
    """One score as the clinician (`own`) and the clients (`theirs`) rated it: means in which each client counts once.

    `pairs` is the number of sessions that both rated, `clients` that of their clients, `near` that of sessions with
    less than a point between the two scores.
    """

    pairs: int
    clients: int
    own: float
    theirs: float
    near: int

    @property
    def apart(self) -> str:
        """Say how the clients' mean lies against the clinician's, from the means as printed: "0.4 higher"."""
        apart = round(float(spoken(self.theirs)) - float(spoken(self.own)), 1)
        return "the same" if not apart else f"{abs(apart)} {'higher' if apart > 0 else 'lower'}"


def side_by_side(visits: Sequence[HeldSession]) -> dict[str, SideBySide]:
    """Return the comparison of the overall score ("overall") and of each element, by its key.

    A score has no entry below four sessions that both rated. Raises ValueError for answers that are not 1 to 7.
    """
    by_client: dict[str, dict[Hashable, list[tuple[float, float]]]] = {key: defaultdict(list) for key in KEYS}
    for visit in visits:
        if all(rater in visit.items_by_rater for rater in RATERS):
            own, theirs = (all_scores(visit.items_by_rater[rater]) for rater in RATERS)
            for key in KEYS:
                mine, other = own[key], theirs[key]
                if mine is not None and other is not None:
                    by_client[key][visit.client].append((mine, other))
    return {key: compared(pairs) for key, pairs in by_client.items() if sum(map(len, pairs.values())) >= FEWEST_PAIRS}


def compared(pairs: dict[Hashable, list[tuple[float, float]]]) -> SideBySide:
    """Compare one score, from the pairs of each client: the clinician's score and the client's."""
    means = [(fmean(mine for mine, _ in given), fmean(other for _, other in given)) for given in pairs.values()]
    every = [pair for given in pairs.values() for pair in given]
    return SideBySide(
        pairs=len(every),
        clients=len(pairs),
        own=fmean(mine for mine, _ in means),
        theirs=fmean(other for _, other in means),
        near=sum(abs(mine - other) < NEAR for mine, other in every),
    )
