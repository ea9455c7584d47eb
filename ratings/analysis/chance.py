"""What chance does to signals, in plain words for the pages. The figures are from simulation: docs/measures.md."""

PER_SESSION = (
    "About 2 or 3 ordinary sessions in 100 look like this by chance: it may mean nothing, and asking is the way to find"
    " out."
)
PER_THERAPY = "Over 20 sessions without any strain about 4 in 10 therapies are flagged at least once."
NO_REASSURANCE = "No signal is no reassurance: in simulation more than half of planted strains are missed."


def by_steadiness(*, own_values: bool) -> str:
    """Say that unsteady ratings are flagged more often; the service's own starting values (`own_values`) lessen it."""
    until = "" if own_values else ", until this service has starting values of its own"
    return (
        "Clients whose ratings swing more are flagged more often: in simulation the most changeable quarter six to "
        f"eight times as often as the calmest{until}."
    )
