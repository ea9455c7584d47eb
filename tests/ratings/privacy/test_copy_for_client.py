"""The copy of the record that a client is entitled to."""

import csv
import json
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.audit.actions import record
from clients.models import TherapySession
from ratings.models import OPENS_AFTER, Rater, Rating
from ratings.privacy import actions as privacy
from ratings.privacy.client_copy.tables import TABLES
from ratings.privacy.erasure import models_of_a_client
from ratings.saving.drafts import keep_draft
from tests.doors import check_doors
from tests.factories import ClientFactory, SessionFactory, rate
from tests.ratings.privacy.full_record import fill

pytestmark = pytest.mark.django_db
IN_THE_COPY = {
    "Client": "client",
    "Episode": "therapies",
    "Assignment": "clinicians",
    "TherapySession": "sessions",
    "Rating": "ratings",
    "RatingVersion": "ratings_as_saved",
    "ClientLink": "questions",
    "Signal": "signals",
    "Rupture": "strains",
    "RuptureEvent": "words_about_strains",
    "SignalPause": "paused_signals",
    "Rectification": "disagreements",
    "LegalHold": "holds",
    "SignalReview": "signals_seen_by_supervisors",
    "FollowUp": "follow_ups",
    "AgendaItem": "supervision",
    "EmergencyAccess": "emergency_access",
}
HELD = [
    *("Robin A.", "Words of the client", "Words of the observer", "A long pause.", "We spoke.", "It was a Tuesday."),
    *("A slip of the pen", "Read the file", "Ask about the pause", "Words of supervision", "A strain is open."),
]
LEFT_OUT = {"RatingDraft": "not part of the record", "Standing": "computed from the ratings"}


@pytest.fixture
def copy(as_user, ada, robin):
    """Download it as Ada: the files by their names."""

    def download() -> dict[str, str]:
        response = as_user(ada).post(reverse("copy_for_client", args=[robin.pk]))
        with ZipFile(BytesIO(response.content)) as file:
            return {name: file.read(name).decode() for name in file.namelist()}

    return download


def in_json(files):
    return json.loads(files["record.json"])


def in_csv(files, name):
    return list(csv.DictReader(StringIO(files[f"{name}.csv"], newline="")))


def test_doors(robin, ada, sue, ben, adam):
    check_doors("copy_for_client", robin.pk, opens_to=[ada], not_to=[sue, ben, adam])


def test_every_table_that_hangs_on_a_client_is_in_it_or_left_out_for_a_reason():
    assert {model.__name__ for model in models_of_a_client()} == set(IN_THE_COPY) | set(LEFT_OUT)
    assert set(IN_THE_COPY.values()) | {"answers_not_yet_open", "look_ups"} == set(TABLES)


def test_it_holds_a_row_of_everything_as_json_and_as_tables(copy, robin, ada, adam, sue):
    fill(robin, ada, sue, adam)
    rate(Rating.objects.first().session, 3, rater=Rater.OBSERVER, by=sue, note="Words of the observer")
    files = copy()
    found = in_json(files)
    assert {name for name, rows in found.items() if not rows} == {"answers_not_yet_open"}
    for name, rows in found.items():
        if rows:
            assert [list(row) for row in in_csv(files, name)] == [list(row) for row in rows], name
    assert not [text for text in HELD if text not in files["record.json"]]
    assert not [text for text in ("Of another matter", "Somebody else", "somebody else") if text in str(files)]
    assert found["client"][0]["code"] == "R-1"
    assert found["clinicians"][0]["clinician"] == "Ada Osei"
    assert (len(found["ratings"]), len(found["ratings_as_saved"])) == (8, 9)


def test_whoever_supervised_or_read_it_in_an_emergency_is_named_by_role(copy, robin, ada, sue, adam):
    fill(robin, ada, sue, adam)
    files = copy()
    (case,), (access,) = in_csv(files, "supervision"), in_csv(files, "emergency_access")
    assert (case["of"], case["decision"], case["left_out"]) == ("Supervisor", "Try something", "no")
    assert (access["by"], access["reviewed_by"], access["found"]) == ("Clinician", "Supervisor", "Justified")
    assert {row["for"] for row in in_csv(files, "follow_ups")} == {"Clinician", "Supervisor"}
    assert not any("Sue" in text for text in files.values())
    assert "put on hold or opened in an emergency" in files["README.txt"]


def test_nothing_of_anyone_else_is_in_it(copy, ada):
    quinn = ClientFactory(code="Q-2", name="Quinn", clinician=ada)
    rate(SessionFactory(client=quinn), note="Of another client")
    privacy.add_rectification(quinn, text="Of another client", by=ada)
    assert not any(text in str(copy()) for text in ("Q-2", "Quinn", "another client"))


def test_an_answer_that_is_still_closed_is_named_with_its_day_and_left_out(monday, copy, yesterday):
    rate(yesterday, 1, rater=Rater.CLIENT, note="Hidden words")
    files = copy()
    found = in_json(files)
    opens = timezone.localtime(yesterday.starts_at + OPENS_AFTER)
    assert found["answers_not_yet_open"] == [
        {"date": yesterday.day.isoformat(), "opens_at_the_latest": opens.isoformat(timespec="minutes")}
    ]
    assert found["ratings"] == found["ratings_as_saved"] == []
    assert "Hidden words" not in str(files)
    assert f"session of 22 November 2026: from {opens.date()} on" in files["README.txt"]
    rate(yesterday, 6)
    files = copy()
    assert "Hidden words" in files["ratings_as_saved.csv"]
    assert in_json(files)["answers_not_yet_open"] == []


def test_a_closed_answer_changes_nothing_of_the_file_but_that_it_is_there(monday, copy, yesterday):
    seen = []
    for score, note in ((1, "Low"), (7, "High")):
        rating = rate(yesterday, score, rater=Rater.CLIENT, note=note) if not seen else Rating.objects.get()
        Rating.objects.update(**dict.fromkeys(rating.items, score), note=note)
        files = copy()
        seen.append({name: text for name, text in files.items() if name not in {"look_ups.csv", "record.json"}})
    assert seen[0] == seen[1]


def test_what_was_typed_and_not_saved_is_not_in_it(copy, yesterday, ada):
    keep_draft(yesterday, {"note": "Half a sentence"}, by=ada, key=None)
    files = copy()
    assert "Half a sentence" not in str(files)
    assert "typed and not saved" in files["README.txt"]


def test_every_look_is_in_it_with_its_day_its_role_and_its_purpose(copy, as_user, robin, sue, adam):
    as_user(sue).get(reverse("client", args=[robin.pk]))
    record("erasure.previewed", by=adam, client_id=robin.pk)
    record("link.used", by=None, client_id=robin.pk)
    looks = in_csv(copy(), "look_ups")
    assert [(look["by"], look["what"]) for look in looks] == [
        ("Supervisor", "client viewed"),
        ("Administrator", "erasure previewed"),
        ("The client, or the service by itself", "link used"),
        ("Clinician", "record copied"),
    ]
    assert looks[0]["purpose"] == "To read it, for therapy, supervision or its administration"
    assert looks[2]["purpose"] == "To keep the record"
    assert {look["at"][:10] for look in looks} == {timezone.localdate().isoformat()}
    assert not any(person in str(looks) for person in ("Sue", "Adam", "Ada"))


@pytest.mark.parametrize("text", ["=1+1", "+1", "@SUM(A1)", "＝1"])  # noqa: RUF001
def test_no_text_becomes_a_formula_in_a_table(copy, robin, ada, yesterday, text):
    rate(yesterday, note=text)
    privacy.add_rectification(robin, text=text, by=ada)
    TherapySession.objects.filter(pk=SessionFactory(client=robin).pk).update(
        voided_at=timezone.now(), voided_reason=text
    )
    files = copy()
    assert in_csv(files, "ratings")[0]["note"] == f"'{text}"
    assert in_csv(files, "disagreements")[0]["text"] == f"'{text}"
    assert f"'{text}" in {session["taken_out_because"] for session in in_csv(files, "sessions")}
    assert in_json(files)["ratings"][0]["note"] == text


def test_it_is_one_file_with_a_name_that_names_nobody_and_one_event(as_user, ada, robin, trail):
    response = as_user(ada).post(reverse("copy_for_client", args=[robin.pk]))
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == 'attachment; filename="record.zip"'
    assert trail() == ["record.copied"]


def test_the_page_says_what_is_in_it_and_downloads_nothing(as_user, ada, robin, trail):
    page = as_user(ada).get(reverse("copy_for_client", args=[robin.pk])).content.decode()
    assert "What it leaves out" in page
    assert trail() == ["client.viewed"]
