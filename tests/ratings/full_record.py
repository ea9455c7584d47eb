"""A client with everything that can hang on one, for tests of what takes or shows all of it."""

from datetime import timedelta

from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.models import Client
from ratings import invitations, privacy, repair
from ratings.actions import keep_draft
from ratings.models import Rater, Rupture
from tests.factories import SessionFactory, history, rate


def fill(client: Client, clinician: User, admin: User) -> None:
    """Give a client a row of everything that hangs on one; a hold that was lifted among it."""
    rated = history(client, [5, 6, 5, 6, 5])
    rate(rated[1], 4, rater=Rater.CLIENT, note="Words of a client")
    strained = SessionFactory(client=client, starts_at=timezone.now() - timedelta(hours=20))
    rate(strained, 2, strain="clear", note="A long pause.")
    repair.change_rupture(Rupture.objects.open().get(episode__client=client), says="work", note="", by=clinician)
    open_session = SessionFactory(client=client)
    keep_draft(open_session, {"note": "Half"}, by=clinician, key=None)
    invitations.make_link(open_session, by=clinician)
    repair.pause_signals(client.episodes.get(), reason="A break", by=clinician)
    privacy.add_rectification(client, text="It was a Tuesday.", by=clinician)
    privacy.lift_hold(privacy.hold_record(client, reason="A complaint", until=None, by=admin), by=admin)
