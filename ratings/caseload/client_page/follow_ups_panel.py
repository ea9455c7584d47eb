"""Follow-ups of a client on the client's page, and what supervision decided."""

from dataclasses import dataclass
from functools import cached_property

from ratings.caseload.client_page.visible_episode import VisibleEpisode
from ratings.models import AgendaItem, FollowUp


@dataclass
class FollowUpsPanel:
    """The follow-ups of one episode and the decisions about it, as this person may see them."""

    visible: VisibleEpisode

    @cached_property
    def all(self) -> list[FollowUp]:
        found = FollowUp.objects.visible_to(self.visible.user, self.visible.now).filter(episode=self.visible.episode)
        return list(found.with_people(self.visible.now))

    @property
    def open(self) -> list[FollowUp]:
        return [each for each in self.all if each.is_open]

    @property
    def done(self) -> list[FollowUp]:
        """Those done, the newest first."""
        return [each for each in reversed(self.all) if not each.is_open]

    @cached_property
    def decisions(self) -> list[AgendaItem]:
        """What supervision decided about this client, the newest first."""
        items = AgendaItem.objects.visible_to(self.visible.user, self.visible.now)
        return list(items.filter(episode=self.visible.episode).decided())
