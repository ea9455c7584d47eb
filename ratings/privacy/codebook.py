"""What each column of a validation extract holds: the codebook that is written beside it."""

from collections.abc import Iterator

from ratings.elements import FORM_LANGUAGE, FORM_VERSION, ITEMS, SCALE, STRAIN, STRAIN_QUESTION, TALKED, TALKED_QUESTION

HEADER = ("column", "meaning", "values")
RANDOM = "random letters and digits, drawn for this extract alone"
YES = "yes, no"
RATED_ONLY = "empty where there is no rating"
BEFORE: dict[str, tuple[str, str]] = {
    "client": ("the client", RANDOM),
    "therapy": ("the course of therapy; a client may have several", RANDOM),
    "therapist": ("the clinician who held the session", RANDOM),
    "session": (
        "number of the session among those held in this therapy, rated or not",
        "1, 2, ...",
    ),
    "days": ("days since the client's first session that was held", "0, 1, ..."),
    "rater": (
        "who rated, or could have; an observer has lines for ratings only",
        "client, clinician, observer",
    ),
    "asked": ("whether the rating was asked for; clinicians and observers always are", YES),
    "rated": ("whether there is a rating", YES),
    "form_version": ("version of the questions' wording", f"{FORM_VERSION}; {RATED_ONLY}"),
    "language": ("language of the form that was filled in", f"{FORM_LANGUAGE}; {RATED_ONLY}"),
}
AFTER: dict[str, tuple[str, str]] = {
    "strain": (STRAIN_QUESTION, f"{', '.join(STRAIN)}; empty where it was not answered"),
    "talked_about": (TALKED_QUESTION, f"{', '.join(TALKED)}; empty where it was not answered or not asked"),
    "late": ("whether the rating was saved more than 72 hours after the session", f"{YES}; {RATED_ONLY}"),
    "corrected": ("whether the rating was changed after the first 15 minutes", f"{YES}; {RATED_ONLY}"),
}
COLUMNS = (*BEFORE, *(item.key for item in ITEMS), *AFTER)


def lines() -> Iterator[tuple[str, str, str]]:
    """Yield column, meaning and values, in the order of the columns."""
    scale = "; ".join(f"{number} {words}" for number, words in SCALE.items())
    for column, (meaning, values) in BEFORE.items():
        yield column, meaning, values
    for item in ITEMS:
        wording = f"Clinician: {item.clinician} Client: {item.client} Observer: {item.observer}"
        yield item.key, wording, f"{scale}; empty where it was left out"
    for column, (meaning, values) in AFTER.items():
        yield column, meaning, values
