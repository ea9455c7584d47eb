"""The brief: five lines to read before the next session, from the standing of an episode."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.models import Episode, TherapySession
from ratings.analysis.repair_prompts import prompts_for
from ratings.analysis.words import compared, spoken, than
from ratings.caseload.lists import OpenSignal
from ratings.models import Rater, Rating, Standing
from ratings.models.signal import State

Line = tuple[str, str]
THE_CLIENT, THE_CLINICIAN = "the client", "the clinician"


def day(moment: str | datetime) -> str:
    """Write the local day of a moment: "3 Nov"."""
    when = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    local: date = timezone.localtime(when).date()
    return f"{local.day} {local:%b}"


def last_rating(document: dict[str, Any]) -> str:
    """Give the clinician's latest overall score, beside the one before it."""
    if not document:
        return "No rating yet."
    overall, change = document["scores"]["overall"], document.get("change")
    if overall is None:
        return f"{day(document['rated_at'])}: too few answers for an overall score."
    comparison = f", {compared(overall, overall - change)}" if change is not None else ""
    return f"{day(document['rated_at'])}: overall {spoken(overall)}{comparison}."


def open_strain(strain: dict[str, Any]) -> str:
    """Say since when a strain is open and how it stands, with one thing to ask or try."""
    if not strain:
        return "Nothing open."
    if strain["repair_proposed"]:
        return f"Since {day(strain['since'])}. The ratings are back in the usual range twice running. Is it repaired?"
    stands = State(strain["state"]).label.lower()
    prompts = prompts_for(strain["items"], 1)
    return f"Since {day(strain['since'])}, {stands}. " + (f"To ask or try: {prompts[0]}" if prompts else "")


def gap(pair: dict[str, Any] | None, client: str, clinician: str) -> str:
    """Give the overall scores of the last session that has both, and what difference was usual before it.

    `client` and `clinician` are what the two are called within a sentence.
    """
    if pair is None:
        return "No session yet with an overall score from both."
    own, theirs = pair[Rater.CLINICIAN], pair[Rater.CLIENT]
    usual = f" Until then {client} rated {than(pair['usual'])} {clinician} on average." if "usual" in pair else ""
    return f"{day(pair['at'])}: {client} {spoken(theirs)}, {clinician} {spoken(own)}.{usual}"


@dataclass(frozen=True)
class SessionBrief:
    """The brief of a session still to come: the five lines, and the first open signal."""

    session: TherapySession
    lines: list[Line]
    signal: OpenSignal | None

    @property
    def line(self) -> str:
        """The one line that matters most: the open strain, else the last rating."""
        return dict(self.lines)["Strain" if self.signal else "Last rating"]


def session_briefs(sessions: list[TherapySession], user: User, now: datetime) -> list[SessionBrief]:
    """Return the brief of each of these sessions of this clinician's, with one query for the notes of all."""
    mine = Rating.objects.editable_by(user, now)
    with_note = mine.filter(session__episode=OuterRef("pk"), rater=Rater.CLINICIAN).exclude(note="")
    latest = with_note.order_by("-session__starts_at").values("pk")[:1]
    episodes = Episode.objects.editable_by(user, now).filter(pk__in={session.episode_id for session in sessions})
    noted = mine.filter(pk__in=episodes.values(noted=Subquery(latest))).select_related("session")
    noted = noted.only("note", "session__starts_at", "session__episode")
    by_episode = {rating.session.episode_id: rating for rating in noted}
    found = []
    for session in sessions:
        standing = getattr(session.episode, "standing", None) or Standing()
        note, name = by_episode.get(session.episode_id), session.episode.client.name or THE_CLIENT
        lines = brief(standing, note, standing.last_rated_at, session.starts_at, client=name, clinician="you")
        first = OpenSignal(standing.signals[0]) if standing.signals else None
        found.append(SessionBrief(session, lines, first))
    return found


def brief(
    standing: Standing,
    noted: Rating | None,
    last_session: datetime | None,
    next_session: datetime | None,
    *,
    client: str,
    clinician: str,
) -> list[Line]:
    """Return the five lines, each with its name. `noted` is the clinician's latest rating that has a note.

    `client` and `clinician` are what the two are called within a sentence: "Kit" or "the client", "you".
    """
    note = f"{day(noted.session.starts_at)}: {noted.note}" if noted else "No note yet."
    dates = f"Last session {day(last_session)}." if last_session else "No session yet."
    if next_session:
        dates += f" Next {day(next_session)}, {timezone.localtime(next_session):%H:%M}."
    return [
        ("Last rating", last_rating(standing.clinician)),
        ("Strain", open_strain(standing.strain)),
        ("Gap", gap(standing.client.get("pair"), client, clinician)),
        ("Last note", note),
        ("Dates", dates),
    ]
