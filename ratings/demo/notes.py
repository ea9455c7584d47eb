"""Notes that someone might write after a session, put together from plain sentences without names."""

from random import Random

WORK = (
    "We worked on the plan for the week.",
    "Stayed with the sadness about the move.",
    "Went over the sleep diary together.",
    "Talked about work and the new manager.",
    "First steps outside alone this week.",
    "Looked at what keeps the worry going.",
    "Practised saying no in two small scenes.",
    "A childhood memory came up for the first time.",
    "Reviewed the aims we set in the first session.",
    "A quiet start, then a lot came at once.",
    "A list of what has helped so far.",
    "Much about the family visit.",
    "Ordinary week, ordinary session.",
)
CLOSE = (
    "The pace felt right.",
    "More feeling in the room than last time.",
    "We ended with a clear next step.",
    "I talked a little too much.",
    "The client set the agenda.",
    "Ended on something lighter.",
    "To follow up next time.",
    "The exercise was taken up readily.",
    "",
)
STRAIN = (
    "I pressed on with the exercise and the client went quiet.",
    "The client said that it felt like being told off.",
    "Arrived late and did not want to talk about it.",
    "I misread what last week had been about.",
    "Short answers, many looks at the clock.",
    "Was asked whether this is helping at all.",
    "The change of date had upset the client more than I knew.",
)
STRAIN_CLOSE = (
    "I did not name it.",
    "To raise at the start of the next session.",
    "For supervision.",
    "I want to slow down next time.",
)
MENDING = (
    "We talked about what went wrong between us.",
    "I said that I had been too quick.",
    "The client told me what had stung, and I could hear it.",
    "We looked again at what the exercises are for.",
)
MENDING_CLOSE = ("Warmer by the end.", "More open afterwards.", "Not all settled yet.", "A relief for both of us.")
CLIENT = (
    "It helped to go slower today.",
    "I would like to talk more about work next time.",
    "Hard, but good.",
    "The exercise is still not clear to me.",
    "I said more than I had planned to.",
    "Thank you for today.",
    "I was tired, it was not about the session.",
)
CLIENT_STRAIN = (
    "I did not feel understood today.",
    "It felt rushed.",
    "I wanted to stop earlier but did not say so.",
    "I left with more questions than answers.",
)
OFTEN, SELDOM = 0.2, 0.07


def clinician_note(chance: Random, strain: str) -> str:
    """Return a note, or more often none; nearly always one where there was strain."""
    first, last = {"new": (STRAIN, STRAIN_CLOSE), "mending": (MENDING, MENDING_CLOSE), "": (WORK, CLOSE)}[strain]
    note = f"{chance.choice(first)} {chance.choice(last)}".strip()
    return note if chance.random() < (0.85 if strain else OFTEN) else ""


def client_note(chance: Random, strain: str) -> str:
    note = chance.choice(CLIENT_STRAIN if strain == "new" else CLIENT)
    return note if chance.random() < (0.5 if strain == "new" else SELDOM) else ""
