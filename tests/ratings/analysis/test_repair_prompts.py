import re

import pytest

from ratings.analysis.repair_prompts import ANY_STRAIN, PROMPTS, prompts_for
from ratings.elements import ITEM_KEYS

EVERY = [*(prompt for prompts in PROMPTS.values() for prompt in prompts), *ANY_STRAIN]


def test_every_item_has_a_few_prompts_and_any_strain_has_two():
    assert tuple(PROMPTS) == ITEM_KEYS
    assert all(3 <= len(prompts) <= 4 for prompts in PROMPTS.values())
    assert len(ANY_STRAIN) == 2
    assert len(set(EVERY)) == len(EVERY)


@pytest.mark.parametrize("prompt", EVERY)
def test_a_prompt_is_short_plain_and_open(prompt):
    assert len(prompt) <= 110
    assert prompt[0].isupper()
    assert re.search(r"[.?]$", prompt)
    assert not re.search(r"!|;|always|never|should|must|fault|resist|rupture|alliance|why did", prompt, re.IGNORECASE)


@pytest.mark.parametrize("item", ITEM_KEYS)
def test_every_item_offers_something_to_ask_and_something_to_try(item):
    assert any(prompt.endswith("?") for prompt in PROMPTS[item])
    assert any(prompt.startswith("You might ") for prompt in PROMPTS[item])


def test_prompts_take_the_fallen_items_in_turn():
    assert prompts_for(["tasks", "trust"]) == [PROMPTS["tasks"][0], PROMPTS["trust"][0], PROMPTS["tasks"][1]]
    assert prompts_for(["tasks", "tasks"], 2) == list(PROMPTS["tasks"][:2])
    assert prompts_for(["bond"], 1) == [PROMPTS["bond"][0]]


def test_with_no_item_or_too_few_prompts_those_for_any_strain_follow():
    assert prompts_for([]) == list(ANY_STRAIN)
    assert prompts_for(["goals"], 9) == [*PROMPTS["goals"], *ANY_STRAIN]
    assert prompts_for(["goals"], 0) == []


def test_a_key_that_is_no_item_is_refused_by_name():
    with pytest.raises(ValueError, match="not an item: mood"):
        prompts_for(["goals", "mood"])
