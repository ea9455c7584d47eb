"""The audit trail as administrators read it: who, what, when, on which code; never what a record says."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from alliance_tracker.audit.actions import record
from alliance_tracker.audit.models import AuditEvent
from alliance_tracker.audit.seals import seal_trail
from clients import trail as trails
from tests.accounts.doors import signed_in
from tests.doors import check_doors_of_role
from tests.factories import EmergencyAccessFactory, UserFactory, rate

pytestmark = pytest.mark.django_db
URL = reverse("audit_trail")
EVERY_ACTION = [
    *("caseload.viewed", "client.viewed", "ratings.exported", "rating.logged", "demo.loaded", "user.renamed"),
    *("supervision.started", "settings.changed", "user.signed_in", "user.sign_in_failed", "emergency_access.opened"),
]


@pytest.fixture
def admin(as_user, adam):
    """Adam's browser."""
    return as_user(adam)


def rows(browser, query: str = "") -> list[tuple[str, str, str]]:
    page = browser.get(f"{URL}?{query}").context["page"]
    return [(entry.who, entry.what, entry.about) for entry in page.entries]


def test_doors(adam, ada, sue):
    check_doors_of_role("audit_trail", opens_to=[adam], not_to=[ada, sue])


def test_events_come_newest_first_with_names_and_codes(admin, ada, robin, adam):
    record("client.viewed", by=ada, target=robin, client_id=robin.pk)
    record("user.deactivated", by=adam, target=ada, reason="Left the service")
    record("client_rating.sent", by=None, client_id=robin.pk)
    assert rows(admin)[:4] == [
        ("Adam Novak", "Looked at the audit trail", ""),
        ("No account", "Client rating sent", "R-1"),
        ("Adam Novak", "User deactivated", "Ada Osei"),
        ("Ada Osei", "Looked at a client's record", "R-1"),
    ]
    assert "Left the service" in admin.get(URL).content.decode()


@pytest.mark.parametrize("action", ["signal.seen", "signals.paused", "rupture.changed", "case.decided"])
def test_a_strain_and_a_decision_are_a_change_of_the_record_and_no_more(admin, ada, robin, action):
    record(action, by=ada, client_id=robin.pk)
    assert rows(admin)[1] == ("Ada Osei", "Changed a client's record", "R-1")


def test_no_name_no_note_and_no_reason_of_a_clinician_is_shown(admin, ada, robin, yesterday):
    rate(yesterday, note="Spoke of the father")
    record("rating.corrected", by=ada, client_id=robin.pk, reason="It was about the father")
    EmergencyAccessFactory(client=robin, user=ada, reason="The father called")
    page = admin.get(URL).content.decode()
    assert "R-1" in page
    assert not [text for text in ("Robin", "father") if text in page]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("looks", {"caseload.viewed", "client.viewed", "audit_trail.viewed"}),
        ("exports", {"ratings.exported"}),
        ("records", {"rating.logged", "demo.loaded"}),
        ("people", {"user.renamed", "supervision.started", "settings.changed"}),
        ("sign_ins", {"user.signed_in", "user.sign_in_failed"}),
        ("emergency", {"emergency_access.opened"}),
    ],
)
def test_each_event_is_of_one_kind(admin, expected, kind):
    for action in EVERY_ACTION:
        record(action, by=None)
    page = admin.get(f"{URL}?kind={kind}").context["page"]
    assert {entry.event.action for entry in page.entries} == expected


def test_a_person_is_found_as_the_one_who_acts_and_the_one_acted_on(admin, ada, adam, ben):
    record("client.viewed", by=ada)
    record("user.renamed", by=adam, target=ada)
    record("client.viewed", by=ben)
    assert [what for _, what, _ in rows(admin, f"person={ada.email}")] == [
        "User renamed",
        "Looked at a client's record",
    ]


def test_a_person_is_named_by_name_or_by_e_mail(admin, ada):
    record("client.viewed", by=ada)
    assert rows(admin, "person=ada%20OSEI") == rows(admin, f"person={ada.email.upper()}")
    UserFactory(name=ada.name)
    page = admin.get(f"{URL}?person=Ada%20Osei")
    assert "Several people have this name. Give the e-mail." in page.content.decode()
    assert "Nobody has this name or e-mail." in admin.get(f"{URL}?person=Ad").content.decode()


def test_a_day_is_a_day_of_the_services_time_zone(monday, admin, service, ada):
    service.time_zone = "Europe/Berlin"
    service.save()
    midnight = monday.replace(hour=23) - timedelta(days=1)
    for moment in (midnight - timedelta(microseconds=1), midnight):
        AuditEvent.objects.create(action="client.viewed", actor_id=ada.pk, at=moment)
    assert len([row for row in rows(admin, "day=2026-11-22") if row[0] == "Ada Osei"]) == 1
    assert len([row for row in rows(admin, "day=2026-11-23") if row[0] == "Ada Osei"]) == 1


@pytest.mark.parametrize(
    "query", ["kind=all", "day=yesterday", "day=0001-01-01", "day=9999-12-31", "person=1", "before=1", "kind=%00"]
)
def test_unknown_filters_are_refused(admin, query):
    response = admin.get(f"{URL}?{query}")
    assert response.status_code == 422
    assert response.context["page"] is None


def test_pages_follow_each_other_without_a_gap_in_a_fixed_number_of_queries(
    monday, admin, ada, django_assert_num_queries
):
    for number in range(120):
        AuditEvent.objects.create(action="client.viewed", actor_id=ada.pk, at=monday - timedelta(seconds=number // 7))
    seen, query = [], f"person={ada.email}"
    while query:
        page = admin.get(f"{URL}?{query}").context["page"]
        seen += [entry.event.pk for entry in page.entries]
        query = f"person={ada.email}&before={page.older}" if page.older else ""
    assert len(seen) == len(set(seen)) == 120
    ordered = AuditEvent.objects.filter(actor_id=ada.pk).order_by("-at", "-id")
    assert seen == list(ordered.values_list("pk", flat=True))
    with django_assert_num_queries(3):
        trails.page_of(trails.found(ada, "", None), seen[49])


def test_it_says_how_far_the_trail_is_sealed(monday, admin):
    assert "Not sealed yet" in admin.get(URL).content.decode()
    with time_machine.travel(monday + timedelta(days=1), tick=False):
        seal = seal_trail(monday + timedelta(days=1))
    assert f"seal {seal.number}, " in admin.get(URL).content.decode()


def test_it_counts_emergency_access_and_names_nobody_by_it(monday, admin, robin, ben):
    for days in (1, 6, 9, 40):
        EmergencyAccessFactory(client=robin, user=ben, opened_at=monday - timedelta(days=days))
    page = admin.get(URL).content.decode()
    assert "2 not reviewed for more than 7 days. 3 in the last 30 days, 4 waiting" in page
    assert "Ben Lind" not in page.split("<main")[1].split("</main")[0].split("</select>")[-1]


def test_the_events_of_a_client_are_found_for_whoever_asks_for_their_record(ada, robin):
    record("client.viewed", by=ada, target=robin, client_id=robin.pk)
    record("rating.logged", by=ada, client_id=robin.pk)
    record("caseload.viewed", by=ada)
    found = AuditEvent.objects.of_client(robin.pk)
    assert [event.action for event in found] == ["rating.logged", "client.viewed"]


def test_nav_leads_administrators_there(admin, ada):
    assert f'href="{URL}"' in admin.get(reverse("people")).content.decode()
    assert f'href="{URL}"' not in signed_in(ada).get(reverse("today")).content.decode()
