"""Each look at clinical data and each write is one event without a value, for every page of the table of access.

A page that shows nothing of a client, or its code alone, is named here; so is what a write about several records
records.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.audit.models import AuditEvent
from clients.models import Client
from ratings.caseload.episodes import end_episode
from ratings.elements import ITEM_KEYS
from ratings.models import FollowUp, LegalHold, Rupture
from ratings.privacy.actions import lift_hold
from ratings.strains.actions import change_rupture, pause_signals
from ratings.supervision.follow_ups import finish_follow_up
from tests.access_table import PAGES
from tests.factories import ClientFactory, SessionFactory
from tests.test_access import Visitor, plain_templates
from tests.world import TEXTS, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOTHING_OF_CLIENTS = {
    *(name for name in PAGES if name.startswith(("account_", "mfa_"))),
    *("accept_invitation", "answer_link", "answer", "enter_code", "thank_you"),
    *("my_account", "csrf_token", "people", "invite_person", "new_link", "resend_invitation", "withdraw_invitation"),
    *("edit_person", "add_supervisor", "end_supervision", "make_reset_link", "restore_person", "service_settings"),
    *("new_client", "new_client_code", "confirm_sign_in", "resume", "second_factor", "add_passkey", "add_code_app"),
    *("remove_passkey", "remove_code_app", "recovery_codes", "renew_recovery_codes", "my_sign_ins", "end_sign_in"),
    *("meetings", "prepare_meeting", "end_other_sign_ins", "let_in_again", "remove_second_factor"),
    *("choose_digest", "stop_digest", "what_is_stored", "low_and_said"),
}
CODES_ONLY = {"client_codes", "hand_on_client", "deactivate_person", "hand_on_caseload", "hold_record"}
DRAFTS = {"keep_typed"}
VIEWED = {
    "client.viewed",
    "caseload.viewed",
    "audit_trail.viewed",
    "mirror.viewed",
    "report.viewed",
    "erasure.previewed",
}
EXPORTED = {"ratings.exported", "report.exported"}
STAFF = ["ada", "sue", "eve", "adam"]
DAYS = {"today": timedelta(0), "tomorrow": timedelta(days=1)}
SECRET = "Canary-Typed"
FIVES = dict.fromkeys(ITEM_KEYS, "5")


def ask(world: World, who: str, method: str, page: str, **sent: Any) -> tuple[HttpResponse, list[AuditEvent]]:
    """Sign in and send one request; the answer, and the events that it left. Everything is undone after it."""
    with transaction.atomic():
        answer = ask_as(Visitor(world, who), method, page, **sent)
        transaction.set_rollback(True)
    return answer


def ask_as(visitor: Visitor, method: str, page: str, **sent: Any) -> tuple[HttpResponse, list[AuditEvent]]:
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    with transaction.atomic():
        address = reverse(page, kwargs=visitor.world.about(page))
        visitor.browser.cookies["sessionid"] = visitor.key
        with plain_templates():
            response = getattr(visitor.browser, method)(address, sent)
        events = list(AuditEvent.objects.exclude(pk__in=before).order_by("at", "id"))
        transaction.set_rollback(True)
    return response, events


def pages_shown_to(name: str, world: World) -> Iterator[tuple[str, str, list[AuditEvent]]]:
    """Yield each page that this person is shown: asked for, or refused with what was typed."""
    visitor = Visitor(world, name)
    for page in PAGES:
        for method in ("get", "post"):
            response, events = ask_as(visitor, method, page)
            if response.status_code in {200, 422} and response.get("Content-Type", "").startswith("text/"):
                yield page, method, events


@pytest.mark.parametrize("name", STAFF)
def test_each_look_is_one_event_also_of_a_form_that_comes_back_refused(world, name):
    looked = set()
    for page, method, events in pages_shown_to(name, world):
        if page in NOTHING_OF_CLIENTS:
            assert not {event.action for event in events} & VIEWED, page
            continue
        if page in CODES_ONLY or (page == "emergency_access" and method == "post"):
            assert len(events) <= 1, page
            continue
        assert len(events) == 1, (page, method, [event.action for event in events])
        event = events[0]
        assert event.actor_id == world.people[name].pk
        assert event.action in VIEWED | EXPORTED, (page, event.action)
        looked.add(page)
        if event.action == "client.viewed":
            assert event.client_id == world.client.pk, page
    assert "client" in looked or name == "adam"


WRITES: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "edit_client": ("ada", {"code": "R-9", "name": SECRET}, ["client.updated"]),
    "edit_pattern": ("ada", {"weekday": "1", "weekly_at": "10:00", "modality": "video"}, ["pattern.changed"]),
    "new_session": ("ada", {"day": "tomorrow", "at": "10:00", "modality": "video"}, ["session.added"]),
    "end_episode": ("ada", {"ended_on": "today", "ending": "planned"}, ["episode.ended"]),
    "hand_over": ("ada", {}, ["client_rating.handed_over", "user.signed_out"]),
    "rate": ("ada", FIVES | {"note": SECRET}, ["rating.logged"]),
    "observe": ("sue", FIVES | {"note": SECRET}, ["rating.logged"]),
    "mark_session": ("ada", {"as": "missed"}, ["session.attendance_changed"]),
    "void_session": ("ada", {"reason": SECRET}, ["session.voided"]),
    "add_rectification": ("ada", {"text": SECRET}, ["rectification.added"]),
    "lift_hold": ("adam", {}, ["hold.lifted"]),
    "change_rupture": ("ada", {"says": "acknowledge", "note": SECRET}, ["rupture.changed"]),
    "see_signal": ("ada", {}, ["signal.seen"]),
    "reject_signal": ("ada", {}, ["signal.rejected"]),
    "pause_signals": ("ada", {"reason": SECRET}, ["signals.paused"]),
    "review_emergency_access": ("sue", {"verdict": "justified", "remark": SECRET}, ["emergency_access.reviewed"]),
    "emergency_access": ("ben", {"sought": "R-1", "reason": SECRET}, ["emergency_access.opened"]),
    "hand_on_client": ("adam", {"to": "ben"}, ["client.handed_on"]),
    "ask_client": ("ada", {"by": "link"}, ["link.made"]),
    "edit_asking": ("ada", {"every": "2"}, ["asking.changed"]),
    "correct_rating": ("ada", FIVES | {"reason": SECRET, "version": "1"}, ["rating.corrected"]),
    "move_rating": ("ada", {"reason": SECRET, "to": "other"}, ["rating.moved", "rating.moved"]),
    "new_follow_up": ("ada", {"what": SECRET, "owner": "clinician", "due_on": "tomorrow"}, ["follow_up.added"]),
    "assign_follow_up": ("sue", {"what": SECRET, "owner": "clinician", "due_on": "tomorrow"}, ["follow_up.added"]),
    "finish_follow_up": ("ada", {}, ["follow_up.done"]),
    "mark_case": ("sue", {"as": "pin"}, ["case.marked"]),
}


def as_sent(given: dict[str, Any]) -> dict[str, Any]:
    """Return what is sent, with the days by their dates."""
    day = timezone.localdate()
    return {name: f"{day + DAYS[value]}" if value in DAYS else value for name, value in given.items()}


UNRATED = ("hand_over", "mark_session", "void_session", "ask_client")
IN_SUPERVISION = {  # their own tests look at their events
    *("prepare_meeting", "propose_again", "add_case", "close_meeting", "record_decision", "review_client"),
}
WRITE_SEVERAL = {
    "new_client": ["client.created", "episode.started", "session.added"],
    "new_episode": ["episode.started", "session.added"],
}
NEEDS_A_STATE = {
    *("reopen_episode", "resume_signals", "edit_session", "mark_rupture", "reopen_follow_up"),
    *("hold_record", "erase_client", "say_outcome"),
}


def check_events(page: str, events: list[AuditEvent], expected: list[str], world: World, name: str) -> None:
    assert [event.action for event in events] == expected, page
    assert {event.actor_id for event in events} == {world.people[name].pk}, page
    assert not [text for text in (*TEXTS.values(), SECRET) if text in str([event.__dict__ for event in events])], page


@pytest.mark.parametrize("page", WRITES)
def test_each_write_is_one_event_without_a_value(world, page):
    name, sent, expected = WRITES[page]
    fresh = SessionFactory(client=world.client, starts_at=timezone.now() - timedelta(hours=3))
    world.ids |= {unrated: {"pk": fresh.pk} for unrated in UNRATED}
    other = SessionFactory(client=ClientFactory(clinician=world.people["ada"]))
    chosen = {"ben": world.people["ben"].pk, "other": other.pk}
    sent = {key: chosen.get(value, value) for key, value in as_sent(sent).items()}
    response, events = ask(world, name, "post", page, **sent)
    assert response.status_code == 302
    check_events(page, events, expected, world, name)
    assert events[0].client_id == world.client.pk


def test_each_write_that_needs_something_before_it_is_one_event(world):
    session = SessionFactory(client=world.client, starts_at=timezone.now() - timedelta(hours=30))
    world.ids["edit_session"] = {"pk": session.pk}
    moved = {"day": f"{session.day:%Y-%m-%d}", "at": "00:01", "modality": "video"}
    given = {"edit_session": (moved, "session.moved")}
    episode = world.client.episodes.get()
    pause_signals(episode, reason=SECRET, by=world.people["ada"])
    given["resume_signals"] = ({}, "signals.resumed")
    change_rupture(Rupture.objects.get(), says="repaired", note="", by=world.people["ada"])
    given["say_outcome"] = ({"outcome": "none"}, "rupture.outcome_said")
    finish_follow_up(FollowUp.objects.get(**world.ids["finish_follow_up"]), by=world.people["ada"])
    given["reopen_follow_up"] = ({}, "follow_up.reopened")
    for page, (sent, expected) in given.items():
        _, events = ask(world, "ada", "post", page, **sent)
        check_events(page, events, [expected], world, "ada")
    end_episode(episode, ended_on=timezone.localdate(), ending="planned", by=world.people["ada"])
    _, events = ask(world, "ada", "post", "reopen_episode")
    check_events("reopen_episode", events, ["episode.reopened"], world, "ada")


def test_a_hold_and_an_erasure_are_one_event_each(world):
    lift_hold(LegalHold.objects.get(), by=world.people["adam"])
    given = {
        "hold_record": ({"reason": SECRET}, "hold.set"),
        "erase_client": ({"basis": "request", "code": "R-1"}, "client.erased"),
    }
    for page, (sent, expected) in given.items():
        _, events = ask(world, "adam", "post", page, **sent)
        check_events(page, events, [expected], world, "adam")
        assert events[0].client_id == world.client.pk


def test_a_copy_that_leaves_is_one_event(world):
    _, events = ask(world, "ada", "post", "copy_for_client")
    check_events("copy_for_client", events, ["record.copied"], world, "ada")


def test_what_makes_several_records_writes_one_event_for_each(world):
    first = as_sent({"day": "tomorrow", "at": "10:00", "modality": "video"})
    _, events = ask(world, "ada", "post", "new_client", code="N-1", name=SECRET, **first)
    check_events("new_client", events, WRITE_SEVERAL["new_client"], world, "ada")
    end_episode(world.client.episodes.get(), ended_on=timezone.localdate(), ending="planned", by=world.people["ada"])
    _, events = ask(world, "ada", "post", "new_episode", **first)
    check_events("new_episode", events, WRITE_SEVERAL["new_episode"], world, "ada")
    assert len({event.target_id for event in events}) == len(events)
    assert Client.objects.filter(code="N-1").count() == 0


def test_every_page_about_a_client_that_writes_is_tried_here():
    elsewhere = NOTHING_OF_CLIENTS | DRAFTS | IN_SUPERVISION
    writing = {page for page, cells in PAGES.items() if page not in elsewhere and writes(cells)}
    reads_by_post = {"find_client", "copy_for_client"}
    by_admins = {"deactivate_person", "hand_on_caseload"}
    assert writing - reads_by_post - by_admins == (set(WRITES) | set(WRITE_SEVERAL) | NEEDS_A_STATE) - {"new_client"}


def writes(cells: dict[str, str]) -> bool:
    return any(not cell.endswith(("/405", "/404", "/403", "/in")) for cell in cells.values())


def test_a_refused_write_that_shows_nothing_is_no_event(world):
    for page in ("reopen_episode", "resume_signals", "mark_session", "say_outcome"):
        response, events = ask(world, "ada", "post", page)
        assert response.status_code in {400, 409}
        assert events == []
