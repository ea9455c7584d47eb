"""Handing a caseload on, and deactivating a person: admins see codes only."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts.models import Supervision, User
from alliance_tracker.audit.models import AuditEvent
from clients import actions
from clients.models import Assignment, Client, NotRated
from tests.accounts.doors import check_doors
from tests.factories import ClientFactory, SessionFactory, UserFactory, rate

pytestmark = pytest.mark.django_db

NOTE = "What nobody here should read"


@pytest.fixture
def admin(as_user, adam):
    """Adam's browser."""
    return as_user(adam)


@pytest.fixture
def casey(ada) -> Client:
    """Another client of Ada's."""
    return ClientFactory(code="C-2", name="Casey B.", clinician=ada)


@pytest.fixture
def rated(yesterday):
    return rate(yesterday, 3, note=NOTE)


def episode_of(client):
    return client.episodes.get()


def row(client) -> str:
    return f"to_{episode_of(client).pk.hex}"


def holder(client) -> User:
    return Assignment.objects.open().get(episode__client=client).clinician


def hand_on_page(person) -> str:
    return reverse("hand_on_caseload", args=[person.pk])


def deactivate_page(person) -> str:
    return reverse("deactivate_person", args=[person.pk])


def recorded(**match) -> list[str]:
    return list(AuditEvent.objects.filter(**match).order_by("at", "id").values_list("action", flat=True))


def test_doors(adam, ada, sue, robin):
    others = [ada, sue]
    check_doors("deactivate_person", ada.pk, admin=adam, others=others)
    check_doors("hand_on_caseload", ada.pk, admin=adam, others=others)


@pytest.mark.parametrize("name", ["deactivate_person", "hand_on_caseload"])
def test_a_deactivated_person_has_no_such_page(admin, adam, ada, name):
    actions.deactivate_person(ada, to={}, by=adam, reason="")
    assert admin.get(reverse(name, args=[ada.pk])).status_code == 404


def test_an_admin_sees_codes_and_nothing_else(admin, ada, ben, robin, rated):
    pages = [
        admin.get(deactivate_page(ada)),
        admin.get(hand_on_page(ada)),
        admin.get("/people/clients/?status=all"),
        admin.get(reverse("hand_on_client", args=[robin.pk])),
        admin.post(deactivate_page(ada), {}),
        admin.post(hand_on_page(ada), {}),
    ]
    for page in pages:
        text = page.content.decode()
        assert "R-1" in text
        assert not any(secret in text for secret in ("Robin", NOTE, "yesterday", "clinician_overall"))


def test_some_clients_are_handed_on(admin, ada, ben, robin, casey):
    page = admin.post(hand_on_page(ada), {row(robin): ben.pk, row(casey): "", "reason": "Full caseload"})
    assert page.url == reverse("edit_person", args=[ada.pk])
    assert (holder(robin), holder(casey)) == (ben, ada)
    assert not Client.objects.visible_to(ada).filter(pk=robin.pk).exists()
    assert Client.objects.editable_by(ben).filter(pk=robin.pk).exists()
    event = AuditEvent.objects.get(action="client.handed_on")
    assert (event.client_id, event.reason) == (robin.pk, "Full caseload")


def test_the_past_closes_and_the_future_moves(admin, ada, ben, robin, yesterday):
    later = SessionFactory(client=robin, starts_at=timezone.now() + timedelta(days=3))
    admin.post(hand_on_page(ada), {row(robin): ben.pk})
    for session in (yesterday, later):
        session.refresh_from_db()
    assert (yesterday.not_rated_reason, yesterday.clinician) == (NotRated.HANDED_ON, ada)
    assert (later.not_rated_reason, later.clinician) == ("", ben)


def test_one_choice_is_applied_to_all_and_nothing_is_written(admin, ada, ben, robin, casey):
    sent = {"everyone": ben.pk, "apply": "1", "reason": "Long leave"}
    for url in (hand_on_page(ada), deactivate_page(ada)):
        page = admin.post(url, sent)
        assert page.status_code == 200
        form = page.context["form"]
        assert [field.value() for _, field in form.rows()] == [str(ben.pk)] * 2
    assert "Long leave" in admin.post(hand_on_page(ada), sent).content.decode()
    assert (holder(robin), holder(casey)) == (ada, ada)
    assert recorded() == []


def test_applying_no_choice_keeps_what_the_rows_say(admin, ada, ben, robin, casey):
    page = admin.post(hand_on_page(ada), {"everyone": "", "apply": "1", row(robin): ben.pk, row(casey): ""})
    assert [field.value() for _, field in page.context["form"].rows()] == [
        str(ben.pk) if episode.code == "R-1" else "" for episode, _ in page.context["form"].rows()
    ]


@pytest.mark.parametrize("everyone", ["", "\x00", "nobody", "00000000-0000-0000-0000-000000000000"])
def test_a_strange_choice_for_all_chooses_nobody(admin, ada, robin, everyone):
    page = admin.post(hand_on_page(ada), {"everyone": everyone, "apply": "1"})
    assert page.status_code == 200
    assert " selected" not in page.content.decode().replace('value="" selected', "")


def test_only_another_active_clinician_takes_over(admin, ada, sue, robin):
    gone = UserFactory(is_active=False, deactivated_at=timezone.now())
    for chosen in ("", "\x00", "nobody", ada.pk, sue.pk, gone.pk):
        page = admin.post(hand_on_page(ada), {row(robin): chosen})
        assert page.status_code == 422
        assert "There is a problem" in page.content.decode()
    assert holder(robin) == ada


def test_another_clinicians_client_cannot_be_smuggled_in(admin, ada, ben, stella, robin):
    theirs = ClientFactory(clinician=stella)
    admin.post(hand_on_page(ada), {row(robin): ben.pk, row(theirs): ben.pk})
    assert holder(theirs) == stella


def test_a_reason_has_its_limits(admin, ada, ben, robin):
    for reason in ("x" * 201, "\x00"):
        page = admin.post(hand_on_page(ada), {row(robin): ben.pk, "reason": reason})
        assert page.status_code == 422
    assert holder(robin) == ada


def test_without_clients_there_is_nothing_to_hand_on(admin, ada):
    assert "There is nobody to hand on." in admin.get(hand_on_page(ada)).content.decode()


def test_closed_therapies_stay_out_of_it(admin, ada, robin):
    robin.episodes.update(ended_on=timezone.localdate(), ending="planned")
    assert not admin.get(hand_on_page(ada)).context["form"].episodes


def test_someone_without_clients_is_deactivated(admin, adam, ben):
    page = admin.post(deactivate_page(ben), {"why": "Left the service", "detail": "Moved away"})
    assert page.url == "/people/"
    ben.refresh_from_db()
    assert not ben.is_active
    assert not ben.has_usable_password()
    event = AuditEvent.objects.get(action="user.deactivated")
    assert (event.actor_id, event.target_id, event.reason) == (adam.pk, ben.pk, "Left the service: Moved away")


def test_it_is_blocked_until_every_client_has_someone(admin, ada, ben, robin, casey):
    page = admin.post(deactivate_page(ada), {row(robin): ben.pk, "why": "Other"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "C-2: Choose who takes over." in text
    assert "R-1: Choose" not in text
    assert f'value="{ben.pk}" selected' in text
    ada.refresh_from_db()
    assert ada.is_active
    assert (holder(robin), holder(casey)) == (ada, ada)
    assert recorded() == []


def test_all_are_handed_on_with_it(admin, ada, ben, robin, casey):
    stella = UserFactory()
    given = {row(robin): ben.pk, row(casey): stella.pk, "why": "Left the service", "detail": ""}
    assert admin.post(deactivate_page(ada), given).status_code == 302
    assert (holder(robin), holder(casey)) == (ben, stella)
    assert recorded() == ["client.handed_on", "client.handed_on", "user.deactivated"]


def test_one_refused_client_stops_the_whole(adam, ada, ben, robin, casey):
    gone = UserFactory()
    gone.is_clinician = False
    gone.save()
    with pytest.raises(ValidationError, match="cannot take clients on"):
        actions.deactivate_person(ada, to={episode_of(robin): ben, episode_of(casey): gone}, by=adam, reason="")
    ada.refresh_from_db()
    assert ada.is_active
    assert (holder(robin), holder(casey)) == (ada, ada)


def test_the_action_itself_refuses_what_the_page_would(adam, ada, robin):
    with pytest.raises(ValidationError, match="Choose who takes over each open client first"):
        actions.deactivate_person(ada, to={}, by=adam, reason="")
    with pytest.raises(ValidationError, match="holds this client already"):
        actions.deactivate_person(ada, to={episode_of(robin): ada}, by=adam, reason="")


def test_a_supervisor_who_goes_supervises_nobody(adam, sue, ada):
    actions.deactivate_person(sue, to={}, by=adam, reason="")
    assert not Supervision.objects.current().exists()
    with pytest.raises(ValidationError, match="is deactivated already"):
        actions.deactivate_person(sue, to={}, by=adam, reason="")


@pytest.mark.parametrize("change", [{"why": ""}, {"why": "Because"}, {"detail": "x" * 201}, {"detail": "\x00"}])
def test_a_bad_reason_is_shown_again(admin, ben, change):
    page = admin.post(deactivate_page(ben), {"why": "Other", "detail": ""} | change)
    assert page.status_code == 422
    ben.refresh_from_db()
    assert ben.is_active


def test_the_last_admin_cannot_be_deactivated(admin, adam):
    page = admin.post(deactivate_page(adam), {"why": "Other"})
    assert page.status_code == 422
    assert "last administrator" in page.content.decode()
