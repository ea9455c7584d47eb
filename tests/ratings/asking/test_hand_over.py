"""Handing the device over: the clinician's session ends, the client's form begins, and a full sign-in leads back."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from alliance_tracker.accounts.models import BrowserSession
from alliance_tracker.audit.models import AuditEvent
from ratings.models import ClientLink, Rater, Rating, RatingDraft
from ratings.saving.drafts import keep_draft
from tests.accounts.doors import signed_in
from tests.doors import check_doors
from tests.factories import PASSWORD, SessionFactory, rate
from tests.ratings.asking.answering import filled, form_in, handed_over

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture
def url(yesterday):
    return reverse("hand_over", args=[yesterday.pk])


@pytest.fixture
def device(yesterday, ada) -> Browser:
    return handed_over(yesterday, ada)


def sign_in(browser, email="ada@example.org"):
    return browser.post(LOGIN, {"login": email, "password": PASSWORD})


def text(response) -> str:
    return response.content.decode()


def test_doors(yesterday, ada, ben, sue, adam):
    check_doors("hand_over", yesterday.pk, opens_to=[ada], not_to=[ben, sue, adam])


def test_one_confirmation_says_what_will_happen(as_user, ada, url):
    page = as_user(ada).get(url)
    assert page.status_code == 200
    for words in ("Robin A.", "You are signed out of this device now", "For ten minutes"):
        assert words in text(page)
    assert not ClientLink.objects.exists()


def test_handing_over_ends_the_session_on_the_server(ada, url, yesterday, trail):
    browser = signed_in(ada)
    before = browser.session.session_key
    response = browser.post(url)
    assert (response.status_code, response.url) == (302, "/answer/")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert response.headers["Cache-Control"] == "no-store"
    cookie = response.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie.value) == (True, "Lax", browser.session.session_key)
    assert browser.session.session_key != before
    assert not BrowserSession.objects.filter(session_key=before).exists()
    assert "_auth_user_id" not in browser.session
    link = ClientLink.objects.get()
    assert (link.session, link.kind, link.by) == (yesterday, "handover", ada)
    assert link.expires_at - link.created_at == timedelta(minutes=10)
    assert trail() == ["client_rating.handed_over", "user.signed_out"]
    assert AuditEvent.objects.filter(action="client_rating.handed_over", actor_id=ada.pk).exists()


def test_the_old_cookie_opens_nothing(ada, url):
    browser = signed_in(ada)
    stolen = browser.cookies["sessionid"].value
    browser.post(url)
    other = Browser()
    other.cookies["sessionid"] = stolen
    assert other.get("/").url.startswith(LOGIN)


def test_the_client_answers_and_returns_the_device(device, yesterday, trail):
    page = device.get("/answer/")
    assert "Robin" not in text(page)
    assert "This page closes by itself after ten minutes" in text(page)
    assert device.post("/answer/", filled(form=form_in(page))).url == "/thanks/"
    assert "Please return the device" in text(device.get("/thanks/"))
    rating = Rating.objects.get()
    assert (rating.session, rating.rater, rating.channel, rating.author) == (yesterday, "client", "handover", None)
    assert trail()[-2:] == ["rating.logged", "client_rating.sent"]
    assert device.get("/answer/").url == "/thanks/"
    assert device.post("/answer/", filled(form=form_in(page))).url == "/thanks/"
    assert Rating.objects.count() == 1


def test_stopping_ends_it_too(device):
    form = form_in(device.get("/answer/"))
    assert device.post("/answer/", {"do": "decline", "form": form}).url == "/thanks/"
    assert device.get("/answer/").url == "/thanks/"
    assert not Rating.objects.exists()


def test_stopping_all_invitations_can_be_undone_until_the_device_is_back(device, robin):
    form = form_in(device.get("/answer/"))
    assert device.post("/answer/", {"do": "stop", "form": form}).url == "/answer/"
    page = text(device.get("/answer/"))
    assert "Invitations are off" in page
    assert "Please return the device" in page
    assert device.get(LOGIN).status_code == 200
    assert device.get("/clients/").url == "/answer/"
    assert device.post("/answer/", {"do": "resume", "form": form}).url == "/answer/"
    robin.refresh_from_db()
    assert robin.invitations_stopped_at is None
    assert "Start" in text(device.get("/answer/"))


def test_after_ten_minutes_it_cannot_be_undone_on_the_device_any_more(device, robin):
    form = form_in(device.get("/answer/"))
    device.post("/answer/", {"do": "stop", "form": form})
    assert device.get("/answer/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=2), tick=False):
        assert device.get("/answer/").url == "/thanks/"
        device.post("/answer/", {"do": "resume", "form": form})
    robin.refresh_from_db()
    assert robin.invitations_stopped_at is not None


def test_a_client_who_stopped_invitations_is_still_asked_on_the_device(yesterday, robin, ada):
    robin.invitations_stopped_at = timezone.now() - timedelta(days=1)
    robin.save()
    device = handed_over(yesterday, ada)
    page = device.get("/answer/")
    assert "Allow invitations again" in text(page)
    assert device.post("/answer/", filled(form=form_in(page))).url == "/thanks/"
    robin.refresh_from_db()
    assert robin.invitations_stopped_at is not None


def test_after_ten_minutes_the_form_is_over(yesterday, ada):
    now = timezone.now()
    device = handed_over(yesterday, ada)
    page = device.get("/answer/")
    seconds, address = page.headers["Refresh"].split(";url=")
    assert (595 <= int(seconds) <= 601, address) == (True, "/thanks/")
    with time_machine.travel(now + timedelta(minutes=10, seconds=2), tick=False):
        assert device.get("/answer/").url == "/thanks/"
        assert device.post("/answer/", filled(form=form_in(page))).url == "/thanks/"
        assert ClientLink.objects.declined(timezone.now()).count() == 1
    assert not Rating.objects.exists()


def test_a_full_sign_in_offers_the_way_back_to_the_same_person(yesterday, ada, robin):
    device = handed_over(yesterday, ada, back=f"/sessions/{yesterday.pk}/rate/")
    device.post("/answer/", {"do": "decline", "form": form_in(device.get("/answer/"))})
    assert f"{yesterday.pk}" not in text(device.get("/thanks/")) + text(device.get(LOGIN))
    assert sign_in(device).url == "/"
    page = text(device.get("/"))
    assert f'<a href="/sessions/{yesterday.pk}/rate/">Go back to where you were</a>' in page
    assert "Go back to where" not in text(device.get("/"))
    assert device.get("/clients/").status_code == 200


def test_another_person_is_offered_nothing(yesterday, ada, ben):
    device = handed_over(yesterday, ada)
    device.post("/answer/", {"do": "decline", "form": form_in(device.get("/answer/"))})
    assert sign_in(device, "ben@example.org").url == "/"
    page = text(device.get("/"))
    assert "Go back" not in page
    assert str(yesterday.episode.client_id) not in page


def test_the_way_back_is_a_page_of_this_site(as_user, ada, url, robin):
    browser = as_user(ada)
    client = reverse("client", args=[robin.pk])
    for came_from, back in {
        "http://testserver/clients/?page=2": "/clients/?page=2",
        "https://evil.example/": client,
        "http://testserver//evil.example/clients/": client,
        "": client,
    }.items():
        assert f'name="back" value="{back}"' in text(browser.get(url, headers={"referer": came_from}))


def test_what_was_typed_and_left_is_kept_and_never_shown_to_the_client(yesterday, ada):
    keep_draft(yesterday, {"note": "Canary-Draft", "goals": "3"}, by=ada, key=None)
    device = handed_over(yesterday, ada)
    page = device.get("/answer/")
    assert "Canary-Draft" not in text(page)
    device.post("/answer/", filled(form=form_in(page)))
    assert "Canary-Draft" in RatingDraft.objects.get().answers
    sign_in(device)
    assert "Canary-Draft" in text(device.get(f"/sessions/{yesterday.pk}/rate/"))


@pytest.mark.parametrize("state", ["answered", "missed", "to come"])
def test_a_session_that_cannot_be_answered_is_not_handed_over(as_user, ada, robin, service, state):
    session = SessionFactory(client=robin)
    if state == "answered":
        rate(session, rater=Rater.CLIENT)
    elif state == "missed":
        type(session).objects.update(attendance="missed")
    else:
        type(session).objects.update(starts_at=timezone.now() + timedelta(days=2))
    browser = as_user(ada)
    assert browser.post(reverse("hand_over", args=[session.pk])).status_code == 422
    assert "_auth_user_id" in browser.session
    assert not ClientLink.objects.exists()


def test_two_devices_handed_over_at_once_each_keep_their_own_form(ada, service):
    sessions = [SessionFactory(), SessionFactory()]
    devices = [handed_over(session, session.clinician) for session in sessions]
    forms = [form_in(device.get("/answer/")) for device in devices]
    assert devices[0].post("/answer/", filled(form=forms[1])).status_code == 404
    for device, form, score in zip(devices, forms, "26", strict=True):
        assert device.post("/answer/", filled(form=form, goals=score)).url == "/thanks/"
    assert [session.ratings.get().goals for session in sessions] == [2, 6]
