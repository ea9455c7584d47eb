"""How good a rule's alarms are on simulated clients, and its threshold at a given rate of false alarms."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean

from bench.signals.raters import ORDINARY, STRAINED, SimulatedClient
from bench.signals.rivals import Rival

EARLY = range(1, 5)
STEPS = 12


@dataclass(frozen=True)
class Outcome:
    """The figures of one rule for one kind of rater.

    `caught` and `right` are in per cent, `false` in 100 ordinary sessions, `delay` in sessions from the start of the
    strain. The figures that end in `_early` are those of sessions 2 to 5.
    """

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


def alarms_of(rival: Rival, threshold: float, client: SimulatedClient) -> list[bool | None]:
    """Return for each held session whether a rule alarms; None at the first rated one and without a score."""
    places = [index for index, score in enumerate(client.scores) if score is not None]
    given = rival.alarms([score for score in client.scores if score is not None], threshold)
    found: list[bool | None] = [None] * len(client.scores)
    for index, alarm in list(zip(places, given, strict=True))[1:]:
        found[index] = alarm
    return found


def share(hits: Sequence[bool]) -> float:
    """Return the share of hits in per cent."""
    return 100 * sum(hits) / len(hits) if hits else 0.0


def at_ordinary(
    clients: Sequence[SimulatedClient], alarms: Sequence[list[bool | None]], held: range | None = None
) -> list[bool]:
    """Return whether a rule alarms, for each ordinary rated session: all of them, or those at some indexes."""
    return [
        alarm
        for client, given in zip(clients, alarms, strict=True)
        for index, alarm in enumerate(given)
        if alarm is not None and client.states[index] == ORDINARY and (held is None or index in held)
    ]


def delays(
    clients: Sequence[SimulatedClient], alarms: Sequence[list[bool | None]], held: range | None = None
) -> list[int | None]:
    """Return for each strain the number of sessions before an alarm, None where there is no alarm.

    Strains during which no session was rated are left out.
    """
    found: list[int | None] = []
    for client, given in zip(clients, alarms, strict=True):
        for strain in client.strains:
            window = range(strain.start, strain.end + 1)
            if (held is None or strain.start in held) and any(given[index] is not None for index in window):
                found.append(next((index - strain.start for index in window if given[index]), None))
    return found


def outcome(rater: str, rival: Rival, threshold: float, label: str, clients: Sequence[SimulatedClient]) -> Outcome:
    """Return the figures of one rule at one threshold."""
    alarms = [alarms_of(rival, threshold, client) for client in clients]
    late, early = delays(clients, alarms), delays(clients, alarms, EARLY)
    noise = at_ordinary(clients, alarms)
    right = sum(
        bool(alarm) and client.states[index] == STRAINED
        for client, given in zip(clients, alarms, strict=True)
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
        false_early=share(at_ordinary(clients, alarms, EARLY)),
    )


def tuned(rival: Rival, clients: Sequence[SimulatedClient], false: float) -> float:
    """Return the lowest threshold, by bisection, at which the rate of false alarms is at most `false`.

    `false` is in 100 ordinary sessions. A higher threshold alarms less.
    """
    low, high = 0.0, rival.highest
    for _ in range(STEPS):
        middle = (low + high) / 2
        alarms = [alarms_of(rival, middle, client) for client in clients]
        if share(at_ordinary(clients, alarms)) > false:
            low = middle
        else:
            high = middle
    return high
