"""Client codes: what admins may know of clients, and how they assign one."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts.models import User
from alliance_tracker.audit.models import AuditEvent
from clients import actions
from clients.models import Assignment, Client
from tests.accounts.doors import check_doors
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(as_user, adam):
    """Adam's browser."""
    return as_user(adam)


def holder(client) -> User:
    return Assignment.objects.open().get(episode__client=client).clinician


def recorded(**match) -> list[str]:
    return list(AuditEvent.objects.filter(**match).order_by("at", "id").values_list("action", flat=True))


def test_doors(adam, ada, sue, robin):
    check_doors("client_codes", admin=adam, others=[ada, sue], sends=False)
    check_doors("new_client_code", admin=adam, others=[ada, sue])
    check_doors("hand_on_client", robin.pk, admin=adam, others=[ada, sue])


def test_codes_are_listed_with_who_holds_them(admin, ada, robin):
    ended = ClientFactory(code="Z-9", name="Zoe", clinician=ada)
    ended.episodes.update(ended_on=timezone.localdate(), ending="planned")

    def codes(query):
        return [episode.code for episode in admin.get(f"/people/clients/?{query}").context["page"].object_list]

    assert codes("") == ["R-1"]
    assert codes("status=closed") == ["Z-9"]
    assert codes("status=all") == ["R-1", "Z-9"]
    assert codes("q=r-") == ["R-1"]
    assert codes("q=Robin&status=all") == []
    assert "Ada Osei" in admin.get("/people/clients/").content.decode()
    assert set(recorded()) == {"caseload.viewed"}


@pytest.mark.parametrize("query", ["status=dead", "q=%00", "q=" + "x" * 21])
def test_unknown_filters_are_refused(admin, query):
    assert admin.get(f"/people/clients/?{query}").status_code == 422


def test_codes_come_in_pages_and_a_fixed_number_of_queries(admin, ada, django_assert_max_num_queries):
    admin.get("/people/clients/")
    counts = []
    for _ in range(2):
        for _ in range(30):
            ClientFactory(clinician=ada)
        with django_assert_max_num_queries(20) as captured:
            page = admin.get("/people/clients/")
        counts.append(len(captured.captured_queries))
    assert counts[0] == counts[1]
    assert len(page.context["page"].object_list) == 50


def test_a_client_is_created_with_a_code_only_and_assigned(admin, adam, ada):
    page = admin.post("/people/clients/new/", {"code": "N-7", "clinician": ada.pk, "name": "Smuggled"})
    assert page.url == "/people/clients/"
    client = Client.objects.editable_by(ada).get()
    assert (client.code, client.name, client.email) == ("N-7", "", "")
    assert client.episodes.get().is_open
    assert not client.episodes.get().sessions.exists()
    assert recorded(actor_id=adam.pk) == ["client.created", "episode.started"]


@pytest.mark.parametrize(
    "change",
    [
        {"code": ""},
        {"code": "r-1"},
        {"code": "two words"},
        {"code": "x" * 21},
        {"code": "\x00"},
        {"clinician": ""},
        {"clinician": "sue"},
        {"clinician": "\x00"},
    ],
)
def test_a_bad_new_client_is_shown_again(admin, ada, sue, change):
    ClientFactory(code="R-1", clinician=ada)
    given = {"code": "N-7", "clinician": ada.pk} | change
    given["clinician"] = sue.pk if given["clinician"] == "sue" else given["clinician"]
    page = admin.post("/people/clients/new/", given)
    assert page.status_code == 422
    assert Client.objects.count() == 1


def test_one_client_is_handed_on(admin, ada, ben, robin):
    url = reverse("hand_on_client", args=[robin.pk])
    assert "With Ada Osei since" in admin.get(url).content.decode()
    assert admin.post(url, {"to": ben.pk}).url == "/people/clients/"
    assert holder(robin) == ben
    again = admin.post(url, {"to": ben.pk})
    assert again.status_code == 422
    assert "Ben Lind holds this client already" in again.content.decode()


def test_a_closed_record_can_be_handed_on_too(admin, ada, ben, robin):
    robin.episodes.update(ended_on=timezone.localdate(), ending="planned")
    assert admin.post(reverse("hand_on_client", args=[robin.pk]), {"to": ben.pk}).status_code == 302
    assert holder(robin) == ben


@pytest.mark.parametrize("to", ["", "\x00", "nobody", "00000000-0000-0000-0000-000000000000"])
def test_a_bad_choice_is_shown_again(admin, robin, to):
    assert admin.post(reverse("hand_on_client", args=[robin.pk]), {"to": to}).status_code == 422


def test_a_role_lost_meanwhile_is_noticed(adam, ada, ben, robin):
    User.objects.filter(pk=ben.pk).update(is_clinician=False)
    assert ben.is_clinician
    with pytest.raises(ValidationError, match="Ben Lind cannot take clients on"):
        actions.hand_on(robin.episodes.get(), to=ben, by=adam)
    with pytest.raises(ValidationError, match="Ben Lind cannot take clients on"):
        actions.create_client(code="N-7", clinician=ben, by=ben)
    assert Client.objects.count() == 1
