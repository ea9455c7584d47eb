"""A session locks when nobody acts in it, ends after twelve hours, and what met the lock is not lost."""

import json

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts.browser_sessions import SessionStore
from alliance_tracker.accounts.models import BrowserSession
from ratings.models import Rating, RatingDraft
from tests.accounts.doors import signed_in
from tests.accounts.factors import STEP, code_now, give_app, sign_in
from tests.factories import answers

pytestmark = pytest.mark.django_db

ME = "/accounts/me/"
LOGIN = "/accounts/login/"
RESUME = "/accounts/resume/"
JSON = {"accept": "application/json"}


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def adas(clock, ada) -> Browser:
    return signed_in(ada)


def form_of(adas: Browser, session) -> dict[str, str]:
    """Return Ada's form, filled in."""
    page = adas.get(reverse("rate", args=[session.pk]))
    key = page.context["form"].initial["idempotency_key"]
    return answers("6") | {
        "idempotency_key": str(key),
        "note": "Typed before the lock",
        "strain": "none",
        "then": "client",
    }


def resumed(adas: Browser) -> dict[str, str]:
    return dict(adas.get(RESUME).context["waiting"].fields)


@pytest.mark.parametrize(("seconds", "status"), [(15 * 60 - 1, 200), (15 * 60, 302), (15 * 60 + 1, 302)])
def test_it_locks_after_fifteen_minutes(clock, adas, seconds, status):
    adas.get(ME)
    clock.shift(seconds)
    assert adas.get(ME).status_code == status


@pytest.mark.parametrize(("seconds", "status"), [(12 * 3600 - 1, 200), (12 * 3600, 302), (12 * 3600 + 1, 302)])
def test_it_ends_after_twelve_hours_whatever_is_done(clock, adas, seconds, status):
    for _ in range(12 * 6 - 1):
        clock.shift(600)
        assert adas.get(ME).status_code == 200
    clock.shift(seconds - (12 * 6 - 1) * 600)
    page = adas.get(ME)
    assert page.status_code == status
    assert (
        status == 200 or not BrowserSession.objects.filter(user__isnull=False, expire_date__gt=timezone.now()).exists()
    )


def test_an_act_keeps_it_open(clock, adas):
    for _ in range(4):
        clock.shift(14 * 60)
        assert adas.get(ME).status_code == 200


@pytest.mark.parametrize("query", ["", "?next=/", "?keep_alive=1", "?last_activity=9999999999"])
def test_a_request_from_the_background_does_not(clock, adas, query):
    for _ in range(2):
        clock.shift(7 * 60)
        assert adas.get(f"/accounts/token/{query}", headers=JSON).status_code == 200
    assert adas.get("/nowhere/").status_code == 404
    clock.shift(60)
    assert adas.get(f"/accounts/token/{query}", headers=JSON).status_code == 401
    assert adas.get(f"{ME}{query}").status_code == 302


def test_every_page_of_a_locked_session_is_the_sign_in(clock, adas, robin):
    clock.shift(15 * 60)
    for address in ("/", ME, "/clients/", f"/clients/{robin.pk}/"):
        assert adas.get(address).url == f"{LOGIN}?next={address}"
    page = adas.get(LOGIN).content.decode()
    assert "This browser was locked after 15 minutes" in page
    assert "Ada" not in page
    assert sign_in(adas, signed_in_person(adas), next=ME).url == ME


def test_a_browser_in_which_nobody_is_signed_in_has_nothing_to_lock(clock, adas, robin):
    stranger = Browser()
    stranger.get("/accounts/login/passkey/")
    assert stranger.session.session_key
    clock.shift(16 * 60)
    assert stranger.post(ME, {"name": "Typed by nobody"}).url == LOGIN
    assert "was locked after 15 minutes" not in stranger.get(LOGIN).content.decode()
    assert "parked" not in stranger.session


def test_a_session_that_never_began_is_neither_idle_nor_fresh(db):
    store, now = SessionStore(), timezone.now()
    assert (store.is_idle(now), store.is_recent(now)) == (False, False)


def signed_in_person(adas: Browser):
    return BrowserSession.objects.get(pk=adas.session.session_key).user


def test_the_key_changes_when_the_person_comes_back(clock, adas, ada):
    before = adas.session.session_key
    clock.shift(15 * 60)
    sign_in(adas, ada)
    assert adas.session.session_key != before
    assert BrowserSession.objects.filter(user=ada).count() == 1


def test_a_rating_that_meets_the_lock_is_saved_after_the_same_person_signs_in(clock, adas, ada, yesterday):
    given = form_of(adas, yesterday)
    address = reverse("rate", args=[yesterday.pk])
    clock.shift(16 * 60)
    assert adas.post(address, given).url == LOGIN
    assert not Rating.objects.exists()
    assert "What you sent is kept until" in adas.get(LOGIN).content.decode()
    assert sign_in(adas, ada).url == RESUME
    page = adas.get(RESUME)
    assert page.context["waiting"].path == address
    assert dict(page.context["waiting"].fields) == given
    assert "Typed before the lock" in page.content.decode()
    assert adas.post(address, resumed(adas)).url.startswith("/clients/")
    assert Rating.objects.get().note == "Typed before the lock"
    assert adas.get(RESUME).url == "/"


def test_it_is_replayed_under_the_new_token_of_the_form(clock, ada, yesterday):
    adas = Browser(enforce_csrf_checks=True)
    adas.force_login(ada)
    address = reverse("rate", args=[yesterday.pk])
    given = form_of(adas, yesterday)
    token = {"csrfmiddlewaretoken": adas.cookies["csrftoken"].value}
    clock.shift(16 * 60)
    assert adas.post(address, given).status_code == 403
    assert adas.post(address, given | token).url == LOGIN
    adas.get(LOGIN)
    again = {"csrfmiddlewaretoken": adas.cookies["csrftoken"].value}
    assert sign_in(adas, ada, **again).url == RESUME
    page = adas.get(RESUME)
    fresh = {"csrfmiddlewaretoken": adas.cookies["csrftoken"].value}
    assert "csrfmiddlewaretoken" not in dict(page.context["waiting"].fields)
    assert fresh != token
    assert adas.post(address, given | fresh).status_code == 302
    assert Rating.objects.count() == 1


def test_it_waits_until_that_very_form_is_sent_whatever_else_is_done(clock, adas, ada, yesterday):
    given, address = form_of(adas, yesterday), reverse("rate", args=[yesterday.pk])
    clock.shift(16 * 60)
    adas.post(address, given)
    sign_in(adas, ada)
    adas.get(address)
    adas.post(ME, {"name": ada.name, "email": ada.email})
    assert resumed(adas) == given


def test_what_another_person_sent_is_not_sent_again_even_where_it_is_still_there(clock, adas, ben, yesterday):
    given = form_of(adas, yesterday)
    clock.shift(16 * 60)
    adas.post(reverse("rate", args=[yesterday.pk]), given)
    bens = signed_in(ben)
    session = bens.session
    session["parked"] = adas.session["parked"]
    session.save()
    assert bens.get(RESUME).url == "/"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_only_a_form_is_kept(clock, adas, method):
    clock.shift(16 * 60)
    assert getattr(adas, method)(ME).url == LOGIN
    assert "parked" not in adas.session


def test_a_code_is_never_kept(clock, adas):
    clock.shift(16 * 60)
    assert adas.post("/accounts/confirm/", {"code": "123456"}).url == LOGIN
    assert "parked" not in adas.session


def test_it_is_kept_encrypted(clock, adas, yesterday):
    given = form_of(adas, yesterday)
    clock.shift(16 * 60)
    adas.post(reverse("rate", args=[yesterday.pk]), given)
    assert "parked" in adas.session
    assert "Typed before" not in json.dumps(dict(adas.session))


def test_it_is_gone_where_its_key_is_gone_sooner(clock, adas, ada, yesterday, settings):
    given = form_of(adas, yesterday)
    clock.shift(16 * 60)
    adas.post(reverse("rate", args=[yesterday.pk]), given)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    assert sign_in(adas, ada).url == "/"
    assert adas.get(RESUME).url == "/"


def test_someone_elses_sign_in_destroys_it(clock, adas, ada, ben, yesterday):
    given = form_of(adas, yesterday)
    clock.shift(16 * 60)
    adas.post(reverse("rate", args=[yesterday.pk]), given)
    assert sign_in(adas, ben).url == "/"
    assert adas.get(RESUME).url == "/"
    adas.post("/accounts/logout/")
    assert sign_in(adas, ada).url == "/"
    assert "parked" not in adas.session


@pytest.mark.parametrize(("seconds", "leads_to"), [(899, RESUME), (900, RESUME), (901, "/")])
def test_it_is_kept_for_fifteen_minutes(clock, adas, yesterday, seconds, leads_to):
    given = form_of(adas, yesterday)
    clock.shift(16 * 60)
    adas.post(reverse("rate", args=[yesterday.pk]), given)
    clock.shift(seconds)
    assert ("What you sent is kept" in adas.get(LOGIN).content.decode()) == (leads_to == RESUME)
    assert sign_in(adas, signed_in_person(adas)).url == leads_to


def test_what_is_too_large_is_not_kept(clock, adas, ada, yesterday):
    given = form_of(adas, yesterday)
    clock.shift(16 * 60)
    adas.post(reverse("rate", args=[yesterday.pk]), given | {"note": "x" * 66_000})
    assert sign_in(adas, ada).url == "/"


def test_a_password_is_never_kept(clock, adas, ada):
    clock.shift(16 * 60)
    adas.post("/accounts/password/change/", {"oldpassword": "x", "password1": "y", "password2": "y"})
    assert "parked" not in adas.session
    assert sign_in(adas, ada).url == "/"


def test_signing_out_of_a_locked_session_ends_it(clock, adas, ada):
    clock.shift(16 * 60)
    assert adas.post("/accounts/logout/").url == LOGIN
    assert not BrowserSession.objects.filter(user=ada).exists()


def test_a_part_of_a_page_that_is_asked_for_gets_401_and_nothing_of_it_is_kept(clock, adas):
    clock.shift(16 * 60)
    assert adas.post(ME, {"name": "New"}, headers={"HX-Request": "true"}).status_code == 401
    assert "parked" not in adas.session


def test_a_script_gets_401_and_what_it_sends_later_is_saved(clock, adas, ada, yesterday):
    given = form_of(adas, yesterday)
    clock.shift(16 * 60)
    for name in ("rate", "keep_typed"):
        assert adas.post(reverse(name, args=[yesterday.pk]), given, headers=JSON).status_code == 401
    assert "parked" not in adas.session
    sign_in(adas, ada)
    assert adas.post(reverse("keep_typed", args=[yesterday.pk]), given, headers=JSON).status_code == 200
    assert RatingDraft.objects.exists()
    assert adas.post(reverse("rate", args=[yesterday.pk]), given, headers=JSON).status_code == 200


def test_coming_back_takes_the_second_step_again(clock, ada):
    give_app(ada)
    adas = Browser()
    sign_in(adas, ada)
    adas.post(STEP, {"code": code_now()})
    session = adas.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "webauthn", "passwordless": True, "at": 0}]
    session.save()
    clock.shift(16 * 60)
    assert sign_in(adas, ada).url == STEP
    assert adas.get(ME).status_code == 302
    assert adas.post(STEP, {"code": code_now()}).url == "/"


@pytest.mark.parametrize(("seconds", "written"), [(9, False), (10, True)])
def test_the_time_of_an_act_is_written_at_most_every_ten_seconds(clock, adas, seconds, written):
    before = BrowserSession.objects.get().acted_at
    clock.shift(seconds)
    adas.get(ME)
    assert (BrowserSession.objects.get().acted_at > before) == written
