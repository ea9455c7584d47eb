"""How a sentence ends that ends in what a person typed."""

STOPS = (".", "!", "?", "…")


def stopped(text: str) -> str:
    """Return the text with a full stop at its end, where it has none yet: a name may end in one, as in "Robin A."."""
    return text if text.endswith(STOPS) else f"{text}."
