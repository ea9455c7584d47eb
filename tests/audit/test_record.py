from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from alliance_tracker.audit.actions import record
from alliance_tracker.audit.middleware import RequestIdMiddleware, current_request_id
from alliance_tracker.audit.models import AuditEvent
from clients.models import Client

pytestmark = pytest.mark.django_db


def test_an_event_names_who_what_and_when_but_no_value(monday, ada, robin):
    record("client.viewed", by=ada, target=robin, client_id=robin.pk, reason="Asked by the client")
    event = AuditEvent.objects.get()
    assert (event.at, event.actor_id, event.action) == (monday, ada.pk, "client.viewed")
    assert (event.target_type, event.target_id, event.client_id) == ("client", robin.pk, robin.pk)
    assert event.reason == "Asked by the client"
    assert event.request_id is None


def test_the_system_and_clients_have_no_actor_and_some_events_no_target():
    record("settings.changed", by=None)
    event = AuditEvent.objects.get()
    assert (event.actor_id, event.target_type, event.target_id, event.client_id) == (None, "", None, None)


def test_an_event_outlives_what_it_names(ada):
    client = Client.objects.create(code="GONE")
    record("client.created", by=ada, target=client, client_id=client.pk)
    pk = client.pk
    client.delete()
    assert AuditEvent.objects.get().target_id == pk


@pytest.mark.parametrize("action", ["viewed", "client.", "Client.Viewed", "client.viewed.twice", "client viewed", ""])
def test_an_action_is_noun_dot_past_tense(action):
    with pytest.raises(IntegrityError), transaction.atomic():
        record(action, by=None)


def test_what_one_request_did_carries_its_id(as_user, ada, robin):
    browser = as_user(ada)
    browser.get(f"/clients/{robin.pk}/")
    browser.post(f"/clients/{robin.pk}/edit/", {"code": "R-2"})
    browser.get("/clients/")
    ids = dict(AuditEvent.objects.values_list("action", "request_id"))
    assert len({ids["client.viewed"], ids["client.updated"], ids["caseload.viewed"]}) == 3
    assert all(isinstance(each, UUID) for each in ids.values())


def test_the_id_ends_with_its_request_even_when_that_fails(rf):
    seen = []

    def fail(_):
        seen.append(current_request_id.get())
        raise RuntimeError

    with pytest.raises(RuntimeError):
        RequestIdMiddleware(fail)(rf.get("/"))
    assert seen[0] is not None
    assert current_request_id.get() is None
