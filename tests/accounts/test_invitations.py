"""Invitations: from the admin's form to the new account."""

from datetime import timedelta
from hashlib import sha256
from smtplib import SMTPServerDisconnected

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts import actions
from alliance_tracker.accounts.models import Invitation, Supervision, User
from alliance_tracker.audit.models import AuditEvent
from tests.accounts.doors import check_doors
from tests.accounts.test_passwords import CLINICAL

pytestmark = pytest.mark.django_db

NEW = "quiet-river-over-stone"
DANA = {"name": "Dana Whitlock", "email": "dana@example.org", "roles": ["clinician"]}
ACCOUNT = {"name": "Dana Whitlock", "password": NEW, "password_again": NEW}


@pytest.fixture
def invited(adam, sue):
    """Dana is invited as a clinician whom Sue will supervise."""
    return actions.invite_person(**DANA, supervisor=sue, by=adam)


def address(token) -> str:
    return reverse("accept_invitation", args=[token])


def test_doors(client, adam, ada, sue):
    check_doors("invite_person", admin=adam, others=[ada, sue])
    check_doors("new_link", admin=adam, others=[ada, sue], sends=False)


def test_doors_of_the_buttons(adam, ada, sue, invited):
    for name in ("resend_invitation", "withdraw_invitation"):
        check_doors(name, invited[0].pk, admin=adam, others=[ada, sue], shows=False)


def test_an_admin_invites_and_sees_the_link_once(as_user, adam, sue):
    browser = as_user(adam)
    assert browser.get("/people/invite/").status_code == 200
    given = DANA | {"email": "DANA@Example.org", "supervisor": sue.pk}
    page = browser.post("/people/invite/", given, follow=True)
    invitation = Invitation.objects.get()
    token = page.context["link"].rstrip("/").rsplit("/", 1)[1]
    assert (invitation.email, invitation.supervisor, invitation.invited_by) == ("dana@example.org", sue, adam)
    assert invitation.token_hash == sha256(token.encode()).hexdigest()
    assert len(token) >= 43
    assert "Pass this link on" in page.content.decode()
    assert browser.get("/people/link/").url == "/people/"
    assert token not in str(dict(browser.session))
    assert AuditEvent.objects.get(target_id=invitation.pk).action == "invitation.sent"
    assert not mail.outbox


def test_the_invitation_goes_out_by_mail_where_there_is_a_server(as_user, adam, settings):
    settings.EMAIL_HOST = "mail.example.org"
    page = as_user(adam).post("/people/invite/", DANA, follow=True)
    (message,) = mail.outbox
    assert message.to == ["dana@example.org"]
    assert page.context["link"] in message.body
    assert "on its way to dana@example.org" in page.content.decode()
    assert not any(word in f"{message.subject} {message.body}".lower() for word in CLINICAL)


def test_a_mail_server_that_is_away_leaves_the_link_on_the_page(as_user, adam, settings, monkeypatch):
    def fail(*_):
        raise SMTPServerDisconnected

    settings.EMAIL_HOST = "mail.example.org"
    monkeypatch.setattr("alliance_tracker.accounts.mail.EmailMessage.send", fail)
    page = as_user(adam).post("/people/invite/", DANA, follow=True)
    assert "Pass this link on" in page.content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"name": "Dana\x00"},
        {"email": ""},
        {"email": "not an address"},
        {"email": "x" * 250 + "@example.org"},
        {"roles": []},
        {"roles": ["owner"]},
        {"supervisor": "00000000-0000-0000-0000-000000000000"},
        {"supervisor": "\x00"},
        {"roles": ["admin"], "supervisor": "sue"},
    ],
)
def test_a_bad_form_is_shown_again(as_user, adam, sue, change):
    change = change | ({"supervisor": sue.pk} if change.get("supervisor") == "sue" else {})
    page = as_user(adam).post("/people/invite/", DANA | change)
    assert page.status_code == 422
    assert not Invitation.objects.exists()
    if "email" not in change:
        assert "dana@example.org" in page.content.decode()


def test_the_supervisor_must_be_one(as_user, adam, ada):
    assert as_user(adam).post("/people/invite/", DANA | {"supervisor": ada.pk}).status_code == 422


def test_nobody_is_invited_twice(as_user, adam, ada, invited):
    for email, said in (("dana@example.org", "is invited already"), ("ada@example.org", "an account with this e-mail")):
        page = as_user(adam).post("/people/invite/", DANA | {"email": email})
        assert page.status_code == 422
        assert said in page.content.decode()


def test_the_database_refuses_a_second_pending_invitation(adam, invited, monkeypatch):
    monkeypatch.setattr("alliance_tracker.accounts.models.InvitationQuerySet.pending", lambda self: self.none())
    with pytest.raises(ValidationError, match="invited already"):
        actions.invite_person(**DANA, supervisor=None, by=adam)


def test_accepting_makes_the_account_signs_in_and_pairs(client, invited, sue):
    _, token = invited
    page = client.get(address(token))
    assert page.status_code == 200
    assert 'value="Dana Whitlock"' in page.content.decode()
    assert client.post(address(token), ACCOUNT | {"name": "Dana W."}).url == "/"
    dana = User.objects.get(email="dana@example.org")
    assert (dana.name, dana.roles, dana.check_password(NEW)) == ("Dana W.", ["clinician"], True)
    assert client.get("/accounts/me/").status_code == 200
    pair = Supervision.objects.get(clinician=dana)
    assert (pair.supervisor, pair.ends_at) == (sue, None)
    done = AuditEvent.objects.filter(actor_id=dana.pk).order_by("at", "id").values_list("action", flat=True)
    assert list(done) == ["invitation.accepted", "user.created", "supervision.started", "user.signed_in"]


def test_looking_does_not_use_it_up(client, invited):
    for _ in range(20):
        assert client.get(address(invited[1])).status_code == 200
        assert client.head(address(invited[1])).status_code == 200
    assert client.post(address(invited[1]), ACCOUNT).status_code == 302


def test_unknown_used_expired_and_withdrawn_look_alike(client, invited, adam):
    _, token = invited
    unknown = client.get(address("A" * 43))
    client.post(address(token), ACCOUNT)
    client.logout()
    used = client.get(address(token))
    other, other_token = actions.invite_person(**DANA | {"email": "eve@example.org"}, supervisor=None, by=adam)
    with time_machine.travel(timezone.now() + timedelta(hours=48, seconds=1)):
        expired = client.get(address(other_token))
    actions.withdraw_invitation(other, by=adam)
    withdrawn = client.get(address(other_token))
    pages = [unknown, used, expired, withdrawn, client.post(address(token), ACCOUNT)]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    assert "This invitation does not work" in unknown.content.decode()


def test_it_works_until_its_last_minute(client, invited):
    with time_machine.travel(timezone.now() + timedelta(hours=47, minutes=59)):
        assert client.post(address(invited[1]), ACCOUNT).status_code == 302


def test_of_two_at_once_one_gets_the_account(invited):
    invitation, _ = invited
    given = {"name": "Dana", "email": "", "password": NEW}
    actions.accept_invitation(invitation, **given)
    with pytest.raises(Invitation.DoesNotExist):
        actions.accept_invitation(invitation, **given)
    assert User.objects.filter(email="dana@example.org").count() == 1


def test_an_invitation_used_between_look_and_send_is_the_same_404(client, invited, monkeypatch):
    invitation, token = invited
    monkeypatch.setattr("alliance_tracker.accounts.views.invitations.usable_invitation", lambda _: invitation)
    invitation.withdrawn_at = timezone.now()
    invitation.save()
    assert client.post(address(token), ACCOUNT).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"password": "short", "password_again": "short"},
        {"password_again": "another-long-password"},
        {"password": "\x00" * 20, "password_again": "\x00" * 20},
        {"password": "a" * 257, "password_again": "a" * 257},
        {"password": ""},
    ],
)
def test_a_bad_account_is_shown_again(client, invited, change):
    page = client.post(address(invited[1]), ACCOUNT | change)
    assert page.status_code == 422
    assert NEW not in page.content.decode()
    assert not User.objects.filter(email="dana@example.org").exists()


def test_forged_fields_change_nothing(client, invited):
    client.post(
        address(invited[1]),
        ACCOUNT | {"email": "eve@example.org", "is_admin": "on", "also_clinician": "on", "roles": "admin"},
    )
    dana = User.objects.get(name="Dana Whitlock")
    assert (dana.email, dana.roles) == ("dana@example.org", ["clinician"])


def test_an_e_mail_taken_meanwhile_is_said(client, invited, ada):
    ada.email = "dana@example.org"
    ada.save()
    page = client.post(address(invited[1]), ACCOUNT)
    assert page.status_code == 422
    assert "There is an account with this e-mail already" in page.content.decode()
    assert Invitation.objects.get().accepted_at is None


def test_a_supervisor_who_left_is_not_paired(client, invited, sue):
    sue.is_supervisor = False
    sue.save()
    client.post(address(invited[1]), ACCOUNT)
    assert not Supervision.objects.filter(clinician__email="dana@example.org").exists()


def test_renewing_gives_a_new_link_and_the_old_one_stops(as_user, client, adam, invited):
    invitation, token = invited
    with time_machine.travel(timezone.now() + timedelta(hours=72)):
        page = as_user(adam).post(reverse("resend_invitation", args=[invitation.pk]), follow=True)
        link = page.context["link"].removeprefix("http://testserver")
        client.logout()
        assert client.get(address(token)).status_code == 404
        assert client.get(link).status_code == 200
    assert AuditEvent.objects.filter(action="invitation.renewed", actor_id=adam.pk).count() == 1


def test_withdrawing_stops_the_link(as_user, client, adam, invited):
    invitation, token = invited
    assert as_user(adam).post(reverse("withdraw_invitation", args=[invitation.pk])).url == "/people/"
    client.logout()
    assert client.get(address(token)).status_code == 404
    assert AuditEvent.objects.filter(action="invitation.withdrawn", actor_id=adam.pk).count() == 1


@pytest.mark.parametrize("name", ["resend_invitation", "withdraw_invitation"])
def test_an_accepted_invitation_cannot_be_touched(as_user, adam, invited, name):
    invitation, _ = invited
    actions.accept_invitation(invitation, name="Dana", email="", password=NEW)
    assert as_user(adam).post(reverse(name, args=[invitation.pk])).status_code == 404
    with pytest.raises(ValidationError, match="used or withdrawn meanwhile"):
        getattr(actions, name)(invitation, by=adam)


def test_renewing_is_refused_once_the_e_mail_has_an_account(as_user, adam, ada, invited):
    ada.email = "dana@example.org"
    ada.save()
    page = as_user(adam).post(reverse("resend_invitation", args=[invited[0].pk]), follow=True)
    assert "There is an account with this e-mail already" in page.content.decode()
