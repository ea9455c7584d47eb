"""A client with everything that can hang on one, for tests of what takes or shows all of it."""

from datetime import timedelta

from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.emergency import review_emergency_access
from clients.models import Client
from ratings.asking import invitations
from ratings.models import Meeting, Rater, Rupture, Signal
from ratings.privacy import actions as privacy
from ratings.saving import corrections
from ratings.saving.drafts import keep_draft
from ratings.strains import actions as repair
from ratings.supervision import meeting_actions
from ratings.supervision.follow_ups import add_follow_up
from tests.factories import EmergencyAccessFactory, SessionFactory, answers, history, rate


def fill(client: Client, clinician: User, supervisor: User, admin: User) -> None:
    """Give a client a row of everything that hangs on one; a hold that was lifted among it."""
    rated = history(client, [5, 6, 5, 6, 5])
    first = rated[0].ratings.get()
    corrections.correct_rating(first, answers(4), reason="A slip of the pen", by=clinician, version=1)
    rate(rated[1], 4, rater=Rater.CLIENT, note="Words of the client")
    strained = SessionFactory(client=client, starts_at=timezone.now() - timedelta(hours=20))
    rate(strained, 2, strain="clear", note="A long pause.")
    repair.change_rupture(
        Rupture.objects.open().get(episode__client=client), says="work", note="We spoke.", by=clinician
    )
    open_session = SessionFactory(client=client)
    keep_draft(open_session, {"note": "Half"}, by=clinician, key=None)
    invitations.make_link(open_session, by=clinician)
    supervise(client, supervisor)
    repair.pause_signals(client.episodes.get(), reason="A break", by=clinician)
    privacy.add_rectification(client, text="It was a Tuesday.", by=clinician)
    privacy.lift_hold(privacy.hold_record(client, reason="Of another matter", until=None, by=admin), by=admin)
    access = EmergencyAccessFactory(client=client, reason="Somebody else called")
    review_emergency_access(access, verdict="justified", remark="About somebody else", by=supervisor)


def supervise(client: Client, supervisor: User) -> None:
    """Have the client's signals seen, and a decision with an action made in a meeting; one more thing is to do."""
    repair.review_signals(list(Signal.objects.filter(episode__client=client)), by=supervisor)
    episode, due_on = client.episodes.get(), timezone.localdate() + timedelta(days=1)
    add_follow_up(episode, what="Read the file", owner=supervisor, due_on=due_on, by=supervisor)
    item = Meeting.objects.create(supervisor=supervisor, held_on=due_on).items.create(
        episode=episode, place=1, reason="A strain is open."
    )
    action = {"what": "Ask about the pause", "owner": None, "due_on": due_on}
    decided = {"decision": "try", "review_on": None, "minutes": "Words of supervision"}
    meeting_actions.record_decision(item, **decided, **action, by=supervisor)
