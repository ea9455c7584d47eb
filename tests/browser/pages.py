"""Every page that a browser can show, who sees it, and how to get it there."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from playwright.sync_api import Page

from alliance_tracker.accounts import actions as accounts
from clients.actions import deactivate_person
from clients.models import Episode
from ratings import actions as ratings
from ratings.models import Rater, Rupture
from tests.factories import ClientFactory, SessionFactory, SupervisionFactory, UserFactory, history, rate

Address = Callable[[SimpleNamespace], str]
Steps = Callable[[Page], None]


def make_cast() -> SimpleNamespace:
    """People and clients for every page: Nell and Sam have nobody yet, Gil has left, Lou lost a password."""
    cast = SimpleNamespace(
        ada=UserFactory(name="Ada Osei"),
        sue=UserFactory(name="Sue Brandt", is_clinician=False, is_supervisor=True),
        adam=UserFactory(name="Adam Novak", is_clinician=False, is_admin=True),
        nell=UserFactory(name="Nell Abara"),
        sam=UserFactory(name="Sam Whitlock-Featherstonehaugh", is_clinician=False, is_supervisor=True),
        gil=UserFactory(name="Gil Moss"),
        lou=UserFactory(name="Lou Vane"),
    )
    SupervisionFactory(supervisor=cast.sue, clinician=cast.ada)
    deactivate_person(cast.gil, to={}, by=cast.adam, reason="Left the service")
    invited = {"name": "Ivy Lane", "email": "ivy@example.org", "roles": ["clinician"], "supervisor": cast.sue}
    cast.token = accounts.invite_person(**invited, by=cast.adam)[1]
    cast.secret = accounts.make_reset_link(cast.lou, by=cast.adam)
    add_clients(cast)
    return cast


def add_clients(cast: SimpleNamespace) -> None:
    cast.robin = ClientFactory(code="R-1", name="Robin A.", clinician=cast.ada)
    sessions = history(cast.robin, [4, 5, None, 6, 2, 5, 5, 6])
    for session in sessions[::3]:
        if session.ratings.exists():
            rate(session, 5, rater=Rater.CLIENT)
    cast.rated, cast.unrated = sessions[-1], sessions[2]
    rate(cast.rated, 4, rater=Rater.OBSERVER, by=cast.sue, trust=None, note="A long pause after the question.")
    said = {"strain": "clear", "strain_discussed": "partly", "note": "Late by ten minutes.", "trust": None}
    cast.strained = SessionFactory(client=cast.robin, starts_at=timezone.now() - timedelta(hours=20))
    rate(cast.strained, 3, **said)
    cast.rupture = Rupture.objects.open().get()
    cast.fresh = ClientFactory(code="F-2", name="", clinician=cast.ada)
    cast.first = SessionFactory(client=cast.fresh)
    cast.missed = SessionFactory(client=cast.fresh, starts_at=timezone.now() - timedelta(minutes=1))
    ratings.set_attendance(cast.missed, "missed", by=cast.ada)
    cast.later = SessionFactory(client=cast.fresh, starts_at=timezone.now() + timedelta(days=2))
    cast.closed = ClientFactory(code="C-3", name="Cleo", clinician=cast.ada)
    history(cast.closed, [5, 6])
    episode = Episode.objects.get(client=cast.closed)
    ratings.end_episode(episode, ended_on=timezone.localdate(), ending="planned", by=cast.ada)


def to(name: str, whose: str = "", query: str = "") -> Address:
    """Return where the page `name` is, for a client, session or person of the cast."""

    def address(cast: SimpleNamespace) -> str:
        return reverse(name, args=[getattr(cast, whose).pk] if whose else []) + query

    return address


def names(patterns: list[URLPattern | URLResolver]) -> set[str]:
    found = set()
    for pattern in patterns:
        found |= names(pattern.url_patterns) if isinstance(pattern, URLResolver) else {pattern.name}
    return found


def all_names() -> set[str]:
    return names(get_resolver().url_patterns)


def make_link(page: Page) -> None:
    page.get_by_role("button", name="Make a reset link").click()
    page.get_by_label("Link", exact=True).wait_for()


def find_client(page: Page) -> None:
    page.get_by_label("Find a client by code or name").last.fill("-")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Clients found").wait_for()


# URL name -> who opens which address, and what leads on from there.
PAGES: dict[str, tuple] = {
    "today": ("ada", to("today")),
    "client_list": ("ada", to("client_list")),
    "client": ("ada", to("client", "robin")),
    "choose_client": ("ada", to("choose_client")),
    "find_client": ("ada", to("client_list"), find_client),
    "rate": ("ada", to("rate", "unrated")),
    "observe": ("sue", to("observe", "unrated")),
    "edit_session": ("ada", to("edit_session", "unrated")),
    "void_session": ("ada", to("void_session", "unrated")),
    "new_client": ("ada", to("new_client")),
    "copy_for_client": ("ada", to("copy_for_client", "robin")),
    "add_rectification": ("ada", to("add_rectification", "robin")),
    "edit_client": ("ada", to("edit_client", "robin")),
    "edit_pattern": ("ada", to("edit_pattern", "robin")),
    "new_session": ("ada", to("new_session", "robin")),
    "end_episode": ("ada", to("end_episode", "robin")),
    "new_episode": ("ada", to("new_episode", "closed")),
    "mark_rupture": ("ada", to("mark_rupture", "first")),
    "change_rupture": ("ada", to("change_rupture", "rupture")),
    "pause_signals": ("ada", to("pause_signals", "robin")),
    "supervision": ("sue", to("supervision")),
    "people": ("adam", to("people")),
    "invite_person": ("adam", to("invite_person")),
    "edit_person": ("adam", to("edit_person", "ada")),
    "new_link": ("adam", to("edit_person", "ada"), make_link),
    "deactivate_person": ("adam", to("deactivate_person", "ada")),
    "hand_on_caseload": ("adam", to("hand_on_caseload", "ada")),
    "client_codes": ("adam", to("client_codes")),
    "new_client_code": ("adam", to("new_client_code")),
    "hand_on_client": ("adam", to("hand_on_client", "robin")),
    "retention": ("adam", to("retention", query="?show=all")),
    "what_is_stored": ("adam", to("what_is_stored")),
    "hold_record": ("adam", to("hold_record", "robin")),
    "erase_client": ("adam", to("erase_client", "closed")),
    "service_settings": ("adam", to("service_settings")),
    "my_account": ("ada", to("my_account")),
    "account_change_password": ("ada", to("account_change_password")),
    "account_logout": ("ada", to("account_logout")),
    "account_login": (None, to("account_login")),
    "account_signup": (None, to("account_signup")),
    "account_reset_password": (None, to("account_reset_password")),
    "account_reset_password_done": (None, to("account_reset_password_done")),
    "account_reset_password_from_key": (
        None,
        lambda cast: reverse("account_reset_password_from_key", args=[cast.lou.pk.hex, cast.secret]),
    ),
    "account_reset_password_from_key_done": (None, to("account_reset_password_from_key_done")),
    "accept_invitation": (None, lambda cast: reverse("accept_invitation", args=[cast.token])),
}
NOT_PAGES = {
    "csrf_token",
    "keep_typed",
    "lift_hold",
    "mark_session",
    "reject_signal",
    "reopen_episode",
    "ratings_csv",
    "resend_invitation",
    "withdraw_invitation",
    "add_supervisor",
    "end_supervision",
    "make_reset_link",
    "restore_person",
    "resume_signals",
    "see_signal",
}
