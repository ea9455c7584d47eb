from ratings.models.rating import (
    DRAFT_LASTS,
    FREE_EDIT,
    OPENS_AFTER,
    Channel,
    Rater,
    Rating,
    RatingDraft,
    RatingVersion,
    Standing,
)
from ratings.models.signal import PriorVersion, Rupture, RuptureEvent, Signal, SignalPause

__all__ = [
    "DRAFT_LASTS",
    "FREE_EDIT",
    "OPENS_AFTER",
    "Channel",
    "PriorVersion",
    "Rater",
    "Rating",
    "RatingDraft",
    "RatingVersion",
    "Rupture",
    "RuptureEvent",
    "Signal",
    "SignalPause",
    "Standing",
]
