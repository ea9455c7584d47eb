from collections import Counter
from hashlib import sha256

from ratings.elements import (
    COMPONENTS,
    DISCUSSED,
    ELEMENTS,
    FORM_VERSION,
    HIGHEST,
    ITEM_KEYS,
    ITEMS,
    LOWEST,
    SCALE,
    STRAIN,
    STRAIN_QUESTION,
    TALKED,
    TALKED_QUESTION,
)

WORDING = {1: "e31b2d10903cfc73"}  # of each version; those that were used stay


def test_seven_items_make_up_five_elements():
    assert ITEM_KEYS == ("goals", "tasks", "bond", "trust", "empathy", "engagement", "responsiveness")
    assert Counter(item.element for item in ITEMS) == {key: 3 if key == "working_alliance" else 1 for key in ELEMENTS}
    assert list(COMPONENTS) == ["goals", "tasks", "bond"]


def test_every_point_of_the_scale_has_its_own_words():
    assert list(SCALE) == list(range(LOWEST, HIGHEST + 1)) == [1, 2, 3, 4, 5, 6, 7]
    assert len(set(SCALE.values())) == 7


def test_every_item_has_its_own_wording_for_each_rater_and_help_for_three_points():
    for words in ("name", "clinician", "client", "observer"):
        assert len({getattr(item, words) for item in ITEMS}) == 7
    for item in ITEMS:
        assert len(set(item.help)) == 3
        assert all(text.endswith(".") for text in (item.clinician, item.client, item.observer, *item.help))


def test_the_words_of_the_questions_are_those_that_are_stored():
    assert list(STRAIN) == ["none", "slight", "clear"]
    assert list(TALKED) == ["no", "partly", "yes"]
    assert list(DISCUSSED) == ["yes", "not_yet", "not_suitable"]


def test_another_wording_is_another_version():
    """Ratings under two wordings are not the same measurement: whoever changes a question raises FORM_VERSION."""
    items = [(item.key, item.clinician, item.client, item.observer) for item in ITEMS]
    words = [*items, *SCALE.items(), STRAIN_QUESTION, *STRAIN.items(), TALKED_QUESTION, *TALKED.items()]
    assert sha256(repr(words).encode()).hexdigest()[:16] == WORDING[FORM_VERSION]
