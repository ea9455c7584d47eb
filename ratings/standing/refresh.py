"""The standing: the row of an episode that lists read, recomputed from its stored series with every write."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from clients.actions import lock_episode
from clients.models import Episode
from ratings.analysis.alarms import GAP_PAIRS
from ratings.analysis.reading import RATERS
from ratings.analysis.usual import band_of_next
from ratings.elements import COMPONENTS, ELEMENTS, ITEMS
from ratings.models import Rater, Rating, Rupture, Signal, SignalPause, Standing
from ratings.standing.reconcile import listed_signals, reconcile
from ratings.standing.series import Series, series_of

RECENT = 12
CLOSINGS = ("closed_at", "withdrawn_at")
LEVELS = ("overall", *ELEMENTS, *COMPONENTS)


def rater_document(series: Series, rater: str) -> dict[str, Any]:
    """Return what lists show of one rater's series; empty without a rating."""
    reading = series.reading
    rated = [(index, answers.scores) for index, answers in enumerate(reading.answers(rater)) if answers]
    if not rated:
        return {}
    (index, scores), recent = rated[-1], [each["overall"] for _, each in rated[-RECENT:]]
    latest = reading.levels[rater][index]
    newest = {key: reading.newest(rater, key) for key in LEVELS}
    levels = {key: usual.next_level if usual else None for key, usual in newest.items()}
    return {
        "rated_at": series.held[index].starts_at.isoformat(),
        "scores": scores,
        "rated": len(rated),
        "recent": recent,
        "levels": levels,
        "from_usual": without_none({key: difference(scores[key], levels[key]) for key in LEVELS}),
        "band": list(band_of_next(newest["overall"])) if newest["overall"] else None,
    } | without_none({"change": change_of_last(recent), "z": latest and latest.z, "flag": latest and latest.flag})


def without_none(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what has no value: lists sort by these, and databases differ on where a JSON null sorts."""
    return {key: value for key, value in values.items() if value is not None}


def change_of_last(overall: list[float | None]) -> float | None:
    """Return the latest overall score minus the one before it; None unless the last two rated sessions have one."""
    return difference(overall[-1], overall[-2]) if len(overall) > 1 else None


def difference(score: float | None, other: float | None) -> float | None:
    return None if score is None or other is None else score - other


def pair_document(series: Series) -> dict[str, Any]:
    """Return, as `pair`, the overall scores of the last session with both, and the usual gap before it."""
    gaps = series.reading.gaps
    last = next((index for index in reversed(range(len(gaps))) if gaps[index][0] is not None), None)
    if last is None:
        return {}
    _, usual, earlier = gaps[last]
    pair: dict[str, Any] = {rater: series.reading.scores[rater][last] for rater in RATERS}
    pair["at"] = series.held[last].starts_at.isoformat()
    return {"pair": pair | without_none({"usual": usual if earlier >= GAP_PAIRS else None})}


def strain_document(series: Series, rupture: Rupture | None) -> dict[str, Any]:
    """Return what lists show of the open strain: since when, its state, which items fell; empty without one."""
    if rupture is None:
        return {}
    fallen = series.reading.fell_most(rupture.form, series.index[rupture.session_id])
    return {
        "since": series.held[series.index[rupture.session_id]].starts_at.isoformat(),
        "state": rupture.state,
        "items": [item.key for item in ITEMS if item.element in fallen],
        "repair_proposed": rupture.repair_proposed_id is not None,
    }


def standing_of(series: Series, signals: list[Signal], rupture: Rupture | None, *, paused: bool) -> Standing:
    """Return the episode's standing as it should be, not saved."""
    rated_at = [session.starts_at for session in series.held if series.opened(session)]
    documents = {rater: rater_document(series, rater) for rater in RATERS}
    documents[Rater.CLIENT] |= pair_document(series)
    listed = [] if paused else listed_signals(signals)
    ranked = [(signal.of_rule.rank, signal.opened_at) for signal in listed if signal.of_rule.rank is not None]
    first = min(ranked, default=(None, None))
    return Standing(
        episode=series.episode,
        last_rated_at=max(rated_at, default=None),
        absorbs_at=series.changes_at,
        triage_rank=first[0],
        triage_since=first[1],
        open_signals=len(listed),
        signals=[signal.summary for signal in listed],
        strain=strain_document(series, rupture),
        clinician=documents[Rater.CLINICIAN],
        client=documents[Rater.CLIENT],
    )


def refresh_standing(episode: Episode, now: datetime) -> Standing:
    """Recompute and store what the ratings say: ruptures, signals, standing. The caller holds the episode's lock."""
    series = series_of(episode, now)
    signals, rupture = reconcile(series)
    paused = SignalPause.objects.filter(episode=episode, resumed_at=None).exists()
    standing = standing_of(series, signals, rupture, paused=paused)
    columns = [field.name for field in Standing._meta.concrete_fields[1:]]  # noqa: SLF001
    Standing.objects.bulk_create([standing], update_conflicts=True, unique_fields=["episode"], update_fields=columns)
    return standing


def refresh_if_due(episode: Episode, now: datetime) -> bool:
    """Recompute a standing that time has made out of date (a rating opened, a session was held); whether it was."""
    standing = getattr(episode, "standing", None)
    if standing is None or standing.absorbs_at is None or standing.absorbs_at > now:
        return False
    with transaction.atomic():
        episode.standing = refresh_standing(lock_episode(episode), now)
    return True


@transaction.atomic
def rebuild_standing(episode: Episode, now: datetime, *, write: bool) -> bool:
    """Recompute what the stored ratings say; whether what stood there differed. Changes nothing unless `write`."""
    episode = lock_episode(episode)
    before = derived_rows(episode)
    own = Rating.objects.filter(session=OuterRef("pk"), rater=Rater.CLINICIAN)
    episode.sessions.update(rated=Exists(own))
    refresh_standing(episode, now)
    differed = derived_rows(episode) != before
    if not write:
        transaction.set_rollback(True)
    return differed


def derived_rows(episode: Episode) -> list[list[dict[str, Any]]]:
    """Return all derived rows of the episode; of a time of closing only whether there is one."""
    sessions = [dict[str, Any](row) for row in episode.sessions.order_by("pk").values("pk", "rated")]
    rows = [model.objects.filter(episode=episode).order_by("pk").values() for model in (Standing, Signal, Rupture)]
    return [sessions, *([row | {name: row.get(name) is None for name in CLOSINGS} for row in each] for each in rows)]
