"""Episodes to read, written as lists of overall scores: fifths of a point, None where a form was not filled in."""

from ratings.analysis.reading import Answers, Reading, SessionAnswers
from ratings.elements import ELEMENTS, ITEMS


def items(score):
    """Spread an overall score over the seven items, so that the elements differ by one point at most."""
    whole, more = divmod(round(score * 5), 5)
    elements = {key: whole + (place < more) for place, key in enumerate(reversed(ELEMENTS))}
    return {item.key: elements[item.element] for item in ITEMS}


def answers(score, author="", **said):
    return Answers(items(score), author=author, **said)


def answered(given, author=""):
    return [answers(each, author) if isinstance(each, int | float) else each for each in given]


def reading(client=(), clinician=(), priors=None):
    """Read an episode; a list that is shorter than the other one is filled up with sessions not rated."""
    length = max(len(client), len(clinician))
    both = [[*answered(given), *[None] * (length - len(given))] for given in (client, clinician)]
    held = [
        SessionAnswers(clinician=by_clinician, client=by_client) for by_client, by_clinician in zip(*both, strict=True)
    ]
    return Reading(held, priors or {})


def found(items, rule):
    """Return where a rule's items opened and closed."""
    return [(item.session, item.closed) for item in items if item.rule == rule]
