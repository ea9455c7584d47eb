"""An erasure takes every row of one client and of nobody else, leaves a tombstone, and is carried out again later."""

import json
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.http import Http404
from django.utils import timezone
from uuid_utils.compat import uuid7

from alliance_tracker.accounts.models import ServiceSettings
from alliance_tracker.audit.models import AuditEvent, Permit
from clients.actions import hand_on, lock_episode
from clients.models import Client, Episode
from ratings.asking import invitations
from ratings.caseload.episodes import end_episode
from ratings.models import LegalHold, Meeting, Tombstone
from ratings.privacy import actions as privacy
from ratings.privacy.erasure import list_erasures, models_of_a_client, rows_of
from ratings.saving.corrections import move_rating
from ratings.saving.drafts import keep_draft
from tests.factories import ClientFactory, SessionFactory, rate
from tests.ratings.privacy.full_record import fill

pytestmark = pytest.mark.django_db
TAKEN = {
    *("Client", "Episode", "Assignment", "TherapySession", "Rating", "RatingVersion", "RatingDraft", "Standing"),
    *("ClientLink", "Signal", "SignalPause", "Rupture", "RuptureEvent", "LegalHold", "Rectification"),
    *("SignalReview", "FollowUp", "AgendaItem", "EmergencyAccess"),
}


@pytest.fixture(autouse=True)
def erasures(settings, tmp_path):
    """The list of erasures outside of the database, of this test alone."""
    settings.ERASURES_FILE = tmp_path / "var" / "erasures.jsonl"
    return settings.ERASURES_FILE


@pytest.fixture
def two(robin, ada, sue, adam):
    """Robin and Quinn, each with everything."""
    quinn = ClientFactory(code="Q-2", name="Quinn", clinician=ada)
    for client in (robin, quinn):
        fill(client, ada, sue, adam)
    return robin, quinn


def everything() -> dict:
    return {model: list(model._base_manager.order_by("pk").values()) for model in models_of_a_client()}


def rest_of(client, rows) -> dict:
    """Return what is there besides the rows of this client."""
    gone = rows_of(client.pk)
    return {
        model: [row for row in found if row[model._meta.pk.attname] not in gone[model]] for model, found in rows.items()
    }


def test_what_hangs_on_a_client_is_found_by_itself():
    assert {model.__name__ for model in models_of_a_client()} == TAKEN


def test_each_kind_of_row_goes_and_nothing_of_anyone_else(two, adam):
    robin, quinn = two
    assert all(rows_of(robin.pk).values()), "this test gives Robin a row of everything"
    expected = rest_of(robin, everything())
    privacy.erase_client(robin, basis="request", by=adam)
    assert everything() == expected
    assert all(rows_of(quinn.pk).values())
    assert not Permit.objects.exists()


def test_no_text_and_no_code_is_left_in_any_table(two, adam):
    robin, _ = two
    sought = {robin.code, *(str(pk) for pks in rows_of(robin.pk).values() for pk in pks)} - {str(robin.pk)}
    privacy.erase_client(robin, basis="request", by=adam)
    trail = {"audit_auditevent"}
    for model in apps.get_models():
        rows = str(list(model._base_manager.values()))
        found = {text for text in sought if text in rows}
        assert found == set() or (model._meta.db_table in trail and robin.code not in found), model


def test_a_meeting_stays_without_its_case(two, adam):
    """The day and the supervisor: of the client it says nothing any more."""
    before = list(Meeting.objects.values())
    privacy.erase_client(two[0], basis="request", by=adam)
    assert list(Meeting.objects.values()) == before
    assert [meeting.items.count() for meeting in Meeting.objects.all()] == [0, 1]


def test_a_rating_that_was_moved_to_another_client_stays_whole(robin, yesterday, ada, adam):
    """It was meant for the other one; that it came from Robin is an id that then leads nowhere."""
    quinn = SessionFactory(client=ClientFactory(code="Q-2", clinician=ada))
    moved = move_rating(rate(yesterday, 3, note="Of Quinn"), to=quinn, reason="A slip", by=ada)
    privacy.erase_client(robin, basis="request", by=adam)
    assert list(moved.versions.order_by("version").values_list("version", "note", "moved_from_id")) == [
        (1, "Of Quinn", None),
        (2, "Of Quinn", yesterday.pk),
    ]


def test_a_tombstone_stays_and_the_trail_keeps_the_id_only(robin, adam, trail):
    tombstone = privacy.erase_client(robin, basis="unlawful", by=adam)
    kept = Tombstone.objects.values("client_id", "basis", "approved_by_id").get()
    assert kept == {"client_id": tombstone.client_id, "basis": "unlawful", "approved_by_id": adam.pk}
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.client_id, event.actor_id) == ("client.erased", tombstone.client_id, adam.pk)
    assert event.reason == ""


def test_no_reason_in_the_trail_names_a_client(robin, ben, adam):
    for reason in ("R-1 asked for it", "for r-1", "(R-1)"):
        with pytest.raises(ValidationError, match="Leave R-1 out of the reason"):
            hand_on(robin.episodes.get(), to=ben, by=adam, reason=reason)
    hand_on(robin.episodes.get(), to=ben, by=adam, reason="Moves to R-12 house")


def test_what_is_on_hold_stays(two, adam):
    robin, _ = two
    privacy.hold_record(robin, reason="A complaint", until=timezone.localdate(), by=adam)
    before = everything()
    with pytest.raises(ValidationError, match="on hold"):
        privacy.erase_client(robin, basis="request", by=adam)
    assert everything() == before
    assert not Tombstone.objects.exists()


def test_a_hold_that_ran_out_holds_no_more(monday, robin, adam):
    privacy.hold_record(robin, reason="A complaint", until=timezone.localdate(), by=adam)
    LegalHold.objects.update(until=timezone.localdate() - timedelta(days=1))
    privacy.erase_client(robin, basis="request", by=adam)
    assert not Client.objects.exists()


@pytest.mark.parametrize(
    ("end", "refusal"),
    [
        ((None, ""), "while the therapy is open"),
        ((date(2006, 11, 24), "planned"), "until 24 November 2026"),
        ((date(2006, 11, 23), "planned"), None),
        ((date(2016, 11, 24), "died"), "until 24 November 2026"),
        ((date(2016, 11, 23), "died"), None),
    ],
)
def test_what_is_erased_because_its_time_is_over_is_over(monday, robin, adam, end, refusal):
    ServiceSettings.objects.get_or_create()
    Episode.objects.update(started_on=date(2005, 1, 3), ended_on=end[0], ending=end[1])
    if refusal:
        with pytest.raises(ValidationError, match=refusal):
            privacy.erase_client(robin, basis="retention", by=adam)
    else:
        privacy.erase_client(robin, basis="retention", by=adam)
    assert Client.objects.exists() is bool(refusal)


def test_who_writes_to_a_record_that_was_erased_meanwhile_finds_nothing(robin, adam, ada):
    episode, session = robin.episodes.get(), SessionFactory(client=robin)
    privacy.erase_client(Client.objects.get(), basis="request", by=adam)
    with pytest.raises(Http404):
        lock_episode(episode)
    with pytest.raises(Http404):
        keep_draft(session, {"note": "Half"}, by=ada, key=None)


def test_a_death_ends_every_question_to_the_client(robin, ada):
    session = SessionFactory(client=robin)
    invitations.set_asking_plan(robin.episodes.get(), every=1, by=ada)
    link, _ = invitations.make_link(session, by=ada)
    end_episode(robin.episodes.get(), ended_on=timezone.localdate(), ending="died", by=ada)
    link.refresh_from_db()
    assert link.withdrawn_at
    assert robin.episodes.get().ask_every is None


def test_each_erasure_is_listed_outside_of_the_database_once(
    robin, ada, adam, erasures, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first = privacy.erase_client(robin, basis="request", by=adam)
    assert list_erasures() == 0
    second = privacy.erase_client(ClientFactory(clinician=ada), basis="request", by=adam)
    assert list_erasures() == 1
    lines = [json.loads(line) for line in erasures.read_text().splitlines()]
    assert [line["client"] for line in lines] == [str(each.client_id) for each in (first, second)]
    assert set(lines[0]) == {"client", "erased_at", "basis", "approved_by"}


def test_an_erasure_stands_where_its_list_cannot_be_written(
    robin, adam, erasures, caplog, django_capture_on_commit_callbacks
):
    erasures.parent.write_text("a file where the folder should be")
    with django_capture_on_commit_callbacks(execute=True):
        privacy.erase_client(robin, basis="request", by=adam)
    assert not Client.objects.exists()
    assert "could not be written" in caplog.text


def test_an_old_copy_that_is_restored_is_erased_again(two, adam, erasures, capsys, trail):
    """What a restore does to the tables: Robin's rows are back, and the tombstone is not there yet."""
    robin, quinn = two
    lines = {"client": str(robin.pk), "erased_at": "2026-01-02T03:04:05+00:00", "basis": "request"}
    erasures.parent.mkdir()
    erasures.write_text(json.dumps(lines | {"approved_by": str(uuid7())}) + "\n")
    call_command("reapply_erasures")
    assert "1 erasures in the list, 1 erased again" in capsys.readouterr().out
    assert not any(rows_of(robin.pk)[model] for model in models_of_a_client() if model is not Client)
    assert list(Client.objects.all()) == [quinn]
    assert Tombstone.objects.get().erased_at.isoformat() == "2026-01-02T03:04:05+00:00"
    assert trail()[-1] == "client.erased_again"
    call_command("reapply_erasures")
    assert "1 erasures in the list, 0 erased again" in capsys.readouterr().out


def test_what_the_tombstones_in_the_database_name_is_erased_again_too(robin, adam, erasures, capsys):
    Tombstone.objects.create(client_id=robin.pk, basis="request", approved_by_id=adam.pk)
    list_erasures()
    call_command("reapply_erasures")
    assert not Client.objects.exists()


@pytest.mark.parametrize("text", ["nonsense", "{}", "[1]", '{"client": "1", "erased_at": "x"}'])
def test_a_list_that_cannot_be_read_erases_nobody(robin, erasures, text):
    erasures.parent.mkdir()
    erasures.write_text(f"{text}\n")
    with pytest.raises(CommandError, match=r"Line 1 of .* is not an erasure. Nothing was erased"):
        call_command("reapply_erasures")
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("reapply_erasures", erasures.with_name("missing"))
    assert Client.objects.exists()
