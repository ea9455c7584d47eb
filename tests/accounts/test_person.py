"""The page of one person: details, roles, supervision, reset link, restoring."""

from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse

from alliance_tracker.accounts import actions
from alliance_tracker.accounts.models import Supervision
from alliance_tracker.audit.models import AuditEvent
from clients.actions import deactivate_person
from tests.accounts.doors import check_doors, signed_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
NEW = "quiet-river-over-stone"


def page_of(person) -> str:
    return reverse("edit_person", args=[person.pk])


def details(person, **change):
    return {"name": person.name, "email": person.email, "roles": person.roles} | change


def recorded(**match) -> list[str]:
    return list(AuditEvent.objects.filter(**match).order_by("at", "id").values_list("action", flat=True))


def test_doors(adam, ada, sue):
    pair = Supervision.objects.get(clinician=ada)
    check_doors("edit_person", ada.pk, admin=adam, others=[ada, sue])
    for name, pk in (
        ("add_supervisor", ada.pk),
        ("make_reset_link", ada.pk),
        ("restore_person", ada.pk),
        ("end_supervision", pair.pk),
    ):
        check_doors(name, pk, admin=adam, others=[ada, sue], shows=False)


def test_it_shows_the_person_and_their_pairs(as_user, adam, ada, sue, robin):
    text = as_user(adam).get(page_of(ada)).content.decode()
    for shown in ("ada@example.org", "Sue Brandt", "End now", "Holds 1 open client", "Make a reset link"):
        assert shown in text
    assert "Ada Osei" in as_user(adam).get(page_of(sue)).content.decode()
    assert "Robin" not in text
    assert "R-1" not in text


def test_name_and_roles_are_changed(as_user, adam, ada):
    given = details(ada, name="Ada O.", roles=["clinician", "supervisor"])
    assert as_user(adam).post(page_of(ada), given).url == "/people/"
    ada.refresh_from_db()
    assert (ada.name, ada.roles) == ("Ada O.", ["clinician", "supervisor"])
    assert recorded(actor_id=adam.pk) == ["user.renamed", "user.roles_changed"]
    assert set(AuditEvent.objects.values_list("reason", flat=True)) == {""}


def test_saving_without_a_change_records_nothing(as_user, adam, ada):
    as_user(adam).post(page_of(ada), details(ada))
    assert recorded() == []


def test_a_new_e_mail_replaces_the_old_one_at_the_door(as_user, adam, ada, settings):
    settings.EMAIL_HOST = "mail.example.org"
    EmailAddress.objects.create(user=ada, email="ada@example.org", verified=True, primary=True)
    as_user(adam).post(page_of(ada), details(ada, email="Ada.Osei@example.org"))
    tried = {
        email: Browser().post("/accounts/login/", {"login": email, "password": PASSWORD}).status_code
        for email in ("ada@example.org", "ada.osei@example.org")
    }
    assert tried == {"ada@example.org": 422, "ada.osei@example.org": 302}
    assert mail.outbox[0].to == ["ada@example.org"]
    assert "ada.osei" not in mail.outbox[0].body
    assert recorded(actor_id=adam.pk) == ["user.email_changed"]


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"name": "\x00"},
        {"email": "sue@example.org"},
        {"email": "SUE@example.org"},
        {"email": "nonsense"},
        {"roles": []},
        {"roles": ["owner"]},
        {"roles": ["clinician", "\x00"]},
    ],
)
def test_a_bad_form_is_shown_again(as_user, adam, ada, sue, change):
    page = as_user(adam).post(page_of(ada), details(ada) | change)
    assert page.status_code == 422
    assert "There is a problem" in page.content.decode()
    ada.refresh_from_db()
    assert (ada.name, ada.email, ada.roles) == ("Ada Osei", "ada@example.org", ["clinician"])


def test_the_database_refuses_an_e_mail_that_is_taken(adam, ada, sue, monkeypatch):
    monkeypatch.setattr(actions, "check_email_is_free", lambda *_: None)
    with pytest.raises(ValidationError, match="an account with this e-mail"):
        actions.update_person(ada, **details(ada, email="sue@example.org"), by=adam)


def test_the_last_admin_stays(as_user, adam, ada):
    page = as_user(adam).post(page_of(adam), details(adam, roles=["clinician"]))
    assert page.status_code == 422
    assert "last administrator" in page.content.decode()
    with pytest.raises(ValidationError, match="last administrator"):
        deactivate_person(adam, to={}, by=adam, reason="")
    adam.refresh_from_db()
    assert adam.is_active
    assert adam.is_admin


def test_an_admin_may_drop_the_role_while_another_one_stays(as_user, adam, ada):
    other = UserFactory(is_admin=True)
    assert as_user(adam).post(page_of(adam), details(adam, roles=["clinician"])).status_code == 302
    with pytest.raises(ValidationError, match="last administrator"):
        actions.update_person(other, **details(other, roles=["clinician"]), by=other)


def test_a_deactivated_admin_does_not_count(adam):
    gone = UserFactory(is_admin=True)
    deactivate_person(gone, to={}, by=adam, reason="")
    with pytest.raises(ValidationError, match="last administrator"):
        actions.update_person(adam, **details(adam, roles=["clinician"]), by=adam)


def test_an_admin_may_add_a_role_to_themselves(as_user, adam):
    as_user(adam).post(page_of(adam), details(adam, roles=["admin", "clinician"]))
    adam.refresh_from_db()
    assert adam.roles == ["clinician", "admin"]


def test_a_clinician_with_open_clients_keeps_the_role(as_user, adam, ada, robin):
    page = as_user(adam).post(page_of(ada), details(ada, roles=["supervisor"]))
    assert page.status_code == 422
    assert "Ada Osei holds 1 open client. Hand them on first." in page.content.decode()
    assert reverse("hand_on_caseload", args=[ada.pk]) in page.content.decode()
    ada.refresh_from_db()
    assert ada.is_clinician


def test_a_reset_link_works_once_from_end_to_end(as_user, adam, ada):
    page = as_user(adam).post(reverse("make_reset_link", args=[ada.pk]), follow=True)
    link = page.context["link"].removeprefix("http://testserver")
    assert recorded(actor_id=adam.pk, target_id=ada.pk) == ["user.reset_link_made"]
    browser = Browser()
    assert browser.post("/accounts/login/", {"login": ada.email, "password": PASSWORD}).status_code == 302
    link_after_sign_in = signed_in(adam).post(reverse("make_reset_link", args=[ada.pk]), follow=True).context["link"]
    assert "no longer works" in Browser().get(link, follow=True).content.decode()
    theirs = Browser()
    form = theirs.get(link_after_sign_in.removeprefix("http://testserver"), follow=True)
    done = theirs.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert done.status_code == 302
    assert Browser().post("/accounts/login/", {"login": ada.email, "password": NEW}).status_code == 302
    assert browser.get("/accounts/me/").status_code == 302


def test_no_reset_link_for_a_deactivated_person(as_user, adam, ada):
    deactivate_person(ada, to={}, by=adam, reason="")
    page = as_user(adam).post(reverse("make_reset_link", args=[ada.pk]), follow=True)
    assert "is deactivated. Restore the account first." in page.content.decode()


def test_a_deactivated_person_is_out_at_once_and_restored_with_a_new_password(as_user, adam, ada):
    theirs = signed_in(ada)
    assert theirs.get("/accounts/me/").status_code == 200
    deactivate_person(ada, to={}, by=adam, reason="Long leave")
    assert theirs.get("/accounts/me/").status_code == 302
    assert "Restore" in as_user(adam).get(page_of(ada)).content.decode()
    page = as_user(adam).post(reverse("restore_person", args=[ada.pk]), follow=True)
    assert "Ada Osei has access again." in page.content.decode()
    ada.refresh_from_db()
    assert (ada.is_active, ada.deactivated_at, ada.roles) == (True, None, ["clinician"])
    assert theirs.get("/accounts/me/").status_code == 302
    assert Browser().post("/accounts/login/", {"login": ada.email, "password": PASSWORD}).status_code == 422
    assert Browser().get(page.context["link"].removeprefix("http://testserver"), follow=True).context["form"]
    assert recorded(target_id=ada.pk, actor_id=adam.pk) == [
        "user.deactivated",
        "user.restored",
        "user.reset_link_made",
    ]


def test_restoring_someone_active_is_refused(as_user, adam, ada):
    page = as_user(adam).post(reverse("restore_person", args=[ada.pk]), follow=True)
    assert "has access already" in page.content.decode()
    assert recorded() == []
