"""The page that says what is stored, held against the models."""

import re

import pytest
from django.apps import apps
from django.conf import settings

from alliance_tracker.encryption import encrypted_fields
from ratings.privacy.erasure import models_of_a_client
from ratings.privacy.inventory import ELSEWHERE, STORED, WITH_THE_RECORD, lines

MODELS = {model._meta.label: model for model in apps.get_models()}


def test_every_table_has_its_line_and_no_line_is_left_over():
    assert set(STORED) == set(MODELS)


def test_each_line_says_everything_in_words_of_its_own():
    every = [*STORED.values(), *ELSEWHERE]
    assert all(stored.name and stored.holds and stored.kept and stored.seen_by for stored in every)
    assert len({stored.name for stored in every}) == len(every)


def test_what_goes_with_the_record_is_what_an_erasure_takes():
    with_the_record = {MODELS[label] for label, stored in STORED.items() if stored.kept == WITH_THE_RECORD}
    others = {model.__name__ for model in models_of_a_client()} - {model.__name__ for model in with_the_record}
    assert with_the_record <= set(models_of_a_client())
    assert others == {"RatingDraft", "Standing"}, "both go sooner"


@pytest.mark.django_db
def test_the_page_shows_each_table_and_what_is_encrypted(as_user, adam, service):
    page = as_user(adam).get("/retention/stored/").content.decode()
    for label, model in MODELS.items():
        assert f"{STORED[label].name}<code" in page
        assert f">{model._meta.db_table}</code>" in page
    assert re.search(r'Clients<code.*?data-l="Encrypted">name, email</td>', page, re.DOTALL)
    assert "20 years after the therapy has ended, 10 where the client has died" in page


def test_the_encrypted_columns_are_those_of_the_models():
    shown = {line.table: line.encrypted for line in lines()}
    for model in MODELS.values():
        assert shown[model._meta.db_table] == ", ".join(
            field.name.replace("_", " ") for field in encrypted_fields(model)
        )
    assert shown["ratings_ratingversion"] == "note, reason"


def test_how_long_sign_ins_last_is_what_the_page_says():
    assert STORED["accounts.BrowserSession"].kept.startswith(f"{settings.SESSION_COOKIE_AGE // 3600} hours")
