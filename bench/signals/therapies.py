"""What signals amount to over a whole therapy, for steady and for changeable raters; how often repair is misjudged.

Source: docs/measures.md#how-well-it-does-in-simulation.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from random import Random
from statistics import stdev
from typing import Any

from bench.signals.outcomes import share
from bench.signals.raters import (
    CLIENT_RATER,
    LASTING,
    ORDINARY,
    RATERS,
    Planted,
    SimulatedClient,
    SimulatedRater,
    simulate,
)
from ratings.analysis.ruptures import RuptureCourse, from_flag
from ratings.analysis.usual import AMBER, usual_levels

QUIET_SESSIONS = 20
FOURTHS = ("calmest fourth", "second fourth", "third fourth", "most changeable fourth")
ENOUGH_AFTER = 3  # rated sessions, after which a rupture may count as unresolved
BY_CHANCE, REPAIRED, LASTS = "flags by chance", "strains that were repaired", "strains that last"


@dataclass(frozen=True)
class QuietTherapies:
    """Therapies of 20 sessions without any strain, by one kind of rater: how many were flagged at least once.

    `once` is in per cent of the therapies, the others in 100 rated sessions: `false` those flagged, `low` those with a
    z of 1.8 or more, `high` those with one of -1.8 or less.
    """

    rater: str
    once: float
    false: float
    low: float
    high: float


@dataclass(frozen=True)
class Unresolved:
    """Of `flagged` ruptures of one kind, how many count as unresolved (`share`), in per cent.

    Only those after which three sessions or more were rated.
    """

    kind: str
    flagged: int
    share: float


def quiet_clients(rater: SimulatedRater, seed: int, clients: int) -> list[SimulatedClient]:
    """Simulate therapies of 20 sessions without any strain. The same seed gives the same ones."""
    rng = Random(f"{seed} quiet therapies {rater.name}")
    nothing: Planted = ([0.0] * QUIET_SESSIONS, [ORDINARY] * QUIET_SESSIONS, [])
    return [simulate(rng, rater, planted=nothing) for _ in range(clients)]


def flags_of(client: SimulatedClient) -> list[bool]:
    """Return for each rated session but the first whether it is flagged."""
    return [usual.flag is not None for usual in usual_levels(client.scores) if usual and usual.z is not None]


def quiet_therapies(rater: SimulatedRater, clients: Sequence[SimulatedClient]) -> QuietTherapies:
    flags = [flags_of(client) for client in clients]
    found = [usual.z for client in clients for usual in usual_levels(client.scores) if usual and usual.z is not None]
    return QuietTherapies(
        rater.name,
        once=share([any(each) for each in flags]),
        false=share([one for each in flags for one in each]),
        low=share([z >= AMBER for z in found]),
        high=share([z <= -AMBER for z in found]),
    )


def by_steadiness(clients: Sequence[SimulatedClient]) -> dict[str, float]:
    """Return false alarms in 100 rated sessions for each fourth of the clients, from the calmest up."""
    ordered = sorted(clients, key=lambda client: stdev(client.moves))
    edges = [len(ordered) * part // len(FOURTHS) for part in range(len(FOURTHS) + 1)]
    return {
        name: share([one for client in ordered[start:end] for one in flags_of(client)])
        for name, start, end in zip(FOURTHS, edges, edges[1:], strict=False)
    }


def first_flags(client: SimulatedClient) -> Iterator[tuple[str, RuptureCourse]]:
    """Yield the rupture of each flag by chance, and that of the first flag on each strain, each with its kind."""
    levels = usual_levels(client.scores)
    flagged = [index for index, usual in enumerate(levels) if usual and usual.flag]
    places = [(BY_CHANCE, index) for index in flagged if client.states[index] == ORDINARY]
    for strain in client.strains:
        on_it = [index for index in flagged if strain.start <= index <= strain.end]
        places += [(LASTS if strain.shape == LASTING else REPAIRED, index) for index in on_it[:1]]
    for kind, index in places:
        if sum(score is not None for score in client.scores[index + 1 :]) >= ENOUGH_AFTER:
            yield kind, from_flag(levels, client.scores, index)


def unresolved(clients: Sequence[SimulatedClient]) -> list[Unresolved]:
    """Return how many ruptures of each kind count as unresolved."""
    found: dict[str, list[bool]] = defaultdict(list)
    for client in clients:
        for kind, course in first_flags(client):
            found[kind].append(course.unresolved is not None)
    return [Unresolved(kind, len(found[kind]), share(found[kind])) for kind in (BY_CHANCE, REPAIRED, LASTS)]


def figures(seed: int, clients: int) -> dict[str, Any]:
    """Return the figures of this module, as they are kept."""
    quiet = {rater: quiet_clients(rater, seed, clients) for rater in RATERS}
    rng = Random(f"{seed} repair")
    strained = [simulate(rng, CLIENT_RATER) for _ in range(2 * clients)]
    return {
        "quiet therapies": [asdict(quiet_therapies(rater, given)) for rater, given in quiet.items()],
        "steadiness": by_steadiness(quiet[CLIENT_RATER]),
        "unresolved": [asdict(each) for each in unresolved(strained)],
    }


def lines(found: dict[str, Any]) -> list[str]:
    """Write the figures of this module."""
    once = [
        f"  {row['rater']:<30}{row['once']:>6.0f}%  unusually low {row['low']:.2f}, high {row['high']:.2f} in 100"
        for row in found["quiet therapies"]
    ]
    calm = [f"  {name:<30}{rate:>6.1f}" for name, rate in found["steadiness"].items()]
    open_still = [f"  {row['kind']:<30}{row['share']:>6.0f}%  of {row['flagged']}" for row in found["unresolved"]]
    return [
        f"Therapies of {QUIET_SESSIONS} sessions without any strain that are flagged at least once:",
        *once,
        "False alarms in 100 rated sessions, by how much the client's own ratings swing (client form):",
        *calm,
        "Counted as unresolved, where three sessions or more were rated after the flag:",
        *open_still,
    ]
