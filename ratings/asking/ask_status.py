"""Whether a client was asked for a rating of one session, what came of it, and how the client may still be asked.

A clinician's pages show it. What counts as asked, answered and declined is in `ratings/asking/asked.py`.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings

from alliance_tracker.accounts.models import User
from clients.models import Client, TherapySession
from ratings.asking.asked import NOT_ASKED, AskedState, asked_states, why_not_ask
from ratings.models import REMIND_AFTER, ClientLink, Rating


@dataclass(frozen=True)
class AskStatus:
    """What a clinician may know of the client's own form for one session: never the answers."""

    session: TherapySession
    user: User
    now: datetime

    @property
    def client(self) -> Client:
        return self.session.episode.client

    @cached_property
    def state(self) -> AskedState:
        return asked_states([self.session.pk], self.now).get(self.session.pk, NOT_ASKED)

    @property
    def is_answered(self) -> bool:
        return self.state.answered

    @property
    def is_hidden(self) -> bool:
        """Whether the client has answered, and staff may not see what yet."""
        return Rating.objects.editable_by(self.user, self.now).hidden(self.now).filter(session=self.session).exists()

    @property
    def words(self) -> str:
        """Say what came of asking so far: the rest of a sentence that begins with the client."""
        if self.is_answered:
            return "has answered for this session."
        if self.state.declined:
            return "was asked, and would rather not answer this time."
        if self.state.asked:
            return "was asked and has not answered yet."
        return "was not asked about this session yet." if self.may_be_asked else "was not asked about this session."

    @property
    def refusal(self) -> str:
        return why_not_ask(self.session, self.now, is_answered=self.is_answered)

    @property
    def may_be_asked(self) -> bool:
        return not self.refusal

    @cached_property
    def open_links(self) -> list[ClientLink]:
        links = ClientLink.objects.editable_by(self.user, self.now).usable(self.now).filter(session=self.session)
        return list(links.order_by("created_at"))

    @property
    def remind_days(self) -> int:
        """How many days after an e-mail its one reminder follows, where the link still works."""
        return REMIND_AFTER.days

    @property
    def stopped_at(self) -> datetime | None:
        return self.client.invitations_stopped_at

    @property
    def may_mail(self) -> bool:
        """Whether the client has an e-mail address, there is a mail server, and no e-mailed link still works."""
        return bool(self.client.email and settings.EMAIL_HOST) and not any(link.mailed_at for link in self.open_links)
