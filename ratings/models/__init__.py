from ratings.models.link import CODE_LASTS, HAND_OVER_LASTS, REMIND_AFTER, ClientLink
from ratings.models.privacy import LegalHold, Rectification, Tombstone
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
    "CODE_LASTS",
    "DRAFT_LASTS",
    "FREE_EDIT",
    "HAND_OVER_LASTS",
    "OPENS_AFTER",
    "REMIND_AFTER",
    "Channel",
    "ClientLink",
    "LegalHold",
    "PriorVersion",
    "Rater",
    "Rating",
    "RatingDraft",
    "RatingVersion",
    "Rectification",
    "Rupture",
    "RuptureEvent",
    "Signal",
    "SignalPause",
    "Standing",
    "Tombstone",
]
