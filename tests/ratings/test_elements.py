from collections import Counter

from ratings.elements import COMPONENTS, DISCUSSED, ELEMENTS, HIGHEST, ITEM_KEYS, ITEMS, LOWEST, SCALE, STRAIN, TALKED


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
