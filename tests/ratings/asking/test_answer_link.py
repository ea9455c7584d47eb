"""The client's form behind a one-time link: what it says, what it keeps, and that it works once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from alliance_tracker.audit.models import AuditEvent
from alliance_tracker.logs import PlainFormatter
from clients.models import Client
from ratings.asking import answering
from ratings.elements import ITEMS
from ratings.models import ClientLink, Rater, Rating
from tests.factories import SessionFactory, make_link, rate
from tests.ratings.asking.answering import address_of, filled, looks
from tests.world import TEXTS

pytestmark = pytest.mark.django_db
OVER = "This page is closed"


@pytest.fixture
def token(yesterday, service) -> str:
    return make_link(yesterday)


@pytest.fixture
def address(token) -> str:
    return address_of(token)


@pytest.fixture
def link(token) -> ClientLink:
    return ClientLink.objects.get()


def text(response) -> str:
    return response.content.decode()


def test_the_form_asks_in_the_clients_words_and_names_nobody(client, address, yesterday, service):
    page = text(client.get(address))
    assert all(item.client in page for item in ITEMS)
    assert not any(item.clinician in page for item in ITEMS)
    assert "<title>A few questions</title>" in page
    assert page.index("Any strain") > page.index(ITEMS[-1].client)
    assert service.emergency_text in page
    assert "checked" not in page
    for named in ("Robin", "R-1", "Ada", service.name, "Alliance", str(yesterday.pk)):
        assert named not in page


@pytest.mark.parametrize("blind", [True, False])
def test_it_says_who_will_see_the_answers(client, address, service, blind):
    service.blind = blind
    service.save()
    page = text(client.get(address))
    assert "Your therapist and their supervisor will see your answers" in page
    assert ("a week has passed" in page) == blind


@pytest.mark.parametrize(("given", "shown"), [(0, True), (1, False), (4, False), (5, True), (10, True)])
def test_the_invitation_to_be_frank_comes_first_and_every_fifth_time(client, yesterday, service, given, shown):
    robin, address = yesterday.episode.client, address_of(make_link(yesterday))
    for days in range(2, given + 2):
        rate(SessionFactory(client=robin, starts_at=timezone.now() - timedelta(days=days)), rater=Rater.CLIENT)
    assert (service.frank_text[:30] in text(client.get(address))) == shown


def test_the_day_is_named_where_it_is_not_today(monday, client, robin, service):
    session = SessionFactory(client=robin, starts_at=monday - timedelta(days=2))
    assert "questions about Saturday 21 November" in text(client.get(address_of(make_link(session))))
    session = SessionFactory(client=robin, starts_at=monday - timedelta(hours=1))
    assert "questions about today" in text(client.get(address_of(make_link(session))))


def test_sending_saves_the_clients_rating_once(client, address, link, yesterday, trail):
    sent = filled(goals="6", bond="na", strain="slight", strain_discussed="partly")
    response = client.post(address, sent)
    assert (response.status_code, response.url) == (302, "/thanks/")
    rating = Rating.objects.get()
    assert (rating.session, rating.rater, rating.author, rating.channel) == (yesterday, "client", None, "link")
    assert (rating.goals, rating.bond, rating.trust) == (6, None, 4)
    assert (rating.strain, rating.strain_discussed) == ("slight", "partly")
    assert rating.opened_at is not None
    assert rating.opens_at == yesterday.starts_at + timedelta(days=7)
    link.refresh_from_db()
    assert link.used_at is not None
    assert trail() == ["rating.logged", "client_rating.sent"]
    assert set(AuditEvent.objects.values_list("actor_id", "client_id")) == {(None, yesterday.episode.client_id)}


def test_what_was_skipped_is_not_answered(client, address):
    client.post(address, {"do": "send", "trust": "3"})
    assert [key for key, score in Rating.objects.get().items.items() if score] == ["trust"]


@pytest.mark.parametrize("sent", [{}, {"strain": "clear"}, {"goals": "na"}])
def test_one_answer_at_least_and_nothing_typed_is_lost(client, address, link, sent):
    response = client.post(address, sent)
    assert response.status_code == 422
    assert "Please answer at least one of the questions" in text(response)
    assert text(response).count(" checked") == len(sent)
    link.refresh_from_db()
    assert (link.used_at, Rating.objects.exists()) == (None, False)


@pytest.mark.parametrize("sent", [{"goals": "8"}, {"strain": "awful"}, {"idempotency_key": "x"}, {"trust": "\x00"}])
def test_what_no_browser_sends_is_refused(client, address, sent):
    response = client.post(address, filled(**sent))
    assert response.status_code == 422
    assert "could not be read" in text(response)
    assert not Rating.objects.exists()


def test_the_same_sending_again_is_welcome_and_changes_nothing(client, address):
    sent = filled()
    assert {client.post(address, sent).url for _ in range(3)} == {"/thanks/"}
    assert client.post(address, sent | {"goals": "1"}).status_code == 404
    assert Rating.objects.get().version == 1


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_uses_nothing_up(client, address, link, trail, method):
    for _ in range(20):
        assert getattr(client, method)(address).status_code == 200
    before = vars(link).copy()
    link.refresh_from_db()
    assert {name: before[name] for name in ("used_at", "declined_at", "expires_at")} == {
        name: getattr(link, name) for name in ("used_at", "declined_at", "expires_at")
    }
    assert trail() == []


def test_no_thanks_is_counted_and_ends_the_form(client, address, link, trail):
    assert client.post(address, {"do": "decline"}).url == "/thanks/"
    link.refresh_from_db()
    assert link.declined_at is not None
    assert ClientLink.objects.declined(timezone.now()).get() == link
    assert trail() == ["client_rating.declined"]
    assert client.get(address).status_code == 404
    assert client.post(address, filled()).status_code == 404


def test_all_invitations_are_stopped_and_allowed_again_there(client, address, link, robin, trail):
    other = make_link(SessionFactory(client=robin))
    assert client.post(address, {"do": "stop"}).url == address
    robin.refresh_from_db()
    assert robin.invitations_stopped_at is not None
    page = text(client.get(address))
    assert "Invitations are off" in page
    assert client.get(address_of(other)).status_code == 404
    assert client.post(address_of(other), {"do": "resume"}).status_code == 404
    assert client.post(address, filled()).status_code == 404
    assert client.post(address, {"do": "resume"}).url == address
    robin.refresh_from_db()
    link.refresh_from_db()
    assert (robin.invitations_stopped_at, link.declined_at) == (None, None)
    assert client.get(address).status_code == client.get(address_of(other)).status_code == 200
    assert trail() == ["invitations.stopped", "invitations.resumed"]


def use(link: ClientLink) -> None:
    rate(link.session, rater=Rater.CLIENT)


def end(**how: timedelta) -> Callable[[ClientLink], None]:
    def change(link: ClientLink) -> None:
        now = timezone.now()
        ended = {name: now + after for name, after in how.items()}
        ClientLink.objects.filter(pk=link.pk).update(created_at=now - timedelta(days=5), **ended)

    return change


def take_out(link: ClientLink) -> None:
    link.session.attendance = "missed"
    link.session.save()


def stop(link: ClientLink) -> None:
    Client.objects.update(invitations_stopped_at=timezone.now() - timedelta(days=1))


ZERO = timedelta(0)
ENDINGS = {
    "used": end(used_at=ZERO),
    "declined": end(declined_at=ZERO),
    "withdrawn": end(withdrawn_at=ZERO),
    "out of time": end(expires_at=-timedelta(seconds=1)),
    "answered in another way": use,
    "session not held": take_out,
    "stopped elsewhere": stop,
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("sent", [None, filled(), {"do": "decline"}, {"do": "stop"}, {"do": "resume"}, {}])
def test_whatever_ended_a_form_it_looks_like_one_that_never_was(token, link, ending, sent, trail):
    ENDINGS[ending](link)
    before = len(trail())
    answers = []
    for address in (address_of(token), address_of("invented")):
        browser = Browser()
        answers.append(browser.get(address) if sent is None else browser.post(address, sent))
    there, invented = map(looks, answers)
    assert there == invented
    assert (there[0], OVER in there[1].decode()) == (404, True)
    assert len(trail()) == before
    assert Rating.objects.count() == (ending == "answered in another way")


@pytest.mark.parametrize("kind", ["code", "handover"])
def test_only_a_link_is_opened_by_its_address(client, yesterday, service, kind):
    assert client.get(address_of(make_link(yesterday, kind=kind))).status_code == 404


def test_wrong_links_are_counted_by_address_and_a_right_one_still_opens(client, address, settings):
    settings.CLIENT_RATE_LIMITS = {"link": "3/h/ip"}
    found = [client.get(address_of(f"wrong-{number}")).status_code for number in range(5)]
    assert found == [404, 404, 404, 429, 429]
    assert client.get(address_of("wrong"), REMOTE_ADDR="10.0.0.9").status_code == 404
    assert "Please wait a little" in text(client.get(address_of("wrong")))
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_token_gets_into_a_log_not_even_when_all_breaks(client, token, monkeypatch, caplog, method):
    def fail(*_: object) -> None:
        raise RuntimeError(token)

    client.raise_request_exception = False
    monkeypatch.setattr(answering, "links_with_client", fail)
    response = getattr(client, method)(address_of(token))
    assert response.status_code == 500
    written = [PlainFormatter("{asctime} {name} {message}", style="{").format(record) for record in caplog.records]
    assert any("/q/…/" in line for line in written)
    assert not any(token in line for line in written)
    assert token not in response.content.decode()
    assert "lliance" not in response.content.decode()
    assert response.headers["Referrer-Policy"] == "strict-origin"


def test_a_form_whose_check_fails_keeps_its_token_to_itself_too(address, token):
    response = Browser(enforce_csrf_checks=True).post(address, filled())
    assert response.status_code == 403
    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert not any(word in text(response) for word in (token, "lliance"))
    assert not Rating.objects.exists()


def test_no_secret_gets_into_the_audit_trail(client, address, token, link):
    client.post(address, {"do": "stop"})
    client.post(address, {"do": "resume"})
    client.post(address, filled())
    written = [str(vars(event)) for event in AuditEvent.objects.all()]
    assert len(written) == 4
    assert not any(secret in line for line in written for secret in (token, link.token_hash))


def test_an_address_that_a_browser_makes_up_is_not_counted_as_another(client, address, settings):
    settings.CLIENT_RATE_LIMITS = {"link": "3/h/ip"}
    made_up = [{"X-Forwarded-For": f"10.0.0.{number}"} for number in range(5)]
    found = [client.get(address_of("wrong"), headers=headers).status_code for headers in made_up]
    assert found == [404, 404, 404, 429, 429]


def test_behind_a_proxy_the_address_that_the_proxy_saw_is_counted(client, address, settings):
    settings.CLIENT_RATE_LIMITS = {"link": "1/h/ip"}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    came = ["1.1.1.1, 10.0.0.1", "2.2.2.2, 10.0.0.1", "10.0.0.1, 10.0.0.2"]
    found = [client.get(address_of("wrong"), headers={"X-Forwarded-For": through}).status_code for through in came]
    assert found == [404, 429, 404]


def test_every_answer_keeps_out_of_caches_and_search_engines(client, address):
    for response in (client.get(address), client.get(address_of("none")), client.post(address, {})):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert response.headers["Referrer-Policy"] == "strict-origin"


def test_two_clients_at_once_each_have_their_own_form(ada, service):
    sessions = [SessionFactory(), SessionFactory()]
    addresses = [address_of(make_link(session)) for session in sessions]
    browsers = [Browser(), Browser()]
    for browser, address in zip(browsers, addresses, strict=True):
        browser.get(address)
    for browser, address, score in zip(browsers, addresses, "26", strict=True):
        browser.post(address, filled(goals=score))
    assert [session.ratings.get().goals for session in sessions] == [2, 6]


def test_a_clinicians_canaries_are_nowhere(client, robin, service):
    session = SessionFactory(client=robin)
    rate(session, 2, note=TEXTS["note"])
    page = text(client.get(address_of(make_link(session))))
    assert not any(canary in page for canary in TEXTS.values())
