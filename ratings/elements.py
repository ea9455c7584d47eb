"""The form: its items, their wording and the scale. The one place where they are written.

Wording and scale are the project's own; no published questionnaire is used. Source: docs/measures.md#the-form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

FORM_VERSION = 1  # one more with each change of a wording below; a test holds the two together
FORM_LANGUAGE = "en"
LOWEST, HIGHEST = 1, 7
SCALE: Mapping[int, str] = MappingProxyType(
    {
        1: "Not at all",
        2: "Slightly",
        3: "Somewhat",
        4: "Moderately",
        5: "Mostly",
        6: "Very much",
        7: "Completely",
    }
)


@dataclass(frozen=True)
class Item:
    """One question of the form, a row on the page.

    `element` is the key of the element it belongs to. `clinician`, `client` and `observer` are its wording for each
    rater. `help` says what 1, 4 and 7 mean on the clinician's form.
    """

    key: str
    element: str
    name: str
    clinician: str
    client: str
    observer: str
    help: tuple[str, str, str]


ITEMS: tuple[Item, ...] = (
    Item(
        key="goals",
        element="working_alliance",
        name="Goals",
        clinician="We agreed about what this client wants from therapy.",
        client="We agreed about what I want to get out of therapy.",
        observer="They agreed about what this client wants from therapy.",
        help=(
            "We wanted different things from therapy, or the aim was unclear.",
            "Roughly the same aim, with parts left unsettled.",
            "We could each have stated the aim and said the same thing.",
        ),
    ),
    Item(
        key="tasks",
        element="working_alliance",
        name="Tasks",
        clinician="We agreed on what to do today and why.",
        client="What we did today made sense to me as a way to get there.",
        observer="They agreed on what to do in this session and why.",
        help=(
            "The client did not see the point, or did not want to work this way.",
            "The client went along, partly convinced.",
            "The client could explain why this work helps and chose it with me.",
        ),
    ),
    Item(
        key="bond",
        element="working_alliance",
        name="Bond",
        clinician="There was mutual liking and respect today.",
        client="I felt liked and respected here today.",
        observer="They seemed to like and respect each other.",
        help=(
            "Cool, tense or guarded between us for most of the session.",
            "Polite and workable, not especially close.",
            "Real warmth and mutual regard, also when we differed.",
        ),
    ),
    Item(
        key="trust",
        element="trust",
        name="Trust",
        clinician="The client seemed able to be open with me.",
        client="I could be open without worrying how it would be taken.",
        observer="The client seemed able to be open with the therapist.",
        help=(
            "Kept to safe ground; I sensed things being held back.",
            "Open on some topics, careful on others.",
            "Shared painful or private things, including doubts about us.",
        ),
    ),
    Item(
        key="empathy",
        element="empathy",
        name="Empathy",
        clinician="I understood what this was like for the client.",
        client="My therapist understood what it is like for me.",
        observer="The therapist understood what this was like for the client.",
        help=(
            "The client corrected me, or I could not feel my way in.",
            "I followed the story but only some of the feeling.",
            "What I put into words fitted, and the client showed it.",
        ),
    ),
    Item(
        key="engagement",
        element="engagement",
        name="Client engagement",
        clinician="The client took an active part today.",
        client="I took an active part today.",
        observer="The client took an active part.",
        help=(
            "Passive, distracted or absent for most of the time.",
            "Took part when prompted.",
            "Brought material, worked hard, and took something away to do.",
        ),
    ),
    Item(
        key="responsiveness",
        element="responsiveness",
        name="Therapist responsiveness",
        clinician="I adjusted to what the client needed today.",
        client="My therapist adjusted to what I needed today.",
        observer="The therapist adjusted to what the client needed.",
        help=(
            "I noticed too late, or pressed on with my plan.",
            "I adjusted once or twice, not always in time.",
            "I changed pace, method or feedback to fit, and it landed.",
        ),
    ),
)
ITEM_KEYS: tuple[str, ...] = tuple(item.key for item in ITEMS)

ELEMENTS: Mapping[str, str] = MappingProxyType(
    {
        "working_alliance": "Working alliance",
        "trust": "Trust",
        "empathy": "Empathy",
        "engagement": "Client engagement",
        "responsiveness": "Therapist responsiveness",
    }
)
COMPONENTS: Mapping[str, str] = MappingProxyType(
    {item.key: item.name for item in ITEMS if item.element == "working_alliance"}
)

STRAIN_QUESTION = "Any strain, misunderstanding or disagreement between us today?"
STRAIN: Mapping[str, str] = MappingProxyType({"none": "None", "slight": "Slight", "clear": "Clear"})
TALKED_QUESTION = "Did we talk about it?"
TALKED: Mapping[str, str] = MappingProxyType({"no": "No", "partly": "Partly", "yes": "Yes"})
DISCUSSED_QUESTION = "Something was open for this client. Did you discuss it with the client?"
DISCUSSED: Mapping[str, str] = MappingProxyType({"yes": "Yes", "not_yet": "Not yet", "not_suitable": "Not suitable"})

NOT_VALIDATED = "These seven questions are new and have not been validated. They have no norms or cut-offs."
