"""What the client's page shows: one episode as a figure, in sentences and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.safestring import SafeString

from alliance_tracker.accounts.models import User
from clients.actions import current_clinician
from clients.models import Client, Episode, TherapySession
from ratings.analysis.words import LEAST_FOR_TREND, series_sentence
from ratings.asking.asked import Asked, is_ask_due
from ratings.caseload.brief import brief
from ratings.caseload.client_raters import Observed, Pairs, observed_in
from ratings.caseload.client_watch import Watch
from ratings.caseload.drawn_figure import script_json, svg
from ratings.caseload.timeline import COLUMNS, Entry, Timeline, coming_sessions, episodes_of, timeline_of
from ratings.elements import COMPONENTS, ELEMENTS, NOT_VALIDATED
from ratings.figures.trend import trend
from ratings.models import AgendaItem, FollowUp, Rater, Rectification

SHOWN = 26
PLANNED_SHOWN = 4


@dataclass
class ClientPage:
    """One client as this person may see them now; `options` are those of the address, unknown ones ignored."""

    client: Client
    user: User
    now: datetime
    options: QueryDict

    @cached_property
    def episodes(self) -> list[Episode]:
        return episodes_of(self.client, self.user)

    @cached_property
    def episode(self) -> Episode:
        wanted = self.options.get("episode", "")
        return next((episode for episode in self.episodes if str(episode.pk) == wanted), self.episodes[0])

    @cached_property
    def is_mine(self) -> bool:
        return Client.objects.editable_by(self.user, self.now).contains(self.client)

    @cached_property
    def is_supervised(self) -> bool:
        return Client.objects.supervised_by(self.user, self.now).contains(self.client)

    @property
    def is_responsible(self) -> bool:
        return self.is_mine or self.is_supervised

    @cached_property
    def full(self) -> Timeline:
        return timeline_of(self.episode, self.user, self.now)

    @cached_property
    def watch(self) -> Watch:
        return Watch(self.episode, self.user, self.now, self.full)

    @cached_property
    def shows_all(self) -> bool:
        return self.options.get("sessions") == "all" or len(self.full.held) <= SHOWN

    @cached_property
    def timeline(self) -> Timeline:
        return self.full if self.shows_all else self.full.last(SHOWN)

    @property
    def split(self) -> bool:
        return self.options.get("split") == "1"

    @property
    def by_date(self) -> bool:
        return self.options.get("by") == "date"

    @cached_property
    def labels(self) -> tuple[str, str]:
        """Name the clinician and the client as this person would."""
        return ("you" if self.is_mine else "clinician", self.client.name or "client")

    @cached_property
    def drawn(self) -> dict[str, Any] | None:
        """The figure of both drawings; None before the first rating."""
        if not self.timeline.rated:
            return None
        return trend(
            [entry.point for entry in self.timeline.held],
            elements=list(ELEMENTS.items()),
            parts=list(COMPONENTS.items()),
            labels=self.labels,
            missed=self.timeline.missed,
            band=self.watch.band(self.timeline.held),
            strains=self.watch.strains(self.timeline.held),
            split=self.split,
            by_date=self.by_date,
        )

    @cached_property
    def figure(self) -> SafeString | None:
        """The figure as JSON for a script element, for Plotly to draw."""
        return script_json(self.drawn) if self.drawn else None

    @cached_property
    def svg(self) -> SafeString:
        """The figure as the server draws it: there at once, on paper, and without JavaScript."""
        told = " ".join([*self.sentences, "All values are in the table below."])
        return svg(self.drawn or {}, told)

    @cached_property
    def told(self) -> dict[str, str]:
        """Name each rater within a sentence."""
        clinician = "you" if self.is_mine else "the clinician"
        return {Rater.CLINICIAN: clinician, Rater.CLIENT: self.client.name or "the client"}

    @cached_property
    def sentences(self) -> list[str]:
        """Say in words what each rater's ratings show so far."""
        said = [series_sentence(who, self.full.overall(rater)) for rater, who in self.told.items()]
        return [sentence for sentence in said if sentence]

    @cached_property
    def figure_has_band(self) -> bool:
        return any(self.watch.band(self.timeline.held))

    @property
    def band_leans(self) -> bool:
        """Whether the usual range still leans on other clients' ratings."""
        return len(self.full.rated) < LEAST_FOR_TREND

    @cached_property
    def strain_number(self) -> int | None:
        rupture = self.watch.open_rupture
        return self.watch.numbers.get(rupture.session_id) if rupture else None

    @cached_property
    def brief(self) -> list[tuple[str, str]]:
        """The five lines before the next session."""
        standing = getattr(self.episode, "standing", None)
        if standing is None:
            return []
        noted = [entry.clinician for entry in self.full.held if entry.clinician and entry.clinician.note]
        starts = [entry.session.starts_at for entry in self.full.held if entry.session.starts_at <= self.now]
        coming = next((session.starts_at for session in self.coming if session.counts), None)
        return brief(standing, noted[-1] if noted else None, starts[-1] if starts else None, coming)

    @cached_property
    def follow_ups(self) -> list[FollowUp]:
        found = FollowUp.objects.visible_to(self.user, self.now).filter(episode=self.episode)
        return list(found.with_people(self.now))

    @property
    def open_follow_ups(self) -> list[FollowUp]:
        return [each for each in self.follow_ups if each.is_open]

    @property
    def done_follow_ups(self) -> list[FollowUp]:
        """Those done, the newest first."""
        return [each for each in reversed(self.follow_ups) if not each.is_open]

    @cached_property
    def decisions(self) -> list[AgendaItem]:
        """What supervision decided about this client, the newest first."""
        return list(AgendaItem.objects.visible_to(self.user, self.now).filter(episode=self.episode).decided())

    @property
    def columns(self) -> Sequence[tuple[str, str, bool]]:
        return COLUMNS

    @property
    def latest(self) -> Episode:
        return self.episodes[0]

    @cached_property
    def clinician(self) -> User:
        return current_clinician(self.episode)

    @property
    def pattern(self) -> str:
        """Say when the sessions are: "Weekly, Mondays at 10:00, in person"."""
        where = self.episode.get_modality_display().lower()
        if self.episode.weekday is None:
            return f"No weekly pattern, {where}"
        return f"{self.episode.get_weekday_display()}s at {self.episode.weekly_at:%H:%M}, {where}"

    @property
    def has_client_ratings(self) -> bool:
        return any(entry.client for entry in self.timeline.held)

    @cached_property
    def observable(self) -> set[UUID]:
        """The sessions of which this supervisor may add an observer's rating."""
        entries = self.timeline.held if self.is_supervised else []
        return {entry.session.pk for entry in entries if entry.may_be_observed(self.user, self.now)}

    @cached_property
    def observed(self) -> list[Observed]:
        return observed_in(self.full.held, self.user)

    @cached_property
    def rectifications(self) -> list[Rectification]:
        """What the client disagrees with in the record, newest first."""
        noted = Rectification.objects.visible_to(self.user, self.now).filter(client=self.client)
        return list(noted.select_related("added_by").order_by("-added_at", "-pk"))

    @cached_property
    def pairs(self) -> Pairs:
        """The sessions that both rated."""
        return Pairs(self.full.pairs, self.user, self.told[Rater.CLIENT])

    @cached_property
    def hidden(self) -> list[Entry]:
        """The sessions whose client has answered and whose answers are still hidden."""
        return [entry for entry in self.full.held if entry.is_hidden]

    @cached_property
    def asked(self) -> Asked:
        """How often the client was asked in this therapy, and what came of it."""
        return Asked.count(entry.session for entry in self.full.held if entry.session.starts_at <= self.now)

    @cached_property
    def to_ask(self) -> TherapySession | None:
        """The session to ask the client about: the last held one, else one to come today; none that was answered."""
        number = len(self.full.held)
        found = [entry.session for entry in self.full.held[-1:] if not entry.session.is_answered]
        if not found:
            found = [session for session in self.planned[:1] if session.counts and session.is_due(self.now)]
            number += 1
        if not (found and self.is_mine and self.episode.is_open):
            return None
        session, self.episode.client = found[0], self.client
        session.number, session.episode = number, self.episode
        session.ask_due = is_ask_due(session, self.now)
        return session

    @property
    def not_validated(self) -> str:
        return NOT_VALIDATED

    @property
    def newest_first(self) -> list[tuple[Entry, list[str]]]:
        """The rows of the table, each with its marks of rupture and repair."""
        return [(entry, self.watch.marks(entry)) for entry in reversed(self.timeline.entries)]

    @cached_property
    def coming(self) -> list[TherapySession]:
        return coming_sessions(self.episode, self.user, self.now)

    @property
    def planned(self) -> list[TherapySession]:
        """The next sessions still to come, for the clinician who may change them."""
        return self.coming[:PLANNED_SHOWN] if self.is_mine else []

    @property
    def next_to_rate(self) -> TherapySession | None:
        """The oldest session that waits for a rating, of this clinician's own client."""
        waiting = self.full.unrated if self.is_mine else []
        return waiting[0].session if waiting else None

    @property
    def next_number(self) -> int | None:
        return self.full.unrated[0].number if self.next_to_rate else None
