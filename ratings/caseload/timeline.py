"""One episode, session by session, as a person on the staff may see it now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q

from alliance_tracker.accounts.models import User
from clients.models import Attendance, Client, Episode, TherapySession
from ratings.analysis.scores import answered
from ratings.analysis.words import spoken
from ratings.asking.asked import NOT_ASKED, AskedState, asked_states
from ratings.elements import COMPONENTS, ELEMENTS, ITEM_KEYS
from ratings.figures.points import Mark, Point
from ratings.models import Rater, Rating

COLUMNS = (
    ("overall", "Overall", False),
    ("working_alliance", ELEMENTS["working_alliance"], False),
    *((key, name, True) for key, name in COMPONENTS.items()),
    *((key, key.capitalize(), False) for key in ELEMENTS if key != "working_alliance"),
)
DECIMALS = {"overall": 1, "working_alliance": 1}
NOT_OBSERVED, NO_RATING = "n/o", "–"  # noqa: RUF001


def written(scores: dict[str, float | None], key: str) -> str:
    """Write one score of a rating as tables do."""
    score = scores[key]
    return NOT_OBSERVED if score is None else spoken(score, DECIMALS.get(key, 0))


@dataclass(frozen=True)
class Entry:
    """One past session: its number when it was held, the ratings that may be seen, and who held it.

    `asked` says whether its client was asked for a rating, and what came of it.
    """

    session: TherapySession
    number: int | None
    ratings: Sequence[Rating]
    clinician_name: str
    asked: AskedState

    @cached_property
    def by_rater(self) -> dict[str, Rating]:
        """The clinician's rating and the client's."""
        return {rating.rater: rating for rating in self.ratings if rating.rater != Rater.OBSERVER}

    @cached_property
    def observed(self) -> list[Rating]:
        """The ratings of those who watched or listened, oldest first. They are shown apart."""
        ratings = [rating for rating in self.ratings if rating.rater == Rater.OBSERVER]
        return sorted(ratings, key=lambda rating: rating.pk)

    def may_be_observed(self, user: User, now: datetime) -> bool:
        """Whether a supervisor of the client may add a rating of their own."""
        mine = user.pk in {rating.author_id for rating in self.observed}
        begun = bool(self.number) and self.session.starts_at <= now
        return begun and not mine and self.session.clinician_id != user.pk

    @property
    def clinician(self) -> Rating | None:
        return self.by_rater.get(Rater.CLINICIAN)

    @property
    def client(self) -> Rating | None:
        return self.by_rater.get(Rater.CLIENT)

    @property
    def is_hidden(self) -> bool:
        """Whether the client has answered and the answers are still hidden."""
        return self.asked.answered and not self.client

    @cached_property
    def scores(self) -> dict[str, dict[str, float | None]]:
        return {rater: rating.answers.scores for rater, rating in self.by_rater.items()}

    def score(self, rater: str, key: str) -> float | None:
        return self.scores.get(rater, {}).get(key)

    @property
    def is_late(self) -> bool:
        return bool(self.clinician and self.session.is_late(self.clinician.saved_at))

    @property
    def changed_after_comparison(self) -> bool:
        """Whether the clinician's rating was corrected when the client's could be seen beside it."""
        if not (self.client and self.clinician and self.clinician.corrected_at and self.client.opens_at):
            return False
        return self.clinician.corrected_at >= self.client.opens_at

    @property
    def cells(self) -> list[tuple[str, str, bool]]:
        """What the table prints of each column: the clinician's score, the client's, and whether it is a component."""
        return [(self.cell(Rater.CLINICIAN, key), self.cell(Rater.CLIENT, key), part) for key, _, part in COLUMNS]

    def cell(self, rater: str, key: str) -> str:
        return written(self.scores[rater], key) if rater in self.by_rater else NO_RATING

    @property
    def strain_reports(self) -> list[tuple[str, Rating]]:
        """The ratings that report a strain, each with who gave it."""
        raters = [("Clinician", self.clinician), ("Client", self.client)]
        return [(who, rating) for who, rating in raters if rating and rating.strain not in {"", "none"}]

    def mark(self, rater: str) -> Mark | None:
        rating = self.by_rater.get(rater)
        if rating is None:
            return None
        partial = answered(rating.items) < len(ITEM_KEYS)
        return Mark(self.scores[rater], late=self.session.is_late(rating.saved_at), partial=partial)

    @cached_property
    def point(self) -> Point:
        return Point(
            number=self.number or 0,
            date=self.session.day,
            clinician=self.mark(Rater.CLINICIAN),
            client=self.mark(Rater.CLIENT),
            clinician_name=self.clinician_name,
        )


@dataclass(frozen=True)
class Timeline:
    """The past sessions of one episode, oldest first."""

    episode: Episode
    entries: Sequence[Entry]

    @cached_property
    def held(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.number]

    @cached_property
    def rated(self) -> list[Entry]:
        return [entry for entry in self.held if entry.by_rater]

    @cached_property
    def pairs(self) -> list[Entry]:
        """The sessions that both rated."""
        return [entry for entry in self.held if entry.clinician and entry.client]

    @cached_property
    def missed(self) -> list[date]:
        return [entry.session.day for entry in self.entries if entry.session.attendance == Attendance.MISSED]

    @cached_property
    def unrated(self) -> list[Entry]:
        return [entry for entry in self.held if not entry.clinician and not entry.session.not_rated_reason]

    def overall(self, rater: str) -> list[float | None]:
        return [entry.score(rater, "overall") for entry in self.held if rater in entry.by_rater]

    def last(self, count: int) -> "Timeline":
        """Return the same episode from its last `count` held sessions on."""
        first = self.held[-count].session.starts_at if len(self.held) > count else None
        return Timeline(self.episode, [e for e in self.entries if first is None or e.session.starts_at >= first])


def timeline_of(episode: Episode, user: User, now: datetime) -> Timeline:
    """Return the episode's past sessions with the ratings that this person may see. Four queries."""
    shown = Rating.objects.opened(now).annotate(author_name=F("author__name"))
    is_rated = Exists(Rating.objects.filter(session=OuterRef("pk")))
    sessions = TherapySession.objects.visible_to(user, now).filter(episode=episode, voided_at=None)
    loaded = list(
        sessions.filter(Q(starts_at__lte=now) | is_rated)
        .annotate(clinician_name=F("clinician__name"))
        .prefetch_related(Prefetch("ratings", shown, to_attr="open_ratings"))
        .order_by("starts_at", "pk")
    )
    asked = asked_states(episode.sessions.all(), now)
    entries, number = [], 0
    for session in loaded:
        number += session.counts
        entries.append(entry_of(session, number if session.counts else None, asked.get(session.pk, NOT_ASKED)))
    return Timeline(episode, entries)


def entry_of(session: Any, number: int | None, asked: AskedState) -> Entry:
    """Read a session that was loaded with `open_ratings` and `clinician_name`."""
    return Entry(session, number, session.open_ratings, session.clinician_name, asked)


def coming_sessions(episode: Episode, user: User, now: datetime) -> list[TherapySession]:
    """Return the sessions still to come and not rated ahead of their hour, cancelled ones too, the next first."""
    sessions = TherapySession.objects.visible_to(user, now).filter(episode=episode, voided_at=None, ratings=None)
    return list(sessions.filter(starts_at__gt=now).order_by("starts_at"))


def episodes_of(client: Client, user: User) -> list[Episode]:
    """Return the therapies of a client that this person may see, the newest first."""
    return list(
        Episode.objects.visible_to(user).filter(client=client).select_related("standing").order_by("-started_on", "-pk")
    )
