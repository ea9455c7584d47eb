"""The command that prints a one-time address for an administrator, and the account made there."""

from io import StringIO

import pytest
from django.core.management import call_command

from alliance_tracker.accounts.models import Invitation, User
from alliance_tracker.audit.models import AuditEvent

pytestmark = pytest.mark.django_db

NEW = "quiet-river-over-stone"
ACCOUNT = {"name": "Ilse Novak", "email": "Ilse@Example.org", "password": NEW, "password_again": NEW}


def printed(*arguments) -> str:
    out = StringIO()
    call_command("create_admin", *arguments, stdout=out)
    return out.getvalue()


def path_in(text, settings) -> str:
    line = text.splitlines()[-1]
    assert line.startswith(f"{settings.BASE_URL}/invite/")
    return line.removeprefix(settings.BASE_URL)


def test_the_first_admin_makes_the_account_there(client, settings):
    path = path_in(printed("--if-empty"), settings)
    assert "I also see clients" in client.get(path).content.decode()
    assert client.post(path, ACCOUNT).status_code == 302
    ilse = User.objects.get()
    assert (ilse.email, ilse.roles, ilse.check_password(NEW)) == ("ilse@example.org", ["admin"], True)
    assert client.get("/people/").status_code == 200
    assert client.get(path).status_code == 404
    assert printed("--if-empty") == ""


def test_who_also_sees_clients_is_a_clinician_too(client, settings):
    client.post(path_in(printed(), settings), ACCOUNT | {"also_clinician": "on"})
    assert User.objects.get().roles == ["clinician", "admin"]


@pytest.mark.parametrize("email", ["", "nonsense", "ada@example.org"])
def test_the_first_admin_gives_an_e_mail_of_their_own(client, settings, ada, email):
    path = path_in(printed(), settings)
    assert client.post(path, ACCOUNT | {"email": email}).status_code == 422
    assert User.objects.count() == 1


def test_each_run_replaces_the_address_of_the_one_before(client, settings):
    first, second = (path_in(printed("--if-empty"), settings) for _ in range(2))
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    assert Invitation.objects.pending().count() == 1
    actions = list(AuditEvent.objects.order_by("at", "id").values_list("action", "actor_id"))
    assert actions == [("invitation.sent", None), ("invitation.withdrawn", None), ("invitation.sent", None)]


def test_if_empty_prints_nothing_where_there_is_an_admin(adam):
    assert printed("--if-empty") == ""
    assert not Invitation.objects.exists()


def test_if_empty_counts_active_admins_only(ada, settings):
    assert path_in(printed("--if-empty"), settings)


def test_without_it_another_admin_is_invited(adam, settings):
    assert path_in(printed(), settings)


def test_an_admin_may_withdraw_or_renew_it(as_user, adam, settings):
    printed()
    page = as_user(adam).get("/people/?status=invited")
    assert "New administrator" in page.content.decode()
    renewed = as_user(adam).post(f"/people/invitations/{Invitation.objects.get().pk}/resend/", follow=True)
    assert "/invite/" in renewed.context["link"]
