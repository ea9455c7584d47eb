"""One service with one of everyone and one of everything, and a text of its own in every place that holds text."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone
from uuid_utils.compat import uuid7

from alliance_tracker.accounts.actions import invite_person
from alliance_tracker.accounts.digest_choice import SIGNER
from alliance_tracker.accounts.models import User
from clients.models import Assignment, Client, TherapySession, Verdict
from ratings.models import Rater, Rating, Signal
from ratings.privacy import actions as privacy
from ratings.saving.corrections import correct_rating
from ratings.saving.drafts import keep_draft
from ratings.supervision.follow_ups import add_follow_up
from ratings.supervision.meeting_actions import prepare_meeting, record_decision
from tests.factories import (
    ClientFactory,
    EmergencyAccessFactory,
    SessionFactory,
    SupervisionFactory,
    UserFactory,
    answers,
    make_link,
    rate,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TEXTS = {
    "name": "Canary-Name",
    "email": "canary-mail@example.org",
    "note": "Canary-Note",
    "draft": "Canary-Draft",
    "hidden": "Canary-Hidden",
    "reason": "Canary-Reason",
    "observed": "Canary-Observed",
    "what": "Canary-What",
    "minutes": "Canary-Minutes",
    "emergency": "Canary-Emergency",
    "hold": "Canary-Hold",
    "disagrees": "Canary-Disagrees",
    "key": "Canary-Key",
    "corrected": "Canary-Corrected",
    "said": "Canary-Said",
    "paused": "Canary-Paused",
    "remark": "Canary-Remark",
}


@dataclass
class World:
    people: dict[str, User]
    client: Client
    session: TherapySession
    ids: dict[str, dict[str, Any]] = field(default_factory=dict)

    def about(self, name: str, *, missing: bool = False) -> dict[str, Any]:
        """Return what the address of a page needs: an id there is, or one there is not."""
        given = self.ids.get(name, {})
        return dict.fromkeys(given, uuid7()) if missing else given


def everyone() -> dict[str, User]:
    now = timezone.now()
    admin = {"is_clinician": False, "is_admin": True}
    supervisor = {"is_clinician": False, "is_supervisor": True}
    people = {
        "ada": UserFactory(name="Ada Osei"),
        "ben": UserFactory(name="Ben Lind"),
        "stella": UserFactory(name="Stella Fox"),
        "eve": UserFactory(name="Reads the client by emergency access"),
        "had emergency": UserFactory(name="Read the client by emergency access until yesterday"),
        "former": UserFactory(name="Held the client until yesterday"),
        "future": UserFactory(name="Holds the client from tomorrow"),
        "sue": UserFactory(name="Sue Brandt", **supervisor),
        "ex-supervisor": UserFactory(name="Supervised Ada until yesterday", **supervisor),
        "adam": UserFactory(name="Adam Novak", **admin),
        "without role": UserFactory(name="Was a clinician", is_clinician=False),
        "deactivated": UserFactory(name="Has left", is_active=False, deactivated_at=now),
    }
    people["away"] = people["ada"]  # whose sign-in is locked: nobody has acted in it for a while
    SupervisionFactory(supervisor=people["sue"], clinician=people["ada"])
    SupervisionFactory(supervisor=people["ex-supervisor"], clinician=people["ada"], ends_at=now - DAY)
    return people


def record_of(people: dict[str, User]) -> tuple[Client, TherapySession]:
    """Make a client of Ada's with all that belongs to one; yesterday's session is rated by the client only."""
    now, ada = timezone.now(), people["ada"]
    given = {"name": TEXTS["name"], "email": TEXTS["email"], "external_key": TEXTS["key"]}
    client = ClientFactory(code="R-1", clinician=ada, **given)
    episode = client.episodes.get()
    first = episode.assignments.get().starts_at
    episode.assignments.update(starts_at=now - DAY)
    Assignment.objects.create(episode=episode, clinician=people["former"], starts_at=first, ends_at=now - DAY)
    rated = SessionFactory(client=client, starts_at=now - 9 * DAY)
    rate(rated, note=TEXTS["note"], strain="slight")
    rate(rated, 4, rater=Rater.OBSERVER, by=people["sue"], note=TEXTS["observed"])
    add_remarks(client, people)
    session = SessionFactory(client=client)
    rate(session, 2, rater=Rater.CLIENT, note=TEXTS["hidden"])
    keep_draft(session, {"note": TEXTS["draft"]}, by=ada, key=None)
    SessionFactory(client=client, voided_at=now, voided_reason=TEXTS["reason"])
    EmergencyAccessFactory(client=client, user=people["eve"], opened_at=now - HOUR, reason=TEXTS["emergency"])
    for name in ("without role", "deactivated", "future"):
        theirs = ClientFactory(name=TEXTS["name"], clinician=people[name])
        rate(SessionFactory(client=theirs), note=TEXTS["note"])
    Assignment.objects.filter(clinician=people["future"]).update(starts_at=now + DAY)
    return client, session


def add_remarks(client: Client, people: dict[str, User]) -> None:
    """Add what people have said of the record, each with a text of its own."""
    now, ada, sue = timezone.now(), people["ada"], people["sue"]
    observed = Rating.objects.get(session__episode__client=client, rater=Rater.OBSERVER)
    given = answers(4, note=TEXTS["observed"])
    correct_rating(observed, given, reason=TEXTS["corrected"], by=sue, version=1)
    rupture = Signal.objects.get(episode__client=client).rupture
    rupture.events.create(by=ada, state=rupture.state, note=TEXTS["said"])
    pause = {"paused_by": ada, "paused_at": now - 3 * DAY, "resumed_at": now - 2 * DAY}
    client.episodes.get().pauses.create(reason=TEXTS["paused"], **pause)
    seen = {"reviewed_at": now, "reviewed_by": sue, "verdict": Verdict.JUSTIFIED, "remark": TEXTS["remark"]}
    EmergencyAccessFactory(client=client, user=people["had emergency"], opened_at=now - DAY, reason="A crisis", **seen)


def build_world() -> World:
    people = everyone()
    client, session = record_of(people)
    invitation, token = invite_person(
        name="New", email="new@example.org", roles=["clinician"], supervisor=None, by=people["adam"]
    )
    world = World(people, client, session)
    privacy.add_rectification(client, text=TEXTS["disagrees"], by=people["ada"])
    privacy.hold_record(client, reason=TEXTS["hold"], until=None, by=people["adam"])
    of_client = (
        "edit_client edit_pattern new_episode new_session hand_on_client client ratings_csv end_episode reopen_episode"
        " pause_signals resume_signals edit_asking client_report client_report_pdf new_follow_up review_client"
        " assign_follow_up copy_for_client add_rectification hold_record lift_hold erase_client"
    )
    of_session = "ask_client hand_over rate observe keep_typed mark_session edit_session void_session mark_rupture"
    of_person = "edit_person add_supervisor make_reset_link restore_person deactivate_person hand_on_caseload"
    of_person += " let_in_again remove_second_factor"
    of_invitation = "resend_invitation withdraw_invitation"
    named = {of_client: client, of_session: session, of_person: people["ben"], of_invitation: invitation}
    world.ids |= {page: {"pk": row.pk} for pages, row in named.items() for page in pages.split()}
    signal = Signal.objects.get(episode__client=client)
    world.ids |= {page: {"pk": signal.pk} for page in ("see_signal", "reject_signal")}
    rating = Rating.objects.get(session__episode__client=client, rater=Rater.CLINICIAN)
    world.ids |= {page: {"pk": rating.pk} for page in ("correct_rating", "move_rating", "rating_versions")}
    add_supervision(world)
    world.ids |= {page: {"pk": signal.rupture_id} for page in ("change_rupture", "say_outcome")}
    world.ids["review_emergency_access"] = {"pk": people["eve"].emergency_accesses.get().pk}
    world.ids["end_supervision"] = {"pk": people["ada"].supervised_by.get(ends_at=None).pk}
    world.ids["stop_digest"] = {"token": SIGNER.sign(people["sue"].pk.hex)}
    world.ids["remove_passkey"] = {"pk": 1}
    world.ids["accept_invitation"] = {"token": token}
    world.ids["answer_link"] = {"token": make_link(client.episodes.get().sessions.earliest("starts_at"))}
    world.ids["account_reset_password_from_key"] = {"uidb36": "0", "key": "0-0"}
    return world


def add_supervision(world: World) -> None:
    """Add a follow-up and a meeting, both Sue's."""
    due, sue = timezone.localdate() + DAY, world.people["sue"]
    given = {"what": TEXTS["what"], "owner": None, "due_on": due, "by": sue}
    follow_up = add_follow_up(world.session.episode, **given)
    world.ids |= {page: {"pk": follow_up.pk} for page in ("finish_follow_up", "reopen_follow_up")}
    meeting = prepare_meeting(held_on=due, by=sue)
    case = record_decision(meeting.items.get(), decision="try", review_on=None, minutes=TEXTS["minutes"], **given)
    world.ids |= {page: {"pk": meeting.pk} for page in ("meeting", "propose_again", "add_case", "close_meeting")}
    world.ids |= {page: {"pk": case.pk} for page in ("mark_case", "record_decision")}
