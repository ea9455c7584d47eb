"""The client's page: one episode as a figure, in sentences and as a table, each part in a panel of its own."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.http import QueryDict

from alliance_tracker.accounts.models import User
from clients.actions import current_clinician
from clients.models import Client, Episode, TherapySession
from ratings.analysis.chance import NO_REASSURANCE
from ratings.caseload.brief import Line, brief
from ratings.caseload.client_page.asking_panel import AskingPanel
from ratings.caseload.client_page.figure_panel import FigurePanel
from ratings.caseload.client_page.follow_ups_panel import FollowUpsPanel
from ratings.caseload.client_page.observers_panel import ObserversPanel
from ratings.caseload.client_page.pair_panel import PairPanel
from ratings.caseload.client_page.sessions_table import SessionsTable
from ratings.caseload.client_page.signals_panel import SignalsPanel
from ratings.caseload.client_page.strains_panel import StrainsPanel
from ratings.caseload.client_page.usual_range import UsualRange
from ratings.caseload.client_page.visible_episode import VisibleEpisode
from ratings.caseload.timeline import Entry, Timeline, episodes_of
from ratings.elements import NOT_VALIDATED
from ratings.models import Rectification

SHOWN = 26


@dataclass
class ClientPage:
    """One client as this person may see them now; `options` are those of the address, unknown ones ignored."""

    client: Client
    user: User
    now: datetime
    options: QueryDict

    not_validated = NOT_VALIDATED

    @cached_property
    def episodes(self) -> list[Episode]:
        """The client's therapies, the newest first."""
        return episodes_of(self.client, self.user)

    @cached_property
    def episode(self) -> Episode:
        """The therapy that the address names, else the newest."""
        wanted = self.options.get("episode", "")
        return next((episode for episode in self.episodes if str(episode.pk) == wanted), self.episodes[0])

    @cached_property
    def visible(self) -> VisibleEpisode:
        return VisibleEpisode(self.client, self.episode, self.user, self.now)

    @property
    def is_mine(self) -> bool:
        return self.visible.is_mine

    @property
    def is_supervised(self) -> bool:
        return self.visible.is_supervised

    @property
    def is_responsible(self) -> bool:
        return self.is_mine or self.is_supervised

    @property
    def full(self) -> Timeline:
        """All past sessions of the therapy."""
        return self.visible.timeline

    @cached_property
    def shows_all(self) -> bool:
        return self.options.get("sessions") == "all" or len(self.full.held) <= SHOWN

    @cached_property
    def shown(self) -> Timeline:
        """The sessions in the figure and in the table."""
        return self.full if self.shows_all else self.full.last(SHOWN)

    @cached_property
    def usual_range(self) -> UsualRange:
        return UsualRange(self.visible)

    @cached_property
    def strains(self) -> StrainsPanel:
        return StrainsPanel(self.visible)

    @cached_property
    def signals(self) -> SignalsPanel:
        return SignalsPanel(self.visible)

    @cached_property
    def trend(self) -> FigurePanel:
        split, by_date = self.options.get("split") == "1", self.options.get("by") == "date"
        return FigurePanel(self.visible, self.shown, self.usual_range, self.strains, split, by_date)

    @cached_property
    def pairs(self) -> PairPanel:
        return PairPanel(self.visible)

    @property
    def no_signal(self) -> str:
        """Say what it means that no signal is open, in agreement with the other panels."""
        if not self.full.rated:
            return "No ratings yet."
        if self.strains.open:
            said = "No signal is open beside the strain."
        elif self.pairs.stands_out:
            said = f"No signal is open. {self.pairs.stands_out}"
        else:
            said = "Nothing stands out in these ratings."
        return f"{said} {NO_REASSURANCE}"

    @cached_property
    def sessions(self) -> SessionsTable:
        return SessionsTable(self.visible, self.shown, self.strains)

    @cached_property
    def observers(self) -> ObserversPanel:
        return ObserversPanel(self.visible)

    @cached_property
    def asking(self) -> AskingPanel:
        return AskingPanel(self.visible)

    @cached_property
    def follow_ups(self) -> FollowUpsPanel:
        return FollowUpsPanel(self.visible)

    @cached_property
    def brief(self) -> list[Line]:
        """The five lines before the next session."""
        standing = getattr(self.episode, "standing", None)
        if standing is None:
            return []
        noted = [entry.clinician for entry in self.full.held if entry.clinician and entry.clinician.note]
        starts = [entry.session.starts_at for entry in self.full.held if entry.session.starts_at <= self.now]
        coming = next((session.starts_at for session in self.visible.coming if session.counts), None)
        names = {str(rater): name for rater, name in self.visible.names_in_sentences.items()}
        return brief(standing, noted[-1] if noted else None, starts[-1] if starts else None, coming, **names)

    @cached_property
    def clinician(self) -> User:
        return current_clinician(self.episode)

    @property
    def pattern(self) -> str:
        """Say when the sessions are: "Mondays at 10:00, in person"."""
        where = self.episode.get_modality_display().lower()
        if self.episode.weekday is None:
            return f"No weekly pattern, {where}"
        return f"{self.episode.get_weekday_display()}s at {self.episode.weekly_at:%H:%M}, {where}"

    @cached_property
    def rectifications(self) -> list[Rectification]:
        """What the client disagrees with in the record, newest first."""
        noted = Rectification.objects.visible_to(self.user, self.now).filter(client=self.client)
        return list(noted.select_related("added_by").order_by("-added_at", "-pk"))

    @property
    def planned(self) -> list[TherapySession]:
        return self.visible.planned

    @property
    def next_to_rate(self) -> Entry | None:
        """The oldest session that waits for a rating, of this clinician's own client."""
        return next(iter(self.full.unrated), None) if self.is_mine else None
