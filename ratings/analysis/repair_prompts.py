"""Things to ask and small things to try after a strain, by the item that fell. They offer, and leave the choice.

Written for this project; docs/measures.md names the published ideas behind them.
"""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from types import MappingProxyType

PROMPTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "goals": (
            "Are we still working on what matters most to you, or has that moved?",
            "If our sessions went the way you hope, what would be a little different in your week?",
            "I may have been following my own idea of what helps. What would you put first?",
            "You might say the aim back as you hear it, and ask which words do not fit.",
        ),
        "tasks": (
            "How did what we did last time sit with you? It is fine if it did not make sense.",
            "Was there a moment when you went along with something you were not sure about?",
            "What would you rather have spent the time on?",
            "You might say why you suggested it, then offer two ways to go on and let the client choose.",
        ),
        "bond": (
            "How has it been for you to be here with me lately?",
            "I wonder if we have both become a little more careful. Is that how it feels to you?",
            "Is there something I said or did that did not sit well with you?",
            "You might name something you like or admire in the client, if it is true, before turning to what is hard.",
        ),
        "trust": (
            "Are there things that are easier to leave out here? You need not say what they are.",
            "What would make it a little easier to tell me something I might not expect?",
            "When you told me something difficult, what was my answer like for you?",
            "You might say again what stays between you and what does not, and leave the choice of topic open.",
        ),
        "empathy": (
            "I may have missed something important. What would you most like me to understand?",
            "May I say what I think it is like for you? Please tell me where I am off.",
            "Was there a moment when you thought that I had not quite got it?",
            "You might put into words only what you heard, without advice, and leave room to be corrected.",
        ),
        "engagement": (
            "I may be misreading it, but this seemed to speak to you less lately. How is it from your side?",
            "What would make next time worth coming for?",
            "Is the pace right for you, or would slower or quicker suit you better?",
            "You might ask the client where to begin, and follow for the first ten minutes.",
        ),
        "responsiveness": (
            "What did you need last time that I did not catch?",
            "Did I hold on to my plan when something else was more pressing for you?",
            "If I did one thing differently today, what would help most?",
            "You might ask halfway through whether this is useful, and change course if it is not.",
        ),
    }
)
ANY_STRAIN: tuple[str, ...] = (
    "Something may have been difficult between us, and I may have had a part in it. How was it for you?",
    "You might first thank the client for saying it, and stay with how it was for them before you explain.",
)


def prompts_for(items: Sequence[str], count: int = 3) -> list[str]:
    """Return so many prompts: one for each item in turn, then those for any strain.

    Raises ValueError for a key that is not an item.
    """
    if unknown := [key for key in items if key not in PROMPTS]:
        raise ValueError(f"not an item: {', '.join(unknown)}")
    in_turn = zip_longest(*(PROMPTS[key] for key in dict.fromkeys(items)))
    found = [prompt for prompts in in_turn for prompt in prompts if prompt]
    return [*found, *ANY_STRAIN][: max(count, 0)]
