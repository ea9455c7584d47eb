"""What nobody types but anybody may send: a clear refusal, nothing written, what was typed still in the form."""

import json

import pytest
from django.db.models import Model
from django.urls import reverse
from uuid_utils.compat import uuid7

from alliance_tracker.audit.models import AuditEvent
from clients.models import Client, Episode, TherapySession
from ratings.elements import ITEM_KEYS
from ratings.models import Rating, RatingDraft, Standing
from tests.factories import SessionFactory, rate

pytestmark = pytest.mark.django_db
FIVES = dict.fromkeys(ITEM_KEYS, "5")
KEPT: list[type[Model]] = [Client, Episode, TherapySession, Rating, RatingDraft, Standing]


@pytest.fixture
def url(yesterday):
    return reverse("rate", args=[yesterday.pk])


@pytest.fixture
def clinician(as_user, ada):
    return as_user(ada)


def contents():
    rows = [sorted(model.objects.values_list(), key=str) for model in KEPT]
    return rows, AuditEvent.objects.exclude(action__endswith=".viewed").count()


OFF_THE_FORM = [
    *[
        {"goals": score}
        for score in (
            "0",
            "8",
            "-1",
            "5.5",
            "5e0",
            "\u0665",
            " 5",
            "05",
            "+5",
            "1000000000000000000000",
            "NaN",
            "true",
            "",
        )
    ],
    {"goals": "\x00"},
    {"goals": "5\x00"},
    {"goals": "<script>alert(1)</script>"},
    {"goals": "na "},
    {"goals": None},
    {"goals[]": "5", "goals": None},
    {"strain": "huge"},
    {"strain": "\x00"},
    {"strain_discussed": "maybe", "strain": "slight"},
    {"discussed": "often"},
    {"note": "x" * 501},
    {"note": "NUL \x00 inside"},
    {"idempotency_key": "not a key"},
    {"idempotency_key": "1"},
    {"idempotency_key": "\x00"},
    {"version": "-1"},
    {"version": "1.5"},
    {"version": "one"},
    {"version": "99999999999999999999"},
    {"version": "7"},
    dict.fromkeys(ITEM_KEYS, "na"),
    dict.fromkeys(ITEM_KEYS),
]


@pytest.mark.parametrize("change", OFF_THE_FORM, ids=lambda change: repr(change)[:50])
def test_a_form_that_nobody_could_fill_is_refused_and_shown_again(clinician, url, change):
    sent = {name: value for name, value in (FIVES | {"note": "As typed"} | change).items() if value is not None}
    before = contents()
    response = clinician.post(url, sent)
    assert response.status_code == 422
    assert contents() == before
    page = response.content.decode()
    assert 'role="alert"' in page
    assert "<script>alert" not in page
    if "note" not in change:
        assert response.context["form"]["note"].value() == "As typed"
    if change.keys() == {"goals"}:
        assert page.count(" checked") == 6


def test_of_several_answers_to_one_row_the_last_counts(clinician, url):
    clinician.post(url, FIVES | {"goals": ["1", "7"]})
    assert Rating.objects.get().goals == 7


@pytest.mark.parametrize(
    "extra", ["author", "rater", "saved_at", "opens_at", "session", "id", "channel", "opened_at", "content_hash"]
)
def test_a_forged_field_changes_nothing(clinician, ada, yesterday, url, extra):
    clinician.post(url, FIVES | {extra: str(uuid7())})
    rating = Rating.objects.get()
    assert (rating.author, rating.rater, rating.session, rating.channel) == (ada, "clinician", yesterday, "web")
    assert (rating.opens_at, rating.opened_at) == (None, None)


@pytest.mark.parametrize("size", [300_000, 10_000_000])
@pytest.mark.parametrize("name", ["rate", "keep_typed", "void_session", "mark_session"])
def test_what_is_far_too_long_is_refused_unread(clinician, yesterday, name, size):
    before = contents()
    address = reverse(name, args=[yesterday.pk])
    encoded = f"note={'x' * size}"
    assert clinician.post(address, {"note": "x" * size}).status_code == 400
    assert clinician.post(address, encoded, content_type="application/x-www-form-urlencoded").status_code == 400
    assert contents() == before


def test_thousands_of_fields_are_refused(clinician, url):
    assert clinician.post(url, {f"field{n}": "1" for n in range(1100)}).status_code == 400


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (json.dumps(FIVES), "application/json"),
        ("<rating/>", "text/xml"),
        ("goals=5&%ZZ=%", "application/x-www-form-urlencoded"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        ("--x\r\nbroken", "multipart/form-data; boundary=x"),
        ("", "multipart/form-data"),
    ],
)
def test_a_body_of_another_kind_writes_nothing(clinician, url, body, kind):
    before = contents()
    assert 400 <= clinician.post(url, body, content_type=kind).status_code < 500
    assert contents() == before


def test_a_file_instead_of_a_note_writes_nothing(clinician, url, tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("A file")
    with path.open() as file:
        clinician.post(url, FIVES | {"note": file})
    assert Rating.objects.get().note == ""


PAGES = ["rate", "keep_typed", "mark_session", "edit_session", "void_session"]
GOOD = FIVES | {"as": "missed", "reason": "Twice", "day": "2026-11-20", "at": "10:00", "modality": "video"}


@pytest.mark.parametrize("name", PAGES)
def test_another_clinicians_session_is_not_touched(clinician, ben, name):
    other = SessionFactory(client__clinician=ben)
    before = contents()
    assert clinician.post(reverse(name, args=[other.pk]), GOOD).status_code == 404
    assert clinician.post(reverse(name, args=[uuid7()]), GOOD).status_code == 404
    assert contents() == before


@pytest.mark.parametrize(
    "name", ["edit_client", "edit_pattern", "new_episode", "new_session", "end_episode", "reopen_episode"]
)
def test_another_clinicians_client_is_not_touched(clinician, ben, name):
    other = SessionFactory(client__clinician=ben).episode.client
    before = contents()
    assert clinician.post(reverse(name, args=[other.pk]), {"code": "MINE", "name": "", **GOOD}).status_code == 404
    assert contents() == before


@pytest.mark.parametrize("pk", ["1", "x", "00000000-0000-0000-0000-00000000000Z", "%00", "..", "' OR 1=1"])
@pytest.mark.parametrize(
    "address", ["/clients/{}/", "/clients/{}/ratings.csv", "/sessions/{}/rate/", "/sessions/{}/void/"]
)
def test_an_id_of_another_kind_is_no_page(clinician, address, pk):
    assert clinician.get(address.format(pk)).status_code == 404


@pytest.mark.parametrize("version", [2, 9999])
def test_a_forged_version_gets_what_stands(clinician, yesterday, url, version):
    rate(yesterday, 4)
    response = clinician.post(url, FIVES | {"version": version})
    assert response.status_code == 409
    assert Rating.objects.get().goals == 4
