"""A device that was handed over: every address of the site, by every method, while the form runs and afterwards."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from ratings.asking.middleware import SIGN_IN
from ratings.models import Rating
from tests.accounts.factors import STEP, code_now, give_app, sign_in
from tests.ratings.asking.answering import form_in, handed_over
from tests.test_architecture import patterns
from tests.world import TEXTS, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
NO_PAGES = ("/nowhere/", "/clients", "/static/none.css", "/answer/x/", "//", "/%2e%2e/clients/", "/?next=/clients/")


@pytest.fixture
def device(world) -> Browser:
    session = world.client.episodes.get().sessions.earliest("starts_at")
    return handed_over(session, world.people["ada"], back=reverse("client", args=[world.client.pk]))


def addresses(world: World) -> dict[str, str]:
    pages = {each.name: reverse(each.name, kwargs=world.about(each.name)) for each in patterns()}
    return pages | {address: address for address in NO_PAGES}


def check_all(world: World, device: Browser, *, leads_to: str, stays: set[str]) -> None:
    key = device.cookies["sessionid"].value
    ratings = Rating.objects.count()
    for page, address in addresses(world).items():
        for method in METHODS:
            device.cookies["sessionid"] = key
            response = getattr(device, method)(address)
            text = response.content.decode() + str(response.headers)
            assert not any(canary in text for canary in TEXTS.values()), page
            assert str(world.client.pk) not in text, page
            if page in stays:
                back = response.status_code == 302 and response.url == "/accounts/login/"
                assert back or response.status_code in {200, 404, 405, 422}, page
            else:
                assert (response.status_code, response.url) == (302, leads_to), (page, method)
    assert Rating.objects.count() == ratings


@pytest.mark.one_engine  # it ends before any view
def test_while_the_form_runs_every_address_leads_to_it(world, device):
    check_all(world, device, leads_to="/answer/", stays={"answer"})
    assert "A few questions" in device.get("/answer/").content.decode()


@pytest.mark.one_engine  # it ends before any view
def test_afterwards_every_address_leads_to_the_thank_you(world, device):
    device.post("/answer/", {"do": "decline", "form": form_in(device.get("/answer/"))})
    check_all(world, device, leads_to="/thanks/", stays={"thank_you", *SIGN_IN})
    assert "Please return the device" in device.get("/thanks/").content.decode()


def test_what_needs_no_session_is_still_served(device):
    assert device.get("/healthz").status_code == 200
    sheet = device.get("/static/css/answer.css")
    assert sheet.status_code == 200
    assert b"".join(sheet.streaming_content)  # read to its end, which closes the file


def test_a_script_gets_no_json(device):
    for address in ("/accounts/token/", "/clients/"):
        response = device.get(address, headers={"accept": "application/json"})
        assert (response.status_code, response.content) == (302, b"")


def test_the_sign_in_leads_nowhere_but_in(device):
    device.post("/answer/", {"do": "decline", "form": form_in(device.get("/answer/"))})
    assert device.get("/accounts/login/?next=/clients/").status_code == 200
    assert device.post("/accounts/login/", {"login": "ada", "password": "wrong"}).status_code == 422
    assert device.get("/clients/").url == "/thanks/"


def test_the_second_step_leads_in_too(device, world):
    device.post("/answer/", {"do": "decline", "form": form_in(device.get("/answer/"))})
    give_app(world.people["ada"])
    assert sign_in(device, world.people["ada"]).url == STEP
    assert device.get(STEP).status_code == 200
    assert device.get("/clients/").url == "/thanks/"
    device.post(STEP, {"code": code_now()})
    assert device.get("/clients/").status_code == 200
