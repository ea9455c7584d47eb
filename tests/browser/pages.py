"""Every page that a browser can show, who sees it, and how to get it there."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from playwright.sync_api import Page

from alliance_tracker.accounts import actions as accounts
from alliance_tracker.accounts import second_factors
from alliance_tracker.accounts.digest_choice import choose_digest, stop_path
from clients.actions import deactivate_person
from clients.models import Episode
from ratings.asking import invitations
from ratings.caseload.episodes import end_episode
from ratings.caseload.sessions import set_attendance
from ratings.models import Rater, Rupture
from ratings.reports.service_months import write_months
from ratings.supervision.meeting_actions import close_meeting, prepare_meeting, record_decision
from tests.accounts.factors import APP_SECRET
from tests.factories import (
    ClientFactory,
    EmergencyAccessFactory,
    SessionFactory,
    SupervisionFactory,
    UserFactory,
    history,
    rate,
)

Address = Callable[[SimpleNamespace], str]
Steps = Callable[[Page], None]


def make_cast() -> SimpleNamespace:
    """People and clients for every page: Nell and Sam have nobody yet, Gil has left, Lea has an app for codes."""
    cast = SimpleNamespace(
        ada=UserFactory(name="Ada Osei"),
        sue=UserFactory(name="Sue Brandt", is_clinician=False, is_supervisor=True),
        adam=UserFactory(name="Adam Novak", is_clinician=False, is_admin=True),
        nell=UserFactory(name="Nell Abara"),
        sam=UserFactory(name="Sam Whitlock-Featherstonehaugh", is_clinician=False, is_supervisor=True),
        gil=UserFactory(name="Gil Moss"),
        lou=UserFactory(name="Lou Vane"),
        lea=UserFactory(name="Lea Marsh"),
    )
    SupervisionFactory(supervisor=cast.sue, clinician=cast.ada)
    choose_digest(cast.sue, weekday=0, by=cast.sue)
    deactivate_person(cast.gil, to={}, by=cast.adam, reason="Left the service")
    invited = {"name": "Ivy Lane", "email": "ivy@example.org", "roles": ["clinician"], "supervisor": cast.sue}
    cast.token = accounts.invite_person(**invited, by=cast.adam)[1]
    second_factors.add_code_app(cast.lea, secret=APP_SECRET)
    cast.secret = accounts.make_reset_link(cast.lou, by=cast.adam)
    add_clients(cast)
    write_months(timezone.now())
    return cast


def add_clients(cast: SimpleNamespace) -> None:
    cast.robin = ClientFactory(code="R-1", name="Robin A.", clinician=cast.ada)
    sessions = history(cast.robin, [4, 5, None, 6, 2, 5, 5, 6])
    for session in sessions[::3]:
        if session.ratings.exists():
            rate(session, 5, rater=Rater.CLIENT)
    opened_at = timezone.now() - timedelta(days=9)
    cast.emergency = EmergencyAccessFactory(client=cast.robin, user=cast.nell, opened_at=opened_at)
    cast.rated, cast.unrated = sessions[-1], sessions[2]
    rate(cast.rated, 4, rater=Rater.OBSERVER, by=cast.sue, trust=None, note="A long pause after the question.")
    said = {"strain": "clear", "strain_discussed": "partly", "note": "Late by ten minutes.", "trust": None}
    cast.strained = SessionFactory(client=cast.robin, starts_at=timezone.now() - timedelta(hours=20))
    rate(cast.strained, 3, **said)
    cast.rating = cast.rated.ratings.get(rater=Rater.CLINICIAN)
    cast.rupture = Rupture.objects.open().get()
    cast.fresh = ClientFactory(code="F-2", name="", clinician=cast.ada)
    cast.first = SessionFactory(client=cast.fresh)
    cast.missed = SessionFactory(client=cast.fresh, starts_at=timezone.now() - timedelta(minutes=1))
    set_attendance(cast.missed, "missed", by=cast.ada)
    cast.link = invitations.make_link(cast.first, by=cast.ada)[1]
    cast.later = SessionFactory(client=cast.fresh, starts_at=timezone.now() + timedelta(days=2))
    cast.closed = ClientFactory(code="C-3", name="Cleo", clinician=cast.ada)
    history(cast.closed, [5, 6])
    episode = Episode.objects.get(client=cast.closed)
    end_episode(episode, ended_on=timezone.localdate(), ending="planned", by=cast.ada)
    add_supervision(cast)


def add_supervision(cast: SimpleNamespace) -> None:
    """Make a meeting with an action that carries over, and one that is prepared."""
    week = timezone.localdate() + timedelta(days=7)
    asked = {"what": "Ask how last time was", "owner": None, "due_on": week, "minutes": "A long talk."}
    earlier = prepare_meeting(held_on=timezone.localdate(), by=cast.sue)
    record_decision(earlier.items.first(), decision="joint", review_on=None, by=cast.sue, **asked)
    close_meeting(earlier, by=cast.sue)
    cast.meeting = prepare_meeting(held_on=week, by=cast.sue)


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


def make_reset_link(page: Page) -> None:
    page.get_by_role("button", name="Make a reset link").click()
    page.get_by_label("Link", exact=True).wait_for()


def make_qr_code(page: Page) -> None:
    page.get_by_role("button", name="Make a link").click()
    page.get_by_role("img", name="QR code of the address below").wait_for()


def find_client(page: Page) -> None:
    page.get_by_label("Find a client by code or name").last.fill("-")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Clients found").wait_for()


def with_a_code(cast: SimpleNamespace) -> str:
    """Return the page for codes; behind the # a code that was just made, for the next step."""
    return f"{reverse('enter_code')}#{invitations.make_code(cast.first, by=cast.ada)[1]}"


def type_the_code(page: Page) -> None:
    page.get_by_label("Your code").fill(page.url.partition("#")[2])
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Start").wait_for()


# URL name -> who opens which address, and what leads on from there.
PAGES: dict[str, tuple] = {
    "today": ("ada", to("today")),
    "client_list": ("ada", to("client_list")),
    "client": ("ada", to("client", "robin")),
    "client_report": ("ada", to("client_report", "robin")),
    "choose_client": ("ada", to("choose_client")),
    "find_client": ("ada", to("client_list"), find_client),
    "rate": ("ada", to("rate", "unrated")),
    "ask_client": ("ada", to("ask_client", "unrated"), make_qr_code),
    "edit_asking": ("ada", to("edit_asking", "robin")),
    "observe": ("sue", to("observe", "unrated")),
    "correct_rating": ("ada", to("correct_rating", "rating")),
    "move_rating": ("ada", to("move_rating", "rating")),
    "rating_versions": ("ada", to("rating_versions", "rating")),
    "edit_session": ("ada", to("edit_session", "unrated")),
    "emergency_access": ("ada", to("emergency_access")),
    "review_emergency_access": ("sue", to("review_emergency_access", "emergency")),
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
    "hand_over": ("ada", to("hand_over", "unrated")),
    "answer": (None, with_a_code, type_the_code),
    "answer_link": (None, lambda cast: reverse("answer_link", args=[cast.link])),
    "enter_code": (None, to("enter_code")),
    "thank_you": (None, to("thank_you")),
    "supervision": ("sue", to("supervision")),
    "service_report": ("sue", to("service_report")),
    "mirror": ("ada", to("mirror")),
    "openings": ("ada", to("openings")),
    "new_follow_up": ("ada", to("new_follow_up", "robin")),
    "assign_follow_up": ("sue", to("assign_follow_up", "robin")),
    "meetings": ("sue", to("meetings")),
    "prepare_meeting": ("sue", to("prepare_meeting")),
    "meeting": ("sue", to("meeting", "meeting")),
    "people": ("adam", to("people")),
    "invite_person": ("adam", to("invite_person")),
    "edit_person": ("adam", to("edit_person", "ada")),
    "new_link": ("adam", to("edit_person", "ada"), make_reset_link),
    "deactivate_person": ("adam", to("deactivate_person", "ada")),
    "hand_on_caseload": ("adam", to("hand_on_caseload", "ada")),
    "client_codes": ("adam", to("client_codes")),
    "new_client_code": ("adam", to("new_client_code")),
    "hand_on_client": ("adam", to("hand_on_client", "robin")),
    "audit_trail": ("adam", to("audit_trail")),
    "retention": ("adam", to("retention", query="?show=all")),
    "what_is_stored": ("adam", to("what_is_stored")),
    "hold_record": ("adam", to("hold_record", "robin")),
    "erase_client": ("adam", to("erase_client", "closed")),
    "service_settings": ("adam", to("service_settings")),
    "low_and_said": ("adam", to("low_and_said")),
    "my_account": ("ada", to("my_account")),
    "account_change_password": ("ada", to("account_change_password")),
    "account_logout": ("ada", to("account_logout")),
    "confirm_sign_in": ("ada", to("confirm_sign_in")),
    "second_factor": ("lea", to("second_factor")),
    "add_passkey": ("ada", to("add_passkey")),
    "add_code_app": ("ada", to("add_code_app")),
    "recovery_codes": ("lea", to("recovery_codes")),
    "my_sign_ins": ("ada", to("my_sign_ins")),
    "account_login": (None, to("account_login")),
    "account_signup": (None, to("account_signup")),
    "account_reset_password": (None, to("account_reset_password")),
    "account_reset_password_done": (None, to("account_reset_password_done")),
    "account_reset_password_from_key": (
        None,
        lambda cast: reverse("account_reset_password_from_key", args=[cast.lou.pk.hex, cast.secret]),
    ),
    "account_reset_password_from_key_done": (None, to("account_reset_password_from_key_done")),
    "stop_digest": (None, lambda cast: stop_path(cast.sue)),
    "accept_invitation": (None, lambda cast: reverse("accept_invitation", args=[cast.token])),
}
NOT_PAGES = {
    "mfa_authenticate",
    "mfa_login_webauthn",
    "resume",
    "remove_passkey",
    "remove_code_app",
    "renew_recovery_codes",
    "end_sign_in",
    "end_other_sign_ins",
    "let_in_again",
    "remove_second_factor",
    "csrf_token",
    "keep_typed",
    "lift_hold",
    "mark_session",
    "reject_signal",
    "reopen_episode",
    "ratings_csv",
    "client_report_pdf",
    "service_report_pdf",
    "service_ratings_csv",
    "service_strains_csv",
    "propose_again",
    "add_case",
    "close_meeting",
    "mark_case",
    "record_decision",
    "finish_follow_up",
    "reopen_follow_up",
    "review_client",
    "choose_digest",
    "resend_invitation",
    "withdraw_invitation",
    "add_supervisor",
    "end_supervision",
    "make_reset_link",
    "restore_person",
    "resume_signals",
    "say_outcome",
    "see_signal",
}
