"""One's own account."""

import pytest
from django.core import mail

from alliance_tracker.audit.models import AuditEvent
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

ME = "/accounts/me/"


def test_it_needs_a_sign_in_and_answers_two_methods(client, as_user, ada):
    assert client.get(ME).url == f"/accounts/login/?next={ME}"
    for method in ("put", "patch", "delete", "options"):
        assert getattr(as_user(ada), method)(ME).status_code == 405


def test_every_role_has_one(as_user, ada, sue, adam):
    for person in (ada, sue, adam):
        page = as_user(person).get(ME)
        assert page.status_code == 200
        assert person.email in page.content.decode()


def test_the_name_needs_no_password(as_user, ada):
    assert as_user(ada).post(ME, {"name": "Ada O.", "email": "ADA@example.org"}).url == ME
    ada.refresh_from_db()
    assert (ada.name, ada.email) == ("Ada O.", "ada@example.org")
    assert list(AuditEvent.objects.values_list("action", "actor_id")) == [("user.renamed", ada.pk)]


def test_a_new_e_mail_needs_the_password_and_the_old_one_is_told(as_user, ada, settings):
    settings.EMAIL_HOST = "mail.example.org"
    browser = as_user(ada)
    given = {"name": "Ada Osei", "email": "Ada.Osei@example.org"}
    assert browser.post(ME, given).status_code == 422
    page = browser.post(ME, given | {"current_password": "wrong-password"})
    assert page.status_code == 422
    assert 'value="Ada.Osei@example.org"' in page.content.decode()
    assert "wrong-password" not in page.content.decode()
    assert browser.post(ME, given | {"current_password": PASSWORD}).url == ME
    ada.refresh_from_db()
    assert ada.email == "ada.osei@example.org"
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]
    assert browser.get(ME).status_code == 200
    actions = list(AuditEvent.objects.order_by("at", "id").values_list("action", flat=True))
    assert actions == ["user.sign_in_failed", "user.email_changed"]


def test_guessing_the_password_is_throttled(as_user, ada, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/d/key"}
    browser = as_user(ada)
    given = {"name": "Ada Osei", "email": "new@example.org"}
    for _ in range(2):
        browser.post(ME, given | {"current_password": "wrong-password"})
    page = browser.post(ME, given | {"current_password": PASSWORD})
    assert page.status_code == 422
    assert "Too many failed attempts" in page.content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "\x00"},
        {"name": "x" * 121},
        {"email": ""},
        {"email": "nonsense"},
        {"email": "sue@example.org"},
        {"email": "SUE@EXAMPLE.ORG"},
        {"email": "x" * 260 + "@example.org"},
    ],
)
def test_a_bad_form_is_shown_again(as_user, ada, sue, change):
    given = {"name": "Ada Osei", "email": "ada@example.org", "current_password": PASSWORD}
    page = as_user(ada).post(ME, given | change)
    assert page.status_code == 422
    assert "There is a problem" in page.content.decode()


def test_nobody_gives_themselves_a_role(as_user, ada):
    as_user(ada).post(ME, {"name": "Ada", "email": "ada@example.org", "roles": ["admin"], "is_admin": "on"})
    ada.refresh_from_db()
    assert ada.roles == ["clinician"]
