"""Standing: what lists show of an episode, recomputed from its stored series with every write."""

from collections.abc import Iterable
from datetime import datetime
from itertools import takewhile
from typing import Any

from clients.models import Episode
from ratings.analysis.scores import all_scores
from ratings.analysis.usual import usual_levels
from ratings.elements import COMPONENTS, ELEMENTS
from ratings.models import Rater, Rating, Standing

RECENT = 12
LEVELS = ("overall", *ELEMENTS, *COMPONENTS)


def series(episode: Episode) -> list[Rating]:
    """Return the clinician's and the client's ratings of the episode, in session order: one query."""
    ratings = Rating.objects.filter(
        session__episode=episode, session__voided_at=None, rater__in=[Rater.CLINICIAN, Rater.CLIENT]
    )
    return list(ratings.select_related("session").order_by("session__starts_at", "session_id"))


def document(ratings: Iterable[Rating]) -> dict[str, Any]:
    """Return what lists show of one rater form's series; empty without a rating."""
    ratings = list(ratings)
    if not ratings:
        return {}
    scores = [all_scores(rating.items) for rating in ratings]
    overall = [each["overall"] for each in scores]
    own = scores[-len(since_hand_on(ratings)) :]
    usual = {key: [level for level in usual_levels([each[key] for each in own]) if level] for key in LEVELS}
    now = usual["overall"][-1] if usual["overall"] else None
    levels = {key: found[-1].next_level if found else None for key, found in usual.items()}
    return {
        "rated_at": ratings[-1].session.starts_at.isoformat(),
        "scores": scores[-1],
        "rated": len(ratings),
        "recent": overall[-RECENT:],
        "levels": levels,
        "from_usual": known({key: difference(scores[-1][key], levels[key]) for key in LEVELS}),
        "scale": now.next_scale if now else None,
    } | known({"change": change(overall)})


def known(values: dict[str, float | None]) -> dict[str, float]:
    """Leave out what has no value: lists sort by these, and engines differ on the place of a JSON null."""
    return {key: value for key, value in values.items() if value is not None}


def since_hand_on(ratings: list[Rating]) -> list[Rating]:
    """Return the newest ratings by one and the same author: a usual level starts anew with another clinician."""
    return list(takewhile(lambda rating: rating.author_id == ratings[-1].author_id, reversed(ratings)))


def change(overall: list[float | None]) -> float | None:
    """Return the latest overall score minus the one before it; None unless the last two rated sessions have one."""
    return difference(overall[-1], overall[-2]) if len(overall) > 1 else None


def difference(score: float | None, other: float | None) -> float | None:
    return None if score is None or other is None else score - other


def standing_of(episode: Episode, now: datetime) -> Standing:
    """Return the episode's standing as it should be now, not saved."""
    ratings = series(episode)
    opened = [rating for rating in ratings if rating.is_open(now)]
    waiting = [rating.opens_at for rating in ratings if not rating.is_open(now)]
    forms = {rater: [rating for rating in opened if rating.rater == rater] for rater in (Rater.CLINICIAN, Rater.CLIENT)}
    return Standing(
        episode=episode,
        last_rated_at=max((rating.session.starts_at for rating in opened), default=None),
        absorbs_at=min(waiting, default=None),
        clinician=document(forms[Rater.CLINICIAN]),
        client=document(forms[Rater.CLIENT]),
    )


def refresh_standing(episode: Episode, now: datetime) -> Standing:
    """Recompute and store the standing. The caller holds the episode's lock."""
    standing = standing_of(episode, now)
    fields = {field.name: getattr(standing, field.name) for field in Standing._meta.concrete_fields[1:]}  # noqa: SLF001
    Standing.objects.update_or_create(episode=episode, defaults=fields)
    return standing


def differs(episode: Episode, now: datetime) -> bool:
    """Whether the stored standing is not what its ratings say."""
    stored = Standing.objects.filter(episode=episode).first()
    fresh = standing_of(episode, now)
    if stored is None:
        return bool(fresh.clinician or fresh.client or fresh.absorbs_at)
    names = [field.name for field in Standing._meta.concrete_fields[1:]]  # noqa: SLF001
    return any(getattr(stored, name) != getattr(fresh, name) for name in names)
