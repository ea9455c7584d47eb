"""What the pages of a clinician show of the question to a client: whether it was asked, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings

from alliance_tracker.accounts.models import User
from clients.models import Client, TherapySession
from ratings.coverage import with_answers
from ratings.models import ClientLink


@dataclass(frozen=True)
class Asking:
    """The question about one session, as its clinician may know it: never what was answered."""

    session: TherapySession
    user: User
    now: datetime

    @property
    def client(self) -> Client:
        return self.session.episode.client

    @cached_property
    def state(self) -> TherapySession:
        return with_answers(TherapySession.objects.editable_by(self.user, self.now), self.now).get(pk=self.session.pk)

    @property
    def is_answered(self) -> bool:
        return self.state.is_answered

    @property
    def words(self) -> str:
        """Say what became of the question so far, in a sentence about the client."""
        if self.state.is_answered:
            return "has answered for this session."
        if self.state.is_declined:
            return "was asked, and would rather not answer this time."
        return "was asked and has not answered yet." if self.state.is_asked else "was not asked about this session yet."

    @property
    def may_be_asked(self) -> bool:
        return self.session.counts and self.session.is_due(self.now) and not self.state.is_answered

    @cached_property
    def open_links(self) -> list[ClientLink]:
        links = ClientLink.objects.editable_by(self.user, self.now).usable(self.now).filter(session=self.session)
        return list(links.order_by("created_at"))

    @property
    def stopped_at(self) -> datetime | None:
        return self.client.invitations_stopped_at

    @property
    def may_mail(self) -> bool:
        """Whether the client has an e-mail address, there is a mail server, and no e-mailed link still works."""
        return bool(self.client.email and settings.EMAIL_HOST) and not any(link.mailed_at for link in self.open_links)
